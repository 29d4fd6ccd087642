"""What judgements write into the journal: acts in, drafts of facts out; and what a year's entries come to."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, assert_never, cast

from shared.contracts import verification as contract
from shared.contracts.envelope import Fact
from shared.policy.categories import TOTAL, ZERO, Hours, Item
from shared.runtime.journal import Draft, Entry
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.judgements.domain.decision import (
    Act,
    Authority,
    Cause,
    Decided,
    Decision,
    Doubted,
    Judgement,
    Predicted,
    Prediction,
    Revoked,
    Submission,
    Submitted,
    Verdict,
)

PREDICTED = "verification.predicted.v1"
SUBMITTED = "verification.submitted.v1"
PASSED = "verification.passed.v1"
FAILED = "verification.failed.v1"
REVOKED = "verification.revoked.v1"
DOUBTED = "verification.doubted.v1"
OVERDUE = "verification.answer_overdue.v1"
STATED = (PREDICTED, SUBMITTED, PASSED, FAILED, REVOKED, DOUBTED, OVERDUE)
"""What states how a year stands."""


NOTHING_SAID: Mapping[str, Any] = MappingProxyType({})


class Basis(NamedTuple):
    """The rules that judged: the pack as the journal names it, and where a year's requirement comes from."""

    policy: str
    requirement: str


class Waiver(NamedTuple):
    """What was waived when a year was judged, and the event that said so."""

    heard: str = ""
    off: Mapping[Item, Decimal] = MappingProxyType({})

    @property
    def told(self) -> dict[str, Any]:
        """As a basis holds it; nothing where nothing is waived."""
        if not self.off:
            return {}
        return {"waiver": self.heard, "waived": {item: f"{hours:.2f}" for item, hours in self.off.items()}}


NOTHING_WAIVED = Waiver()


class Step(NamedTuple):
    """One act on one teacher's year, on its way into the journal."""

    key: TeacherYear
    act: Act
    cause: Cause
    heard: str = ""
    """Event of the hours service that changed the figures last."""
    said: Mapping[str, Any] = NOTHING_SAID
    """What came with a verdict of the province."""
    waiver: Waiver = NOTHING_WAIVED


def draft(basis: Basis, step: Step, prediction: str) -> Draft:
    """One act as a draft; `prediction` is the entry that a verdict rests on."""
    kind, data = _fact(basis, step, prediction)
    return Draft(kind, figures.subject(step.key.teacher), step.cause.decided_at, basis.policy, data)


def _fact(basis: Basis, step: Step, prediction: str) -> tuple[str, Fact]:
    teacher, year = step.key
    match step.act:
        case Predicted():
            return PREDICTED, _predicted(basis, step, step.act)
        case Submitted(prediction=said):
            return SUBMITTED, contract.VerificationSubmitted(
                teacher=teacher,
                year=year,
                run=step.cause.run,
                figures=told(said.figures),
                withheld=list(said.withheld),
            )
        case Revoked(entry=entry, reason=reason):
            return REVOKED, contract.VerificationRevoked(
                teacher=teacher, year=year, revokes=entry, reason=reason
            )
        case Doubted(entry=entry, prediction=said):
            return DOUBTED, contract.VerificationDoubted(
                teacher=teacher,
                year=year,
                doubts=entry,
                figures=told(said.figures),
                shortfall=_by_item(said.shortfall),
                withheld=list(said.withheld),
            )
        case Decided(verdict=verdict):
            passed = verdict.outcome == "pass"
            return PASSED if passed else FAILED, _decided(basis, step, step.act, prediction)
        case _:
            assert_never(step.act)


def overdue(policy: str, key: TeacherYear, submission: Submission, due_on: date, now: datetime) -> Draft:
    """That the province did not answer a submission within its term."""
    said = contract.VerificationAnswerOverdue(
        teacher=key.teacher,
        year=key.year,
        submission=submission.entry,
        submitted_at=submission.submitted_at,
        due_on=due_on,
    )
    return Draft(OVERDUE, figures.subject(key.teacher), now, policy, said)


def _predicted(basis: Basis, step: Step, act: Predicted) -> contract.VerificationPredicted:
    said = act.prediction
    return contract.VerificationPredicted(
        teacher=step.key.teacher,
        year=step.key.year,
        outcome=said.outcome,
        figures=told(said.figures),
        required=_by_item(said.required),
        shortfall=_by_item(said.shortfall),
        withheld=list(said.withheld),
        run=step.cause.run,
        basis={"requirement": basis.requirement, "heard": step.heard, **step.waiver.told},
    )


