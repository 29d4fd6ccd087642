"""What judgements write into the journal: domain acts in, drafts of facts out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, assert_never

from shared.contracts import verification as contract
from shared.contracts.envelope import Fact
from shared.policy.pack import Pack
from shared.runtime.journal import Draft
from verification.figures import operations as figures
from verification.figures.domain.hours import Figures, TeacherYear
from verification.judgements.domain.decision import Act, Cause, Decided, Predicted, Revoked, Submitted
from verification.judgements.domain.requirement import Item

PREDICTED = "verification.predicted.v1"
SUBMITTED = "verification.submitted.v1"
PASSED = "verification.passed.v1"
FAILED = "verification.failed.v1"
REVOKED = "verification.revoked.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act on one teacher's year, on its way into the journal."""

    key: TeacherYear
    act: Act
    cause: Cause
    heard: str = ""
    """Event of the hours service that changed the figures last."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """What came with a verdict of the province."""


def draft(pack: Pack, step: Step, prediction: str) -> Draft:
    """One act as a draft; `prediction` is the entry that a verdict rests on."""
    kind, data = _fact(pack, step, prediction)
    return Draft(
        type=kind,
        subject=figures.subject(step.key.teacher),
        effective_at=step.cause.decided_at,
        policy=pack.reference,
        data=data,
    )


def _fact(pack: Pack, step: Step, prediction: str) -> tuple[str, Fact]:
    teacher, year = step.key
    match step.act:
        case Predicted():
            return PREDICTED, _predicted(pack, step, step.act)
        case Submitted(prediction=said):
            counted = _figures(said.figures)
            return SUBMITTED, contract.VerificationSubmitted(
                teacher=teacher, year=year, run=step.cause.run, figures=counted
            )
        case Revoked(entry=entry, reason=reason):
            return REVOKED, contract.VerificationRevoked(
                teacher=teacher, year=year, revokes=entry, reason=reason
            )
        case Decided(verdict=verdict):
            passed = verdict.outcome == "pass"
            return PASSED if passed else FAILED, _decided(pack, step, step.act, prediction)
        case _:
            assert_never(step.act)


def _predicted(pack: Pack, step: Step, act: Predicted) -> contract.VerificationPredicted:
    said = act.prediction
    return contract.VerificationPredicted(
        teacher=step.key.teacher,
        year=step.key.year,
        outcome=said.outcome,
        figures=_figures(said.figures),
        required=_by_item(said.required),
        shortfall=_by_item(said.shortfall),
        run=step.cause.run,
        basis={"requirement": _source(pack, step.key.year), "heard": step.heard},
    )


def _decided(pack: Pack, step: Step, act: Decided, prediction: str) -> contract.VerificationPassed:
    said, verdict = act.prediction, act.verdict
    shape = contract.VerificationPassed if verdict.outcome == "pass" else contract.VerificationFailed
    return shape(
        teacher=step.key.teacher,
        year=step.key.year,
        authority=verdict.authority,
        verdict=verdict.id,
        decided_at=verdict.decided_at,
        figures=_figures(said.figures),
        required=_by_item(said.required),
        shortfall=_by_item(said.shortfall),
        revision=act.revision,
        basis={"prediction": prediction, "requirement": _source(pack, step.key.year), **step.said},
    )


def _source(pack: Pack, year: int) -> str:
    """Where the required figures come from."""
    requirement = pack.requirement(year)
    assert requirement is not None, "a year without a requirement is never judged"
    return requirement.basis


def _figures(counted: Figures) -> contract.Figures:
    return contract.Figures(
        public=counted.public,
        professional=counted.professional,
        elective=counted.elective,
        carried_in=counted.carried_in,
        total=counted.total,
    )


def _by_item(hours: Mapping[Item, Decimal]) -> dict[str, Decimal]:
    return {str(item): value for item, value in hours.items()}
