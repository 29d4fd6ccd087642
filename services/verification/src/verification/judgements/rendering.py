"""What judgements look like from outside: results, a year with its history, explanations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from shared.contracts.verification import (
    VerificationPassed,
    VerificationPredicted,
    VerificationRevoked,
    VerificationSubmitted,
)
from shared.policy.categories import Item, to_texts
from shared.policy.cycles import Cycle
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.policy.years import Requirement
from shared.runtime.journal import Entry
from shared.wording import Language
from verification.figures.domain.hours import TeacherYear
from verification.judgements.domain.answer import due
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Authority, Judgement
from verification.judgements.domain.explanation import (
    Wording,
    attribute,
    conclude,
    doubt,
    explain,
    joined,
    withhold,
)
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


class Check(BaseModel):
    """One item of the requirement, with the sum as it was made."""

    item: Item
    counted: str
    required: str
    missing: str
    met: bool
    arithmetic: str = Field(examples=["34.00 + 8.00 = 42.00 ≥ 42.00"])
    words: str


class Reason(BaseModel):
    """Why an entry says what it says."""

    entry: str
    type: str
    policy: str
    recorded_at: datetime
    rules: list[dict[str, str]] = Field(description="Rule, clause and the clause's words.")
    inputs: dict[str, Any]
    checks: list[Check]
    words: str


class Explained(BaseModel):
    """Why a year stands as it does: its prediction first, then its verdict."""

    teacher: str
    year: int
    outcome: Outcome | None
    words: str
    because: list[Reason]


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


def why_predicted(pack: Pack, entry: Entry, language: Language) -> Reason:
    """A prediction by its arithmetic."""
    said = entry.parse(VerificationPredicted)
    rules = _grounds(pack, pack.verification.content_rule)
    inputs = {
        "figures": to_texts(said.figures),
        "requirement": said.basis["requirement"],
        "heard": said.basis["heard"],
    }
    for name in ("waiver", "waived"):
        if name in said.basis:
            inputs[name] = said.basis[name]
    wording = Wording.of(pack, language)
    words = conclude(said.shortfall, wording, said.withheld)
    return _reason(entry, rules, inputs | _withheld(said), _checks(said, wording), words)


def why_decided(pack: Pack, entry: Entry, rests_on: Entry, language: Language) -> Reason:
    """A verdict by whose word it is; a local one by its arithmetic as well."""
    said = entry.parse(VerificationPassed)
    authority: Authority = "province" if said.authority == "province" else "local"
    by_province = authority == "province"
    rule = pack.verification.authority_rule if by_province else pack.verification.content_rule
    inputs = {
        "verdict": said.verdict,
        "decided_at": said.decided_at.isoformat(),
        "revision": said.revision,
        **said.basis,
        **_withheld(said),
    }
    outcome: Outcome = "pass" if entry.type == PASSED else "fail"
    predicted = prediction_of(rests_on.parse(VerificationPredicted))
    words = [attribute(authority, outcome, predicted, language)]
    words += [withhold(said.withheld, language)] if said.withheld and not by_province else []
    checks = [] if by_province else _checks(said, Wording.of(pack, language))
    return _reason(entry, _grounds(pack, rule), inputs, checks, joined(words, language))


def explained(key: TeacherYear, judgement: Judgement, reasons: list[Reason], wording: Wording) -> Explained:
    """The whole answer to why."""
    language, prediction = wording.language, judgement.prediction
    said = [conclude(prediction.shortfall, wording, prediction.withheld)]
    if judgement.decision is not None:
        verdict, doubted = judgement.decision.verdict, judgement.decision.doubted
        doubts = [doubt(language, withheld=bool(prediction.withheld))] if doubted else []
        said = [attribute(verdict.authority, verdict.outcome, prediction, language), *doubts, *said]
    return Explained(
        teacher=key.teacher,
        year=key.year,
        outcome=judgement.decision.verdict.outcome if judgement.decision else None,
        words=joined(said, language),
        because=reasons,
    )


def requirement(row: Requirement) -> dict[str, Any]:
    """A row of the requirement table."""
    return {
        "first": row.first,
        "last": row.last,
        "minima": to_texts(row.minima),
        "total": f"{row.total:.2f}",
        "basis": row.basis,
    }


def answer(pack: Pack) -> dict[str, Any] | None:
    """The term within which the province answers; None where the rules have none."""
    return None if pack.answer is None else {"days": pack.answer.days, "basis": pack.answer.basis}


def cycle(rule: Cycle, pack: Pack) -> dict[str, Any]:
    """What several years ask together, among the rules in force."""
    yearly = rule.yearly
    return {
        **ground(pack, rule.id),
        "years": rule.years,
        "first": rule.first,
        "last": rule.last,
        "required": to_texts(rule.asked),
        "substitutes": [{"surplus": one.surplus, "fills": list(one.fills)} for one in rule.substitutes],
        "yearly": None if yearly is None else {"required": to_texts(yearly.asked), "binding": yearly.binding},
    }


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


def _withheld(said: VerificationPredicted | VerificationPassed) -> dict[str, Any]:
    return {"withheld": said.withheld} if said.withheld else {}


def _reason(
    entry: Entry, rules: list[dict[str, str]], inputs: dict[str, Any], checks: list[Check], words: str
) -> Reason:
    return Reason(
        entry=entry.id,
        type=entry.type,
        policy=entry.policy,
        recorded_at=entry.recorded_at,
        rules=rules,
        inputs=inputs,
        checks=checks,
        words=words,
    )


def _grounds(pack: Pack, rule: str | None) -> list[dict[str, str]]:
    """The rule that a pack names for this, or all its rules of the verification where it names none."""
    named = [rule] if rule is not None else [known.id for known in pack.verification.rules]
    return [ground(pack, name) for name in named]


def _checks(said: VerificationPredicted | VerificationPassed, wording: Wording) -> list[Check]:
    waived = {item: Decimal(hours) for item, hours in said.basis.get("waived", {}).items()}
    return [
        Check(
            item=line.item,
            counted=f"{line.counted:.2f}",
            required=f"{line.required:.2f}",
            missing=f"{line.missing:.2f}",
            met=not line.missing,
            arithmetic=line.arithmetic,
            words=line.words,
        )
        for line in explain(said.figures, said.required, wording, waived)
    ]
