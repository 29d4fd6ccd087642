"""What the journal says of a plan: what was done to it, by whom, from which account. No personal data."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

Grade = Literal["passed", "failed"]


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """One theme of a plan (主题), with the hours that it takes and its days, both inclusive."""

    title: str
    hours: Decimal
    first: date
    last: date


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a teacher took part in, and whether the school's assessment was passed (考核)."""

    teacher: str
    hours: Decimal
    grade: Grade


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something done to a plan: by which caller, and from which account, which nobody is shown."""

    plan: str
    by: str
    account: str


class PlanDrafted(Deed, frozen=True, kw_only=True):
    """`plan.drafted.v1`: a school has a plan, which nobody has seen yet."""

    school: str
    year: int
    rule: str
    title: str
    themes: Sequence[Theme]


class PlanChanged(Deed, frozen=True, kw_only=True):
    """`plan.changed.v1`: it holds something else than before."""

    title: str
    themes: Sequence[Theme]


class PlanSubmitted(Deed, frozen=True, kw_only=True):
    """`plan.submitted.v1`: it was handed in to the school's authority."""

    authority: str
    """A place, such as `district:D01`."""
    latest: date | None
    """The last day on which that was in time; None where the rule sets no term."""


class PlanReturned(Deed, frozen=True, kw_only=True):
    """`plan.returned.v1`: the authority wants the plan, or its results, otherwise."""

    reason: str


class PlanApproved(Deed, frozen=True, kw_only=True):
    """`plan.approved.v1`: the authority consents."""

    override: str
    """Why, although it came late; empty where it did not."""


class PlanWithdrawn(Deed, frozen=True, kw_only=True):
    """`plan.withdrawn.v1`: the school gives it up."""

    reason: str


class PlanAssessed(Deed, frozen=True, kw_only=True):
    """`plan.assessed.v1`: results, new ones or others than before; those of other teachers stay."""

    results: Sequence[Result]
    authority: str
    """Who is to recognise them; empty where the rule trusts the school."""


class PlanRegistered(Deed, frozen=True, kw_only=True):
    """`plan.registered.v1`: these teachers got a record each; empty where nobody passed."""

    teachers: Sequence[str]


Change = (
    PlanChanged | PlanSubmitted | PlanReturned | PlanApproved | PlanWithdrawn | PlanAssessed | PlanRegistered
)
"""What is done to a plan that is on file."""
Fact = PlanDrafted | Change

TYPES: dict[str, type[Fact]] = {
    "plan.drafted.v1": PlanDrafted,
    "plan.changed.v1": PlanChanged,
    "plan.submitted.v1": PlanSubmitted,
    "plan.returned.v1": PlanReturned,
    "plan.approved.v1": PlanApproved,
    "plan.withdrawn.v1": PlanWithdrawn,
    "plan.assessed.v1": PlanAssessed,
    "plan.registered.v1": PlanRegistered,
}
NAMES = {shape: name for name, shape in TYPES.items()}
