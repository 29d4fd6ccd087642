"""What cycles write into the journal, acts in and drafts out; and what the entries of a cycle come to."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shared.contracts import verification as contract
from shared.cycles.standing import Filled, YearOf
from shared.policy.categories import TOTAL
from shared.runtime.journal import Draft, Entry
from verification.cycles.domain.verdict import Finding, Known, TeacherCycle
from verification.figures import operations as figures
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Cause, Decided, Decision, Revoked, Verdict
from verification.judgements.entries import told

PASSED = "cycle.passed.v1"
FAILED = "cycle.failed.v1"
REVOKED = "cycle.revoked.v1"
STATED = (PASSED, FAILED, REVOKED)


class Step(NamedTuple):
    """One act on one teacher's cycle, on its way into the journal."""

    key: TeacherCycle
    last: int
    act: Revoked | Decided[Finding]
    cause: Cause
    policy: str
    heard: Sequence[str]
    """Events of the hours service that the figures rest on."""


def draft(step: Step) -> Draft:
    """One act as a draft."""
    match step.act:
        case Revoked(entry=entry, reason=reason):
            said = contract.CycleRevoked(**step.key._asdict(), last=step.last, revokes=entry, reason=reason)
            return _draft(REVOKED, step, said)
        case Decided(verdict=verdict, prediction=finding, revision=revision):
            passed = verdict.outcome == "pass"
            shape = contract.CyclePassed if passed else contract.CycleFailed
            decided = shape(
                **step.key._asdict(),
                last=step.last,
                authority=verdict.authority,
                verdict=verdict.id,
                decided_at=verdict.decided_at,
                figures=told(finding.hours),
                required=dict(finding.required),
                filled=[_filled(one) for one in finding.filled],
                shortfall=dict(finding.missing),
                years=[_year(one) for one in finding.years],
                revision=revision,
                basis={"run": step.cause.run, "heard": list(step.heard)},
            )
            return _draft(PASSED if passed else FAILED, step, decided)


def key_of(said: contract.CyclePassed | contract.CycleRevoked) -> TeacherCycle:
    """Whose cycle a fact is about."""
    return TeacherCycle(said.teacher, said.cycle, said.first)


def is_about(entry: Entry, cycle: str, last: int) -> bool:
    """Whether an entry is about the cycle that ends with a year."""
    said = entry.parse(contract.CycleRevoked) if entry.type == REVOKED else entry.parse(contract.CyclePassed)
    return (said.cycle, said.last) == (cycle, last)


def known_of(entry: str, policy: str, outcome: Outcome, said: contract.CyclePassed) -> Known:
    """The verdict that an entry holds."""
    finding = Finding(
        outcome=outcome,
        hours={part: amount for part, amount in said.figures.items() if part != TOTAL},
        required=said.required,
        filled=tuple(
            Filled(surplus=one.surplus, category=one.category, amount=one.amount) for one in said.filled
        ),
        missing=said.shortfall,
        years=tuple(
            YearOf(
                year=one.year,
                hours={part: amount for part, amount in one.figures.items() if part != TOTAL},
                missing=one.shortfall,
            )
            for one in said.years
        ),
    )
    verdict = Verdict(id=said.verdict, authority="local", outcome=outcome, decided_at=said.decided_at)
    decision = Decision(verdict=verdict, revision=said.revision, entry=entry, prediction=entry)
    return Known(finding, policy, decision)


def known_in(entries: Iterable[Entry]) -> tuple[TeacherCycle, Known] | None:
    """What entries about one cycle, in order, come to; None where no verdict was given."""
    given = [entry for entry in entries if entry.type in {PASSED, FAILED}]
    if not given:
        return None
    last, said = given[-1], given[-1].parse(contract.CyclePassed)
    outcome: Outcome = "pass" if last.type == PASSED else "fail"
    return key_of(said), known_of(last.id, last.policy, outcome, said)


def _draft(kind: str, step: Step, said: contract.CyclePassed | contract.CycleRevoked) -> Draft:
    return Draft(kind, figures.subject(step.key.teacher), step.cause.decided_at, step.policy, said)


def _filled(one: Filled) -> contract.CycleFilled:
    return contract.CycleFilled(surplus=one.surplus, category=one.category, amount=one.amount)


def _year(one: YearOf) -> contract.CycleYear:
    return contract.CycleYear(year=one.year, figures=told(one.hours), shortfall=dict(one.missing))
