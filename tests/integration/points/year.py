"""A busy year of few teachers, drawn from a seed: every rule is reached, some acts are withdrawn."""

from datetime import UTC, datetime, timedelta
from random import Random

from points.activities.domain.act import Act
from tests.unit.points.acts import Platform, people

START = datetime(2024, 12, 1, tzinfo=UTC)
SPAN = timedelta(days=60)
"""Over the end of 2024."""


def acts(seed: int) -> list[Act]:
    """A few hundred acts, not in order of time."""
    chance = Random(seed)
    platform, everyone = Platform("north"), people(14)

    def when() -> datetime:
        return START + timedelta(minutes=chance.randrange(SPAN // timedelta(minutes=1)))

    made: list[Act] = []
    for n in range(6):
        host = chance.choice(everyone[:3])
        made += [platform.found(host, f"w{n}", when()), platform.feature(host, f"w{n}", when())]
        made += [platform.join(who, f"w{n}", when()) for who in chance.sample(everyone, 13)]
        for name in (f"s{n}a", f"s{n}b"):
            made.append(platform.create(chance.choice([host, host, host, "P09"]), name, f"w{n}", when()))
            made += [platform.attend(who, name, when()) for who in chance.sample(everyone, 12)]
            made += [platform.outcome(chance.choice(everyone), name, when()) for _ in range(2)]
        made += [
            platform.recommend(
                chance.choice(everyone), f"h{n % 4}", f"w{n}", chance.choice([host, "P05"]), when()
            )
            for _ in range(3)
        ]
    for n in range(9):
        made += [platform.start(chance.choice(everyone[:2]), f"t{n}", when())]
        made += [platform.reply(who, f"t{n}", when()) for who in chance.sample(people(26), 8 + 2 * n)]
        made += [platform.share(chance.choice(everyone[:3]), f"r{n}", f"c{n % 6}", when())]
    for n in range(3):
        for who in [*people(24, "Q"), *people(6, "Q")]:
            made.append(platform.rate(who, f"r{n}", chance.choice([1, 3, 4, 5, 5, 5]), when()))
    made += [platform.withdraw(chance.choice(made), "error", when()) for _ in range(25)]
    return made


def arriving(seed: int, given: list[Act]) -> list[list[Act]]:
    """The acts as they arrive: shuffled, one in ten twice, split into requests of any size."""
    chance = Random(seed)
    order = [*given, *chance.sample(given, len(given) // 10)]
    chance.shuffle(order)
    requests: list[list[Act]] = []
    while order:
        size = chance.choice([1, 3, 20, 90])
        requests.append(order[:size])
        order = order[size:]
    return requests
