"""A teacher's year in sums as its entries state them: what the ledger holds now, or held in the past."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from hours.deductions.entries import DeductionMade, DeductionWithdrawn
from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.deduction import deduct, together
from hours.ledger.domain.total import Total, counted
from hours.records.domain.entries import RecordReversed
from shared.contracts.hours import (
    HoursCarriedOver,
    HoursDeducted,
    HoursExchangePosted,
    HoursExchangeReversed,
    HoursPosted,
    HoursReversed,
)
from shared.runtime.journal import Entry


def taking_effect(entries: Sequence[Entry]) -> dict[str, datetime]:
    """When entries that take something back take effect, by their id: together with what they take back.

    What is posted in its place is of the old day, so that on no day both count, or neither.
    """
    effects: dict[str, datetime] = {}
    matters: dict[str, str] = {}
    for entry in entries:
        effects[entry.id] = effects.get(_taken_back(entry, matters), entry.effective_at)
        if entry.type == "hours.exchange_posted.v1":
            matters[f"exchange:{entry.parse(HoursExchangePosted).exchange}"] = entry.id
        elif entry.type == "deduction.made.v1":
            matters[f"deduction:{entry.parse(DeductionMade).deduction}"] = entry.id
    return effects


def _taken_back(entry: Entry, matters: Mapping[str, str]) -> str:
    """The id of the entry that one takes back; empty where it takes back none."""
    match entry.type:
        case "hours.reversed.v1":
            return entry.parse(HoursReversed).reverses
        case "record.reversed.v1":
            return entry.parse(RecordReversed).reverses
        case "hours.exchange_reversed.v1":
            return matters[f"exchange:{entry.parse(HoursExchangeReversed).exchange}"]
        case "deduction.withdrawn.v1":
            return matters[f"deduction:{entry.parse(DeductionWithdrawn).deduction}"]
        case _:
            return ""


def total_of(entries: Sequence[Entry], teacher: str, year: int) -> Total:
    """The sums of a year by the entries about its teacher, in order; other years' count for nothing.

    What is deducted is taken afresh of these, so that no past day is below 0 by what was taken back since.
    """
    hours: dict[str, Decimal] = defaultdict(lambda: ZERO)
    over_cap, carried = ZERO, dict[str, Decimal]()
    deductions: dict[str, tuple[Decimal, Sequence[str]]] = {}
    for entry in entries:
        match _fact(entry):
            case HoursCarriedOver() as fact:
                carried |= _carried(fact, year)
            case HoursPosted() | HoursReversed() as fact if fact.year == year:
                sign = 1 if isinstance(fact, HoursPosted) else -1
                hours[fact.category] += sign * fact.hours
                over_cap += sign * fact.over_cap
            case HoursDeducted() as fact if fact.year == year:
                deductions[fact.deduction] = Decimal(fact.basis["most"]), fact.basis["categories"]
            case _:
                pass
    deducted = together(taken.hours for taken in deduct(hours, deductions.values()))
    return Total(
        teacher=teacher,
        year=year,
        hours=counted(hours, deducted),
        deducted=deducted,
        over_cap=over_cap,
        **carried,
    )


def _fact(entry: Entry) -> HoursPosted | HoursReversed | HoursDeducted | HoursCarriedOver | None:
    """What an entry says, where it moves hours."""
    match entry.type:
        case "hours.posted.v1":
            return entry.parse(HoursPosted)
        case "hours.reversed.v1":
            return entry.parse(HoursReversed)
        case "hours.deducted.v1":
            return entry.parse(HoursDeducted)
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
