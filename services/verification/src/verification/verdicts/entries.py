"""What this room writes into the journal: verdicts as they came, standing or not, and discrepancies."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from shared.contracts.verification import DiscrepancyClosed, DiscrepancyOpened
from shared.runtime.journal import Draft
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.judgements.domain.decision import Prediction, Verdict
from verification.judgements.entries import told
from verification.judgements.operations import Ruling
from verification.verdicts.domain.discrepancy import Discrepancy
from verification.verdicts.domain.verdict import ProvinceVerdict, State

VERDICT_RECEIVED = "verdict.received.v1"
VERDICT_UNPARKED = "verdict.unparked.v1"
OPENED = "verification.discrepancy_opened.v1"
CLOSED = "verification.discrepancy_closed.v1"


class VerdictReceived(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict.received.v1`: a verdict as the province gave it, and what became of it on arrival."""

    verdict: str
    teacher: str
    year: int
    outcome: str
    decided_at: datetime
    totals: dict[str, Decimal] | None
    certificate_reference: str | None
    state: str


class VerdictUnparked(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict.unparked.v1`: its teacher became known, and the verdict stands or is late after all."""

    verdict: str
    teacher: str
    year: int
    state: str


def received(verdict: ProvinceVerdict, state: State) -> Draft:
    """A verdict as it was given; no rule was asked."""
    totals = None if verdict.totals is None else {str(name): hours for name, hours in verdict.totals.items()}
    said = VerdictReceived(
        verdict=verdict.verdict,
        teacher=verdict.teacher,
        year=verdict.year,
        outcome=verdict.outcome,
        decided_at=verdict.decided_at,
        totals=totals,
        certificate_reference=verdict.certificate_reference,
        state=state,
    )
    return _draft(VERDICT_RECEIVED, verdict, "", said)


def unparked(verdict: ProvinceVerdict, state: State) -> Draft:
    """A parked verdict whose teacher became known."""
    said = VerdictUnparked(verdict=verdict.verdict, teacher=verdict.teacher, year=verdict.year, state=state)
    return _draft(VERDICT_UNPARKED, verdict, "", said)


def opened(policy: str, verdict: ProvinceVerdict, found: Discrepancy, prediction: Prediction) -> Draft:
    """A discrepancy with both sides' figures."""
    said = DiscrepancyOpened(
        teacher=verdict.teacher,
        year=verdict.year,
        predicted=found.predicted,
        decided=found.decided,
        verdict=found.verdict,
        figures=told(prediction.figures),
        province={str(name): hours for name, hours in (verdict.totals or {}).items()},
        difference={str(name): hours for name, hours in found.difference.items()},
    )
    return _draft(OPENED, verdict, policy, said)


def closed(policy: str, verdict: ProvinceVerdict, found: Discrepancy) -> Draft:
    """A discrepancy that no longer holds; `found` is the one that was open."""
    said = DiscrepancyClosed(teacher=verdict.teacher, year=verdict.year, verdict=found.verdict)
    return _draft(CLOSED, verdict, policy, said)


def ruling(verdict: ProvinceVerdict) -> Ruling:
    """A verdict of the province as the judgements take it, with what it said beside the outcome."""
    said: dict[str, Any] = {}
    if verdict.totals is not None:
        said["totals"] = {str(name): str(hours) for name, hours in verdict.totals.items()}
    if verdict.certificate_reference is not None:
        said["certificate_reference"] = verdict.certificate_reference
    return Ruling(
        key=TeacherYear(verdict.teacher, verdict.year),
        verdict=Verdict(
            id=verdict.verdict,
            authority="province",
            outcome=verdict.outcome,
            decided_at=verdict.decided_at,
        ),
        said=said,
    )


def _draft(kind: str, verdict: ProvinceVerdict, policy: str, data: msgspec.Struct) -> Draft:
    return Draft(
        type=kind,
        subject=figures.subject(verdict.teacher),
        effective_at=verdict.decided_at,
        policy=policy,
        data=data,
    )
