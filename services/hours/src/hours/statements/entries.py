"""A teacher's year in sums as its entries state them: what the ledger holds now, or held in the past."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.total import Total
from shared.contracts.hours import HoursCarriedOver, HoursPosted, HoursReversed
from shared.runtime.journal import Entry


def total_of(entries: Sequence[Entry], teacher: str, year: int) -> Total:
    """The sums of a year by the entries about its teacher, in order; other years' count for nothing."""
    hours: dict[str, Decimal] = defaultdict(lambda: ZERO)
    over_cap, carried = ZERO, dict[str, Decimal]()
    for entry in entries:
        match _fact(entry):
            case HoursCarriedOver() as fact:
                carried |= _carried(fact, year)
            case HoursPosted() | HoursReversed() as fact if fact.year == year:
                sign = 1 if isinstance(fact, HoursPosted) else -1
                hours[fact.category] += sign * fact.hours
                over_cap += sign * fact.over_cap
            case _:
                pass
    return Total(teacher=teacher, year=year, hours=hours, over_cap=over_cap, **carried)


def _fact(entry: Entry) -> Any:  # noqa: ANN401 - one of three, or nothing that moves hours
    match entry.type:
        case "hours.posted.v1":
            return entry.parse(HoursPosted)
        case "hours.reversed.v1":
            return entry.parse(HoursReversed)
        case "hours.carried_over.v1":
            return entry.parse(HoursCarriedOver)
        case _:
            return None


def _carried(fact: HoursCarriedOver, year: int) -> dict[str, Decimal]:
    """What a verdict did to a year, or brought into it; a later one replaces it."""
    if fact.to_year == year:
        return {"carried_in": fact.hours}
    if fact.year != year:
        return {}
    return {
        "used_carried": fact.used_carried,
        "used_fresh": fact.used_fresh,
        "expired": fact.expired,
        "carry_out": fact.hours,
    }