def _decided(
    basis: Basis, step: Step, act: Decided[Prediction], prediction: str
) -> contract.VerificationPassed:
    said, verdict = act.prediction, act.verdict
    shape = contract.VerificationPassed if verdict.outcome == "pass" else contract.VerificationFailed
    return shape(
        teacher=step.key.teacher,
        year=step.key.year,
        authority=verdict.authority,
        verdict=verdict.id,
        decided_at=verdict.decided_at,
        figures=told(said.figures),
        required=_by_item(said.required),
        shortfall=_by_item(said.shortfall),
        withheld=list(said.withheld),
        revision=act.revision,
        basis={
            "prediction": prediction,
            "requirement": basis.requirement,
            **step.waiver.told,
            **step.said,
        },
    )


def told(figures: Hours) -> contract.Figures:
    """Counted hours by part, and their total."""
    return {**figures, TOTAL: sum(figures.values(), ZERO)}


def _by_item(hours: Mapping[Item, Decimal]) -> dict[str, Decimal]:
    return cast("dict[str, Decimal]", hours)  # nobody changes what was said


def year_of(entry: Entry) -> int:
    """The training year an entry of judgements is about."""
    match entry.type:
        case _ if entry.type == PREDICTED:
            return entry.parse(contract.VerificationPredicted).year
        case _ if entry.type == REVOKED:
            return entry.parse(contract.VerificationRevoked).year
        case _ if entry.type == DOUBTED:
            return entry.parse(contract.VerificationDoubted).year
        case _ if entry.type == SUBMITTED:
            return entry.parse(contract.VerificationSubmitted).year
        case _ if entry.type == OVERDUE:
            return entry.parse(contract.VerificationAnswerOverdue).year
        case _:
            return entry.parse(contract.VerificationPassed).year


def taking_effect(entries: Sequence[Entry]) -> dict[str, datetime]:
    """When predictions take effect on which a verdict rests, by their id: at the latest with that verdict.

    The province may have decided before we looked.
    """
    effects = {entry.id: entry.effective_at for entry in entries}
    for entry in entries:
        if entry.type in {PASSED, FAILED}:
            prediction = entry.parse(contract.VerificationPassed).basis["prediction"]
            effects[prediction] = min(effects[prediction], entry.effective_at)
    return effects


def judgement_of(entries: Sequence[Entry]) -> Judgement | None:
    """What entries about one year, in order, come to; None where it was never judged."""
    judgement: Judgement | None = None
    for entry in entries:
        if entry.type == PREDICTED:
            prediction = prediction_of(entry.parse(contract.VerificationPredicted))
            before = judgement or Judgement(prediction=prediction, entry=entry.id)
            judgement = before._replace(prediction=prediction, entry=entry.id)
            continue
        if entry.type in {PASSED, FAILED}:
            assert judgement is not None, f"{entry.id}: a verdict rests on a prediction before it"
        if judgement is not None:
            judgement = _after(judgement, entry)
    return judgement


def _after(judgement: Judgement, entry: Entry) -> Judgement:
    """How a year stands after another entry than a prediction."""
    decision, submission = judgement.decision, judgement.submission
    match entry.type:
        case _ if entry.type in {PASSED, FAILED}:
            return judgement._replace(decision=_decision_of(entry), submission=None)
        case _ if entry.type == SUBMITTED:
            return judgement._replace(submission=Submission(entry.id, entry.recorded_at))
        case _ if entry.type == DOUBTED and decision is not None:
            return judgement._replace(decision=decision._replace(doubted=True))
        case _ if entry.type == OVERDUE and submission is not None:
            return judgement._replace(submission=submission._replace(told=True))
        case _:
            return judgement


def prediction_of(said: contract.VerificationPredicted) -> Prediction:
    """What a prediction said."""
    return Prediction(
        outcome="pass" if said.outcome == "pass" else "fail",
        figures={part: hours for part, hours in said.figures.items() if part != TOTAL},
        required=said.required,
        shortfall=said.shortfall,
        withheld=tuple(said.withheld),
    )


def _decision_of(entry: Entry) -> Decision:
    ruled = entry.parse(contract.VerificationPassed)
    authority: Authority = "province" if ruled.authority == "province" else "local"
    verdict = Verdict(
        id=ruled.verdict,
        authority=authority,
        outcome="pass" if entry.type == PASSED else "fail",
        decided_at=ruled.decided_at,
    )
    return Decision(
        verdict=verdict, revision=ruled.revision, entry=entry.id, prediction=ruled.basis["prediction"]
    )
