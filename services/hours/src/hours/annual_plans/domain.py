"""An annual training plan (年度培训计划): what an organiser declares of a year, and what is admitted of it.

One organiser has one plan of a year. Its entries come at the start of the year or are added later; the
authority admits each or returns it, and what was returned may be declared otherwise. What is admitted stays,
since classes rest on it. A report at the year's end (书面报告) says what came of it; another one replaces it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from hours.approvals.domain import is_meant
from hours.organisations.domain import Organisation
from hours.records.domain.registration import OPERATOR
from shared.policy.calendar import Years
from shared.policy.names import caller_name
from shared.policy.sources import AnyHourSource
from shared.wording import Language, Named

Decision = Literal["admitted", "returned"]
State = Literal["declared", "admitted", "returned"]

MAX_ENTRIES = 1_000
"""Of a plan in all, since each act reads and writes it whole."""

STATE_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {"declared": "待审", "admitted": "已列入", "returned": "已退回"},
}


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be held: concentrated training (集中培训) under a rule, in one class or several."""

    number: str
    name: str
    rule: str
    hours: Decimal
    """What whoever passes is given."""
    people: int
    """How many are to take part."""
    first: date | None
    last: date | None
    """From when to when, as far as that is known."""


class AnnualPlanDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """`annual_plan.declared.v1`: entries were declared, first or in place of some that were returned."""

    organiser: str
    year: int
    entries: list[Planned]
    by: str
    """Kind and id of the office."""
    account: str
    """As the issuer names it."""


class AnnualPlanDecided(msgspec.Struct, frozen=True, kw_only=True):
    """`annual_plan.decided.v1`: an authority admitted entries, or returned them."""

    organiser: str
    year: int
    entries: list[str]
    """Their numbers."""
    decision: Decision
    reason: str
    by: str
    account: str


class AnnualPlanReported(msgspec.Struct, frozen=True, kw_only=True):
    """`annual_plan.reported.v1`: the organiser reported; the words lie beside the journal."""

    organiser: str
    year: int
    digest: str
    """SHA-256 of the words."""
    files: list[str]
    """Digests of evidence."""
    by: str
    account: str


Fact = AnnualPlanDeclared | AnnualPlanDecided | AnnualPlanReported


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """An entry as it stands."""

    planned: Planned
    added_later: bool
    """Whether it came after the plan had been declared."""
    declared_at: datetime
    hands: frozenset[str]
    """Offices and accounts from which it was declared."""
    state: State = "declared"
    reason: str = ""
    """Of the last decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """That there is a report, and which."""

    at: datetime
    by: str
    digest: str
    files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualPlan:
    """A plan of a year as it stands."""

    organiser: str
    year: int
    entries: Mapping[str, PlanEntry] = field(default_factory=dict)
    """By number, in order of their first declaration."""
    reported: Reported | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Who decides."""

    kind: str
    place: str
    """Where the role is bound: `city:C01`."""
    office: str
    account: str
    is_operator: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something is not done: a code, the place in the body if there is one, figures."""

    code: str
    path: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


def key_of(organiser: str, year: int, number: str) -> str:
    """What a class calls an entry by."""
    return f"{organiser}/{year}/{number}"


def new_of(
    known: AnnualPlan | None, wanted: Sequence[Planned], year: int, years: Years
) -> list[Planned] | Refused:
    """Those of the entries that are not on file as they are; or what is wrong with them."""
    refused = next(_faults(wanted, year, years), None)
    if refused is not None:
        return refused
    entries = {} if known is None else known.entries
    new = [one for one in wanted if one.number not in entries or entries[one.number].planned != one]
    for one in new:
        before = entries.get(one.number)
        if before is not None and before.state != "returned":
            return Refused("annual_plan.conflict", figures=_named(one.number, before))
    if len(entries.keys() | {one.number for one in new}) > MAX_ENTRIES:
        return Refused("list.too_long", "/entries", {"max_length": MAX_ENTRIES})
    return new


def _faults(wanted: Sequence[Planned], year: int, years: Years) -> Iterator[Refused]:
    """Numbers differ, days follow each other and lie in the year."""
    seen: set[str] = set()
    for index, one in enumerate(wanted):
        place = f"/entries/{index}"
        if one.number in seen:
            yield Refused("annual_plan.entry_twice", f"{place}/number", {"number": one.number})
        seen.add(one.number)
        for name, day in (("from", one.first), ("to", one.last)):
            if day is not None and years.of_day(day) != year:
                yield Refused("year.mismatch", f"{place}/{name}", {"date": day, "year": year})
        if one.first is not None and one.last is not None and one.last < one.first:
            yield Refused("dates.reversed", f"{place}/to", {"from": one.first, "to": one.last})


def _named(number: str, entry: PlanEntry) -> dict[str, Any]:
    return {"number": number, "state": Named.of(STATE_NAMES, entry.state)}


def to_decide(plan: AnnualPlan, numbers: Collection[str], decision: Decision) -> list[str] | Refused:
    """The entries that a decision changes: those named, or all that wait; what is so already stays."""
    chosen = numbers or [number for number, one in plan.entries.items() if one.state == "declared"]
    for number in chosen:
        entry = plan.entries.get(number)
        if entry is None:
            return Refused("annual_plan.entry_unknown", "/entries", {"number": number})
        if entry.state not in {"declared", decision}:
            return Refused("annual_plan.decided", "/entries", _named(number, entry))
    return [number for number in dict.fromkeys(chosen) if plan.entries[number].state != decision]


def may_decide(
    organiser: Organisation, entry: PlanEntry, source: AnyHourSource, by: Deciding
) -> Refused | None:
    """Whether somebody is an authority over an entry: one that approves such classes, not its own side."""
    assert source.classes is not None, "hours of an entry's rule come through classes"
    named = source.classes.authorities_at(organiser.level)
    if not by.is_operator and not any(is_meant(one, by.kind, by.place) for one in named):
        return Refused("annual_plan.not_approver", figures={"allowed": [caller_name(one) for one in named]})
    own = set(entry.hands)
    if any(hand.startswith(f"{OPERATOR}:") for hand in own):  # it was declared for whoever registers there
        own |= {f"{kind}:{organiser.organisation}" for kind in source.registrars}
    if {by.office, by.account} & own:
        return Refused("annual_plan.own", figures={"number": entry.planned.number})
    return None


def after(known: AnnualPlan | None, fact: Fact, at: datetime) -> AnnualPlan:
    """The plan once this was done to it; `at` is when that holds."""
    plan = known or AnnualPlan(organiser=fact.organiser, year=fact.year)
    entries = dict(plan.entries)
    match fact:
        case AnnualPlanDeclared():
            for one in fact.entries:
                before = entries.get(one.number)
                entries[one.number] = PlanEntry(
                    planned=one,
                    added_later=before.added_later if before else known is not None,
                    declared_at=at,
                    hands=frozenset({fact.by, fact.account}) | (before.hands if before else frozenset()),
                )
            return replace(plan, entries=entries)
        case AnnualPlanDecided():
            for number in fact.entries:
                entries[number] = replace(entries[number], state=fact.decision, reason=fact.reason)
            return replace(plan, entries=entries)
        case AnnualPlanReported():
            return replace(
                plan, reported=Reported(at=at, by=fact.by, digest=fact.digest, files=tuple(fact.files))
            )
