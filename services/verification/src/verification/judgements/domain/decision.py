"""What a judgement posts: only what differs from what stands.

A prediction (预判) and an authoritative verdict (验证结果) are two facts. Where the local computation has
the last word, a changed prediction brings a new verdict; where the province has it, a prediction is handed
over and waits. A pass that is replaced is revoked first. A verdict of the province is never overruled
locally (GZ-VF-03): where hours behind its pass are taken back, or the year is withheld (不予验证), the pass
is in doubt (存疑) until the year passes here again or the province decides anew, and its certificate is
suspended meanwhile (CT-03).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, TypeVar

from shared.policy.categories import TOTAL, ZERO, Hours, Item
from shared.policy.requirement import NOTHING_WAIVED, Asked, Waived
from verification.judgements.domain.assessment import Outcome, assess, missing, outcome

Authority = Literal["local", "province"]
Said = TypeVar("Said")
"""What a verdict rests on: the prediction of a year, the finding on a cycle."""


class Prediction(NamedTuple):
    """What the local computation says, with everything it rests on."""

    outcome: Outcome
    figures: Hours
    """Of every part that counts towards the total, zeros included."""
    required: Mapping[Item, Decimal]
    shortfall: Mapping[Item, Decimal]
    withheld: tuple[str, ...] = ()
    """Deductions for which it is a fail, be nothing missing."""


class Verdict(NamedTuple):
    """A decision on a teacher's year, before it is known whether it changes anything."""

    id: str
    """The province's own identity of it, or that of the run or event that led to it here."""
    authority: Authority
    outcome: Outcome
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What led to a judgement: a run, a correction of the hours, or a verdict that came first."""

    run: str
    verdict: str
    """Identity of the verdict that follows where we decide ourselves."""
    decided_at: datetime


class Decision(NamedTuple):
    """The verdict that stands."""

    verdict: Verdict
    revision: int
    entry: str
    """Journal entry that holds it, as `verification/<partition>/<seq>`."""
    prediction: str
    """Entry of the prediction on whose figures it was made."""
    doubted: bool = False
    """A pass on which we no longer would decide, and which is not ours to replace."""


class Submission(NamedTuple):
    """A prediction that was handed over to the province, and on which no verdict rests yet."""

    entry: str
    """Journal entry that says so."""
    submitted_at: datetime
    told: bool = False
    """Whether it was said that the answer is overdue."""


class Judgement(NamedTuple):
    """All that is known of a teacher's year: the latest prediction, and the verdict if there is one."""

    prediction: Prediction
    entry: str
    """Journal entry of the prediction."""
    decision: Decision | None = None
    submission: Submission | None = None
    """What waits for the province; None where nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """The prediction is new or differs from the one before."""

    prediction: Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The prediction goes to the province."""

    prediction: Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A pass no longer stands; the verdict that replaces it follows at once."""

    entry: str
    reason: Literal["corrected", "superseded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """More stands against a pass that is not ours to replace: hours that are missing, deductions (CT-03)."""

    entry: str
    prediction: Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Generic[Said]):
    """A verdict stands from now on, on the figures of `prediction`."""

    verdict: Verdict
    prediction: Said
    revision: int


Act = Predicted | Submitted | Revoked | Doubted | Decided[Prediction]


def predict(
    figures: Hours, asked: Asked, waived: Waived = NOTHING_WAIVED, withheld: tuple[str, ...] = ()
) -> Prediction:
    """Judge figures against what a year asks, keeping what the outcome rests on."""
    assessment = assess(figures, asked, waived)
    return Prediction(
        outcome="fail" if withheld else outcome(assessment),
        figures={part: figures.get(part, ZERO) for part in asked.parts[TOTAL]},
        required=asked.of(waived),
        shortfall=missing(assessment),
        withheld=withheld,
    )


def judge(known: Judgement | None, prediction: Prediction, authority: Authority, local: Verdict) -> list[Act]:
    """What a new computation posts. `local` is the verdict that follows where we decide ourselves."""
    changed = known is None or known.prediction != prediction
    standing = None if known is None else known.decision
    acts: list[Act] = [Predicted(prediction=prediction)] if changed else []
    if authority == "local" and (standing is None or standing.verdict.authority == "local"):
        due = changed or (standing is not None and _is_stale(known, standing))
        return [*acts, *decide(standing, local, prediction)] if due else acts
    if authority == "province" and changed:
        acts.append(Submitted(prediction=prediction))
    return [*acts, *_review(known, prediction)] if changed else acts


def decide(
    standing: Decision | None, verdict: Verdict, prediction: Said
) -> Sequence[Revoked | Decided[Said]]:
    """Let `verdict` stand: the pass before it is revoked, the revision counts on."""
    decided = Decided(
        verdict=verdict, prediction=prediction, revision=1 if standing is None else standing.revision + 1
    )
    if standing is None or standing.verdict.outcome == "fail":
        return [decided]
    reason: Literal["corrected", "superseded"] = "corrected" if verdict.authority == "local" else "superseded"
    return [Revoked(entry=standing.entry, reason=reason), decided]


def _review(known: Judgement | None, prediction: Prediction) -> Sequence[Act]:
    """What other figures mean for a pass that is not ours to replace.

    More against it than before puts it in doubt, also where it was given against our prediction: so much was
    not known then. Else it stands on the new figures, which its certificate prints and carry-over follows; a
    doubted one as soon as the year passes here.
    """
    if known is None or known.decision is None or known.decision.verdict.outcome == "fail":
        return []
    standing = known.decision
    if prediction.outcome == "fail":
        if standing.doubted:
            return []
        if _is_worse(prediction, known.prediction):
            return [Doubted(entry=standing.entry, prediction=prediction)]
    return decide(standing, standing.verdict, prediction)


def _is_worse(now: Prediction, before: Prediction) -> bool:
    """Whether more is missing of any item, or the year is withheld for another deduction."""
    misses_more = any(hours > before.shortfall.get(item, 0) for item, hours in now.shortfall.items())
    return misses_more or not set(now.withheld) <= set(before.withheld)


def _is_stale(known: Judgement | None, standing: Decision) -> bool:
    """Whether the prediction moved on while the province had the last word, and the verdict did not."""
    return known is not None and known.entry != standing.prediction
