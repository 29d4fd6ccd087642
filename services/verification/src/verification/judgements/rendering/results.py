"""Results: a teacher's year as it stands, and with its history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.contracts.verification import (
    VerificationPassed,
    VerificationPredicted,
    VerificationRevoked,
    VerificationSubmitted,
)
from shared.policy.categories import to_texts
from shared.policy.pack import Pack
from shared.runtime.journal import Entry
from verification.figures.domain.hours import TeacherYear
from verification.judgements.domain.answer import due
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Authority, Judgement
from verification.judgements.entries import (
    DOUBTED,
    OVERDUE,
    PASSED,
    PREDICTED,
    REVOKED,
    SUBMITTED,
    prediction_of,
    told,
)

Hours = Mapping[str, str]


class Result(BaseModel):
    """A teacher's year as it stands. `outcome` is null while the province has not decided."""

    teacher: str = Field(examples=["T0360"])
    year: int = Field(examples=[2025])
    outcome: Outcome | None
    authority: Authority | None
    predicted: Outcome
    figures: Hours = Field(
        description="Counted hours of the year by category, `carried_in` ones apart, and their `total`.",
        examples=[
            {
                "public": "30.00",
                "professional": "42.00",
                "elective": "18.00",
                "carried_in": "0.00",
                "total": "90.00",
            }
        ],
    )
    required: Hours = Field(description="By category and `total`, after what is waived.")
    shortfall: Hours = Field(description="Hours missing, by item; empty when every requirement is met.")
    withheld: list[str] = Field(
        description="Deductions for which `predicted` is a fail, be nothing missing; empty where none is."
    )
    revision: int | None
    verdict: str | None
    decided_at: datetime | None
    doubted: bool = Field(
        description="Hours behind the province's pass were taken back, or the year is withheld; it has not"
        " decided anew, and nothing that rests on the pass is valid meanwhile."
    )
    submitted_at: datetime | None = Field(
        description="When that was handed over to the province on which no verdict rests yet; null where"
        " nothing waits for it."
    )
    due_on: date | None = Field(
        description="The last day on which the province's answer is in time; null where nothing waits for it,"
        " where the rules have no term, and with `not_announced`."
    )
    overdue: bool | None = Field(description="Null where it is not known yet.")
    not_announced: int | None = Field(description="The year whose working days are not known yet.")


class Step(BaseModel):
    """One entry of a year's history."""

    entry: str = Field(examples=["verification/45/12"])
    type: str
    recorded_at: datetime
    outcome: Outcome | None = None
    run: str | None = Field(default=None, description="Run that asked, `correction` or `verdict`.")
    verdict: str | None = None
    revision: int | None = None
    reason: str | None = None


class Standing(Result):
    """A teacher's year with every prediction and every verdict there ever was."""

    prediction_entry: str
    verdict_entry: str | None
    history: list[Step]


def result(key: TeacherYear, judgement: Judgement, pack: Pack, now: datetime) -> Result:
    """One row of the results."""
    return Result(**_result(key, judgement), **_waiting(judgement, pack, now))


def standing(
    key: TeacherYear, judgement: Judgement, entries: Sequence[Entry], pack: Pack, now: datetime
) -> Standing:
    """One year with its history."""
    return Standing(
        **_result(key, judgement),
        **_waiting(judgement, pack, now),
        prediction_entry=judgement.entry,
        verdict_entry=judgement.decision.entry if judgement.decision else None,
        history=[_step(entry) for entry in entries],
    )


def _result(key: TeacherYear, judgement: Judgement) -> dict[str, Any]:
    prediction, decision = judgement.prediction, judgement.decision
    return {
        "teacher": key.teacher,
        "year": key.year,
        "outcome": decision.verdict.outcome if decision else None,
        "authority": decision.verdict.authority if decision else None,
        "predicted": prediction.outcome,
        "figures": to_texts(told(prediction.figures)),
        "required": to_texts(prediction.required),
        "shortfall": to_texts(prediction.shortfall),
        "withheld": list(prediction.withheld),
        "revision": decision.revision if decision else None,
        "verdict": decision.verdict.id if decision else None,
        "decided_at": decision.verdict.decided_at if decision else None,
        "doubted": decision.doubted if decision else False,
    }


def _waiting(judgement: Judgement, pack: Pack, now: datetime) -> dict[str, Any]:
    """Since when and until when the province's answer is awaited."""
    if judgement.submission is None:
        return {"submitted_at": None, "due_on": None, "overdue": False, "not_announced": None}
    submitted_at, days = judgement.submission.submitted_at, pack.answer.days if pack.answer else None
    found = due(submitted_at, days, now, pack.pack.timezone)
    return {
        "submitted_at": submitted_at,
        "due_on": found.on,
        "overdue": found.overdue,
        "not_announced": found.not_announced,
    }


def _step(entry: Entry) -> Step:
    common: dict[str, Any] = {"entry": entry.id, "type": entry.type, "recorded_at": entry.recorded_at}
    match entry.type:
        case _ if entry.type == PREDICTED:
            said = entry.parse(VerificationPredicted)
            return Step(**common, outcome=prediction_of(said).outcome, run=said.run)
        case _ if entry.type == REVOKED:
            return Step(**common, reason=entry.parse(VerificationRevoked).reason)
        case _ if entry.type == SUBMITTED:
            return Step(**common, run=entry.parse(VerificationSubmitted).run)
        case _ if entry.type in {DOUBTED, OVERDUE}:
            return Step(**common)
        case _:
            ruled = entry.parse(VerificationPassed)
            passed: Outcome = "pass" if entry.type == PASSED else "fail"
            return Step(**common, outcome=passed, verdict=ruled.verdict, revision=ruled.revision)
