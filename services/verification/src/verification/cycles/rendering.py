"""What cycles look like from outside."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from shared.contracts.verification import CyclePassed, CycleRevoked
from shared.policy.categories import TOTAL, Item, Part, counted, to_texts
from shared.policy.explain import ground
from shared.policy.names import item_names, unit_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry
from shared.wording import Language
from verification.cycles.domain.assessment import Standing, YearOf
from verification.cycles.domain.explanation import Line, Wording, conclude, lines, settle
from verification.cycles.domain.verdict import Finding, Known, TeacherCycle
from verification.cycles.entries import PASSED, REVOKED, known_of
from verification.judgements.domain.assessment import Outcome

Amounts = Mapping[str, str]
Conclusion = Callable[[Standing, Wording], str]


class ShownFilled(BaseModel):
    """What of one category's surplus stands in for what another one lacks."""

    surplus: str = Field(examples=["required"])
    category: str = Field(examples=["elective"])
    amount: str = Field(examples=["5.00"])


class ShownYear(BaseModel):
    """One year of a cycle, and what it misses of what each year asks."""

    year: int = Field(examples=[2024])
    counted: Amounts
    missing: Amounts


class ShownItem(BaseModel):
    """One item that the cycle asks for."""

    item: Item
    counted: str
    required: str
    filled: str = Field(description="What of it something else stands in for.")
    missing: str
    words: str


class CycleStanding(BaseModel):
    """A cycle of a teacher as it stands after `year`, in hours or credits as the rules count."""

    teacher: str = Field(examples=["T0360"])
    cycle: str = Field(description="The rule that asks.")
    first: int = Field(examples=[2024])
    last: int = Field(examples=[2028])
    year: int = Field(description="The last year that is counted.", examples=[2026])
    outcome: Outcome = Field(description="Whether what counts so far is all that is asked.")
    counted: Amounts = Field(description="By category and `total`, over the years up to `year`.")
    required: Amounts
    filled: list[ShownFilled]
    missing: Amounts = Field(description="By item, after what stands in; empty where nothing is short.")
    years: list[ShownYear]
    short_years: list[int] = Field(description="Years that miss what each year asks.")


class Told(BaseModel):
    """What is said of a cycle in words, and on what ground."""

    rule: dict[str, str] = Field(description="Rule, clause and the clause's words.")
    checks: list[ShownItem]
    words: str


class CycleExplained(CycleStanding, Told):
    """The same with its ground and in words."""


class CycleVerdict(CycleStanding):
    """The verdict that stands on a whole cycle; `year` is its last one."""

    verdict: str = Field(description="The run that decided, or what corrected the hours since.")
    decided_at: datetime
    revision: int = Field(description="1 for the first verdict on the cycle.", examples=[1])
    entry: str = Field(examples=["verification/45/12"])
    policy: str = Field(description="The rules by which it was decided.", examples=["guangzhou@1"])


class CycleStep(BaseModel):
    """One entry of a cycle's history; a pass that is replaced is revoked first."""

    entry: str = Field(examples=["verification/45/12"])
    type: str
    recorded_at: datetime
    outcome: Outcome | None = None
    verdict: str | None = None
    revision: int | None = None
    reason: str | None = None


class CycleVerdictExplained(CycleVerdict, Told):
    """The same with its ground, in words, and with everything that was ever decided."""

    history: list[CycleStep]


def shown(teacher: str, standing: Standing, pack: Pack) -> CycleStanding:
    """One row of a list."""
    return CycleStanding(**_standing(teacher, standing, pack))


def explained(teacher: str, standing: Standing, pack: Pack, language: Language) -> CycleExplained:
    """One standing with everything behind it."""
    return CycleExplained(**_standing(teacher, standing, pack), **_told(standing, pack, language, conclude))


def decided(key: TeacherCycle, known: Known, pack: Pack) -> CycleVerdict:
    """One verdict as a row of a list; the categories are those of `pack`."""
    return CycleVerdict(**_verdict(key, known, pack))


def verdict(
    key: TeacherCycle, known: Known, history: Sequence[Entry], pack: Pack, language: Language
) -> CycleVerdictExplained:
    """One verdict with everything behind it, by the rules under which it was given."""
    cycle = pack.cycle(key.cycle)
    assert cycle is not None, "the rules that decided on a cycle have it"
    standing = known.finding.under(cycle)
    return CycleVerdictExplained(
        **_verdict(key, known, pack),
        **_told(standing, pack, language, settle),
        history=[_step(entry) for entry in history],
    )


