"""What a proof looks like from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.policy.categories import to_texts
from shared.policy.pack import Pack
from shared.wording import Language
from verification.judgements.domain.decision import Authority
from verification.judgements.entries import told
from verification.proofs.domain import ProvenYear, State, conclude, proven

Hours = Mapping[str, str]


class ShownYear(BaseModel):
    """One year of a proof; the figures are those of the prediction, where there is one."""

    year: int = Field(examples=[2025])
    state: State
    authority: Authority | None
    verdict: str | None = Field(description="Identity of the verdict that stands.")
    decided_at: datetime | None
    revision: int | None
    figures: Hours | None = Field(description="Counted hours by category, `carried_in`, and their `total`.")
    required: Hours | None
    shortfall: Hours | None
    withheld: list[str] | None = Field(description="Deductions for which it does not pass here.")


class Proof(BaseModel):
    """The verdicts on a teacher's last years."""

    teacher: str = Field(examples=["T0360"])
    first: int = Field(examples=[2021])
    last: int = Field(examples=[2025])
    proven: bool = Field(description="Every year was passed, and no pass is in doubt.")
    years: list[ShownYear]
    policy: str = Field(description="The rules that say how many years are proven.", examples=["guangzhou@1"])
    basis: str = Field(description="Where that comes from.")
    words: str


def proof(teacher: str, years: Sequence[ProvenYear], pack: Pack, language: Language) -> Proof:
    """Several years in one proof."""
    assert pack.proof is not None, "a proof that the rules do not know is refused"
    return Proof(
        teacher=teacher,
        first=years[0].year,
        last=years[-1].year,
        proven=proven(years),
        years=[ShownYear(year=one.year, state=one.state, **_said(one)) for one in years],
        policy=pack.reference,
        basis=pack.proof.basis,
        words=conclude(years, language),
    )


def _said(one: ProvenYear) -> dict[str, Any]:
    """What is known of a year; nothing of one that was never judged."""
    judgement = one.judgement
    decision = None if judgement is None else judgement.decision
    prediction = None if judgement is None else judgement.prediction
    return {
        "authority": decision and decision.verdict.authority,
        "verdict": decision and decision.verdict.id,
        "decided_at": decision and decision.verdict.decided_at,
        "revision": decision and decision.revision,
        "figures": prediction and to_texts(told(prediction.figures)),
        "required": prediction and to_texts(prediction.required),
        "shortfall": prediction and to_texts(prediction.shortfall),
        "withheld": prediction and list(prediction.withheld),
    }
