"""What verdicts on cycles look like from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.contracts.verification import CyclePassed, CycleRevoked
from shared.cycles.shown import CycleStanding, Told, summed, told
from shared.cycles.words import Line, Wording, lines, settle
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.runtime.journal import Entry
from shared.wording import Language
from verification.cycles.domain.verdict import Known, TeacherCycle
from verification.cycles.entries import PASSED, REVOKED, known_of
from verification.judgements.domain.assessment import Outcome


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
        **told(standing, pack, language, settle),
        history=[_step(entry) for entry in history],
    )


def why(pack: Pack, entry: Entry, language: Language) -> dict[str, Any]:
    """A verdict by its arithmetic, in the shape in which those on years are explained."""
    said = entry.parse(CyclePassed)
    cycle = pack.cycle(said.cycle)
    assert cycle is not None, "the rules that decided on a cycle have it"
    outcome: Outcome = "pass" if entry.type == PASSED else "fail"
    standing = known_of(entry.id, entry.policy, outcome, said).finding.under(cycle)
    wording = Wording.of(pack, language)
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


def _verdict(key: TeacherCycle, known: Known, pack: Pack) -> dict[str, Any]:
    said = known.decision
    return {
        **key._asdict(),
        "last": known.finding.last,
        "year": known.finding.last,
        **summed(known.finding, pack),
        "verdict": said.verdict.id,
        "decided_at": said.verdict.decided_at,
        "revision": said.revision,
        "entry": said.entry,
        "policy": known.policy,
    }


def _step(entry: Entry) -> CycleStep:
    common: dict[str, Any] = {"entry": entry.id, "type": entry.type, "recorded_at": entry.recorded_at}
    if entry.type == REVOKED:
        return CycleStep(**common, reason=entry.parse(CycleRevoked).reason)
    said = entry.parse(CyclePassed)
    outcome: Outcome = "pass" if entry.type == PASSED else "fail"
    return CycleStep(**common, outcome=outcome, verdict=said.verdict, revision=said.revision)
