"""Records that come to a sum: for each category a plain way of registering, and the hours that it takes."""

from decimal import Decimal

from shared.policy.examples import ExampleDetails, ExampleRecord, RecordsExample
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource, CompletedCourse, DeliveredHours
from tests.support.examples.desk import Desk

WORDS = "Hours that come to a sum"


def giving(pack: Pack, category: str, amount: Decimal, year: int) -> ExampleRecord:
    """A record that gives so much in a category, in the unit of the pack."""
    source = next(one for one in pack.hours if one.category == category and _is_plain(pack, one))
    conversion = pack.conversion_of(source)
    if conversion is None:
        return ExampleRecord(rule=source.id, year=year, hours=amount)
    factor = conversion.factor(source.mode) if source.mode else conversion.factors[0]
    assert factor is not None, "the pack was checked"
    hours = amount * factor.hours * 100 / (conversion.percent or 100)
    details = None if source.mode else ExampleDetails(mode=factor.id)
    return ExampleRecord(rule=source.id, year=year, hours=hours, details=details)


def _is_plain(pack: Pack, source: AnyHourSource) -> bool:
    """Whether it counts whatever is handed in: without cap, reward, consent or condition on the teacher."""
    reward = pack.reward_of(source)
    return isinstance(source, DeliveredHours | CompletedCourse) and not (
        source.cap is not None
        or source.cycle_cap is not None
        or source.vocational_only
        or source.prior_approval
        or (reward is not None and reward.of_grade(None))
    )


def enough(pack: Pack, cycle: str | None, year: int) -> dict[str, Decimal]:
    """What suffices for a cycle in one year, or for the year by itself: more where that is simpler."""
    asked = pack.cycle(cycle) if cycle else pack.requirement(year)
    assert asked is not None, "something is certified"
    return {name: asked.minima.get(name, asked.total) for name in pack.posted}


async def hand_in_sums(desk: Desk, teacher: str, year: int, sums: dict[str, Decimal]) -> None:
    """Register what comes to the sums of a year, by category."""
    for category, amount in sums.items():
        if amount:
            record = giving(desk.pack, category, amount, year)
            example = RecordsExample(words=f"{WORDS}: {category}", year=year, records=(record,))
            refused = await desk.hand_in(teacher, f"{teacher}-{year}-{category}", example, record)
            assert not refused, (category, refused)
