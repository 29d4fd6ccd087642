"""What stands at the end of a run, gathered from the services: awards, teachers, certificates, sums."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from deploy.local.bank import Bank
from shared.policy.conversions import Unit
from shared.policy.pack import Pack

CHINA = timezone(timedelta(hours=8))
TOTAL = "total"
LOOKUP = 1000
LIVE = "valid"
STANDING = {LIVE, "expired"}
"""States of a certificate that nobody took back."""
NO_POINTS: Mapping[str, Any] = {"earned": 0, "exchanged": 0, "expired": 0}
NO_HOURS: Mapping[str, Any] = {"hours": {}, "carried_in": "0", "carry_out": "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of the rules, into which hours are posted."""

    id: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of the rules a person needs to read the figures."""

    unit: Unit
    points: bool
    """Whether they have any."""
    names: Mapping[str, str]
    """The Chinese name of every item that may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """An award that stands; `points` is what was granted after caps, `activity` the act that dates it."""

    teacher: str
    rule: str
    points: int
    at: str
    activity: str
    cut: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherYear:
    """A teacher's year. Exchanged hours are in `hours`, carried-in ones apart."""

    teacher: str
    name: str
    points_earned: int
    points_exchanged: int
    points_expired: int
    hours: tuple[str, ...]
    """Counted, of each category in the order of the rules."""
    carried_in: str
    carry_out: str
    verdict: str
    shortfall: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherCycle:
    """How a teacher stands in a cycle, up to the last year that was run."""

    cycle: str
    first: int
    last: int
    teacher: str
    name: str
    counted: str
    outcome: str
    missing: str
    short_years: str
    """Years that have less than each should have."""
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything of one year, each list in its order."""

    year: int
    shown: Shown
    categories: tuple[Category, ...]
    awards: tuple[Award, ...]
    teachers: tuple[TeacherYear, ...]
    cycles: tuple[TeacherCycle, ...]
    """Where years ask for nothing by themselves."""
    predictions: Mapping[str, str]
    exchanges: Mapping[str, int]
    """How many, by state."""
    refusals: Mapping[str, int]
    """Exchanges refused, by the code of the reason."""

    @property
    def standings(self) -> list[tuple[str, str]]:
        """How everybody stands and what is missing: in cycles, where years ask for nothing."""
        if self.cycles:
            return [(one.outcome, one.missing) for one in self.cycles]
        return [(one.verdict, one.shortfall) for one in self.teachers]

    @property
    def numbers(self) -> list[str]:
        """Those of the certificates, of the year and of cycles."""
        said = [*(one.certificate for one in self.teachers), *(one.certificate for one in self.cycles)]
        return [number for number in said if number]


def gather(bank: Bank, year: int, pack: Pack) -> Results:
    """Ask the services for the year, and for the cycles in which it lies."""
    categories = tuple(
        Category(id=one["category"], name=one["name"], name_zh=one["name_zh"])
        for one in bank.hours.get("/v1/rules")["categories"]
        if one["posted"]
    )
    accounts = _by_teacher(bank.points.pages("/v1/accounts", year=year))
    totals = _by_teacher(bank.hours.pages("/v1/totals", year=year))
    verdicts = _by_teacher(bank.verification.pages("/v1/results", year=year))
    certificates = _by_teacher(bank.certificates.pages("/v1/certificates", year=year, state=LIVE))
    everybody = sorted(accounts.keys() | totals.keys())
    names = _names(bank, everybody)
    awards = map(_award, bank.points.pages("/v1/awards", year=year))
    teachers = (
        _teacher_year(
            [one.id for one in categories],
            {"teacher": teacher, "name": names.get(teacher, "")},
            accounts.get(teacher, NO_POINTS),
            totals.get(teacher, NO_HOURS),
            verdicts.get(teacher, {}) | {"certificate": certificates.get(teacher, {}).get("number", "")},
        )
        for teacher in everybody
    )
    exchanges = list(bank.points.pages("/v1/exchanges", year=year))
    names_zh = {one.id: one.name_zh for one in pack.categories} | {TOTAL: "合计"}
    return Results(
        year=year,
        shown=Shown(unit=pack.pack.unit, points=pack.exchange is not None, names=names_zh),
        categories=categories,
        awards=tuple(sorted(awards, key=_place)),
        teachers=tuple(teachers),
        cycles=tuple(_cycles(bank, year, pack, names)) if not pack.requirements else (),
        predictions={teacher: one["predicted"] for teacher, one in verdicts.items()},
        exchanges=Counter(one["state"] for one in exchanges),
        refusals=Counter(one["reason"] for one in exchanges if one["state"] == "refused"),
    )


def _teacher_year(
    categories: Sequence[str],
    person: Mapping[str, str],
    account: Mapping[str, Any],
    total: Mapping[str, Any],
    result: Mapping[str, Any],
) -> TeacherYear:
    missing = result.get("shortfall") or {}
    items = [*categories, *sorted(missing.keys() - {*categories, TOTAL}), TOTAL]
    return TeacherYear(
        teacher=person["teacher"],
        name=person["name"],
        points_earned=account["earned"],
        points_exchanged=account["exchanged"],
        points_expired=account["expired"],
        hours=tuple(plain(total["hours"].get(category, "0")) for category in categories),
        carried_in=plain(total["carried_in"]),
        carry_out=plain(total["carry_out"]),
        verdict=result.get("outcome") or "",
        shortfall=";".join(
            f"{item}:{plain(missing[item])}" for item in items if Decimal(missing.get(item, 0))
        ),
        certificate=result["certificate"],
    )


def _cycles(bank: Bank, year: int, pack: Pack, names: Mapping[str, str]) -> Iterator[TeacherCycle]:
    for cycle in pack.cycles:
        span = cycle.span(year)
        if span is None:
            continue
        issued = bank.certificates.pages("/v1/certificates", year=span.first)
        of_cycle = [one for one in issued if one["kind"] == "cycle" and one["state"] in STANDING]
        numbers = {one["teacher"]: one["number"] for one in of_cycle}
        for one in bank.verification.pages(f"/v1/cycles/{cycle.id}", year=year):
            yield TeacherCycle(
                cycle=cycle.id,
                first=span.first,
                last=span.last,
                teacher=one["teacher"],
                name=names.get(one["teacher"], ""),
                counted=plain(one["counted"][TOTAL]),
                outcome=one["outcome"],
                missing=";".join(f"{item}:{plain(lacks)}" for item, lacks in one["missing"].items()),
                short_years=";".join(map(str, one["short_years"])),
                certificate=numbers.get(one["teacher"], ""),
            )


def certificate(bank: Bank, number: str) -> bytes:
    """Return a certificate's document as it was issued."""
    return bank.certificates.file(f"/v1/certificates/{number}/pdf")


def plain(hours: str | Decimal) -> str:
    """Return hours as a person writes them: 17.5, not 17.50."""
    text = f"{Decimal(hours):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def china(instant: str) -> str:
    """Return an instant in China time."""
    return datetime.fromisoformat(instant).astimezone(CHINA).isoformat()


def _by_teacher(items: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["teacher"]: item for item in items}


def _names(bank: Bank, teachers: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for start in range(0, len(teachers), LOOKUP):
        asked = {"teachers": teachers[start : start + LOOKUP]}
        found = bank.hours.post("/v1/teachers/lookup", asked)["items"]
        names |= {one["teacher"]: one["name"] for one in found}
    return names


def _award(item: Mapping[str, Any]) -> Award:
    return Award(
        teacher=item["teacher"],
        rule=item["rule"],
        points=item["points"],
        at=china(item["at"]),
        activity=item["activity"]["id"],
        cut=item["cut"],
    )


def _place(award: Award) -> tuple[str, datetime, str, str]:
    return award.teacher, datetime.fromisoformat(award.at), award.rule, award.activity
