"""The answer to why: the arithmetic of every item, whose word a verdict is, and in which words."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from shared.contracts.verification import (
    VerificationPassed,
    VerificationPredicted,
)
from shared.policy.categories import Item, to_texts
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.runtime.journal import Entry
from shared.wording import Language
from verification.figures.domain.hours import TeacherYear
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
    PASSED,
    prediction_of,
)


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


def predicted(pack: Pack, entry: Entry, language: Language) -> Reason:
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


def decided(pack: Pack, entry: Entry, rests_on: Entry, language: Language) -> Reason:
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
    rested_on = prediction_of(rests_on.parse(VerificationPredicted))
    words = [attribute(authority, outcome, rested_on, language)]
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