def why(pack: Pack, entry: Entry, language: Language) -> dict[str, Any]:
    """A verdict by its arithmetic, in the shape in which those on years are explained."""
    said = entry.parse(CyclePassed)
    cycle = pack.cycle(said.cycle)
    assert cycle is not None, "the rules that decided on a cycle have it"
    outcome: Outcome = "pass" if entry.type == PASSED else "fail"
    standing = known_of(entry.id, entry.policy, outcome, said).finding.under(cycle)
    wording = _wording(pack, language)
    inputs = {
        "verdict": said.verdict,
        "decided_at": said.decided_at.isoformat(),
        "revision": said.revision,
        **said.basis,
    }
    return {
        "entry": entry.id,
        "type": entry.type,
        "policy": entry.policy,
        "recorded_at": entry.recorded_at,
        "rules": [ground(pack, cycle.id)],
        "inputs": inputs,
        "checks": [_check(line) for line in lines(standing, wording)],
        "words": settle(standing, wording),
    }


def _check(line: Line) -> dict[str, Any]:
    """What counted and what stood in for it, against what is asked."""
    stood_in = f" + {line.filled:.2f}" if line.filled else ""
    return {
        "item": line.item,
        "counted": f"{line.counted:.2f}",
        "required": f"{line.required:.2f}",
        "missing": f"{line.missing:.2f}",
        "met": not line.missing,
        "arithmetic": f"{line.counted:.2f}{stood_in} {'<' if line.missing else '≥'} {line.required:.2f}",
        "words": line.words,
    }


def _wording(pack: Pack, language: Language) -> Wording:
    return Wording(
        language=language,
        parts=pack.own_parts,
        names=item_names(pack, language),
        unit=unit_name(pack, language),
    )


def _told(standing: Standing, pack: Pack, language: Language, end: Conclusion) -> dict[str, Any]:
    wording = _wording(pack, language)
    return {
        "rule": ground(pack, standing.cycle.id),
        "checks": [
            ShownItem(
                item=line.item,
                counted=f"{line.counted:.2f}",
                required=f"{line.required:.2f}",
                filled=f"{line.filled:.2f}",
                missing=f"{line.missing:.2f}",
                words=line.words,
            )
            for line in lines(standing, wording)
        ],
        "words": end(standing, wording),
    }


def _verdict(key: TeacherCycle, known: Known, pack: Pack) -> dict[str, Any]:
    said = known.decision
    return {
        **_found(key, known.finding.last, known.finding, pack),
        "verdict": said.verdict.id,
        "decided_at": said.verdict.decided_at,
        "revision": said.revision,
        "entry": said.entry,
        "policy": known.policy,
    }


def _standing(teacher: str, standing: Standing, pack: Pack) -> dict[str, Any]:
    span = standing.span
    key = TeacherCycle(teacher, standing.cycle.id, span.first)
    return _found(key, span.last, Finding.of(standing), pack)


def _found(key: TeacherCycle, last: int, finding: Finding, pack: Pack) -> dict[str, Any]:
    parts = pack.own_parts
    return {
        **key._asdict(),
        "last": last,
        "year": finding.last,
        "outcome": finding.outcome,
        "counted": _counted(finding.hours, parts),
        "required": to_texts(finding.required),
        "filled": [
            ShownFilled(surplus=one.surplus, category=one.category, amount=f"{one.amount:.2f}")
            for one in finding.filled
        ],
        "missing": to_texts(finding.missing),
        "years": [_year(one, parts) for one in finding.years],
        "short_years": finding.short,
    }


def _step(entry: Entry) -> CycleStep:
    common: dict[str, Any] = {"entry": entry.id, "type": entry.type, "recorded_at": entry.recorded_at}
    if entry.type == REVOKED:
        return CycleStep(**common, reason=entry.parse(CycleRevoked).reason)
    said = entry.parse(CyclePassed)
    outcome: Outcome = "pass" if entry.type == PASSED else "fail"
    return CycleStep(**common, outcome=outcome, verdict=said.verdict, revision=said.revision)


def _year(one: YearOf, parts: Mapping[Item, tuple[Part, ...]]) -> ShownYear:
    return ShownYear(year=one.year, counted=_counted(one.hours, parts), missing=to_texts(one.missing))


def _counted(hours: Mapping[Part, Decimal], parts: Mapping[Item, tuple[Part, ...]]) -> dict[str, str]:
    return {part: f"{counted(hours, parts[part]):.2f}" for part in (*parts[TOTAL], TOTAL)}
