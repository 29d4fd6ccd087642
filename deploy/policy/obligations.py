"""Examples of obligations (义务算例), tried on the rules by which the hours service tells how they stand."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from deploy.policy import given
from deploy.policy.given import Pair
from hours.obligations.domain.assessment import Programme, assess
from hours.obligations.domain.standing import Activity, Bound, Days, When
from hours.records.domain.registration import Refused
from shared.policy.examples import ExampleRecord, ObligationExample
from shared.policy.pack import Pack


def obligation_pairs(pack: Pack, example: ObligationExample) -> Iterator[Pair]:
    """What an example says of an obligation, and how it stands."""
    obligation = pack.obligation(example.obligation)
    assert obligation is not None, "the pack was checked"
    activities: list[Activity] = []
    for place, record in enumerate(example.records):
        found = _activity(pack, example, record, f"R{place}")
        if isinstance(found, Refused):
            yield f"records[{place}]", "is taken", found.code
        else:
            activities.append(found)
    bound = Bound(
        role=example.teacher.role, vocational=example.teacher.vocational, joined_on=example.joined_on
    )
    offered = pack.topics.keys() if example.offered is None else example.offered
    standing = assess(
        obligation,
        bound,
        activities,
        When(year=example.year, on=example.on or pack.years.first_day(example.year + 1), years=pack.years),
        Programme(parts=pack.own_parts, offered=offered),
    )
    yield "state", example.state, standing.state
    missing = [check.missing for check in standing.checks]
    yield "missing", _amounts(example.missing), _amounts(missing if any(missing) else ())
    yield "lacking", list(example.lacking), list(standing.lacking)


def _activity(
    pack: Pack, example: ObligationExample, record: ExampleRecord, number: str
) -> Activity | Refused:
    source = pack.source(record.rule)
    if source is None:
        return Refused(code="rule.disabled", check="")
    registration = given.registration(pack, example, record, source)
    worth = given.judged(pack, example, record)
    if isinstance(worth, Refused):
        return worth
    topics = registration.details.topics if registration.details else None
    return Activity(
        record=number,
        rule=source.id,
        category=source.category,
        hours=worth.hours,
        credits=worth.credits,
        days=Days(registration.first, registration.last),
        topics=frozenset(topics or ()),
    )


def _amounts(missing: Iterable[Decimal | None]) -> list[str]:
    return ["∅" if amount is None else f"{amount:.2f}" for amount in missing]
