"""The swap of a seat (学员更换): another teacher takes part, as both units and their authorities agree.

They are asked one after the other, before the class opens. The report to the city that ends it is a filing
(报) and no consent: it is noted, not refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from hours.approvals.domain import Approvals, Approver
from hours.classes.domain.outline import Outline, Refused
from hours.classes.domain.seats import Applicant, may_enrol
from shared.policy.sources import Classes
from shared.wording import Language, Named

Step = Literal["leaving_unit", "replacement_unit", "leaving_authority", "replacement_authority", "report"]
SwapState = Literal["pending", "approved", "refused", "withdrawn", "cancelled"]

STATE_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {
        "pending": "在办",
        "approved": "已同意",
        "refused": "未获同意",
        "withdrawn": "已撤回",
        "cancelled": "因停办取消",
    },
}

REPORT: Step = "report"
OF_THE_OTHER: frozenset[Step] = frozenset({"replacement_unit", "replacement_authority"})
DEPARTMENTS = frozenset({"city", "education"})
"""Kinds of caller that a swap is reported to (继续教育主管部门); a centre at the same place is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A swap as it stands."""

    swap: str
    number: str
    """The class."""
    leaving: str
    replacement: str
    leaving_school: str
    replacement_school: str
    form: str
    """Digest of the application form (更换申请表), a file of evidence for both teachers."""
    override: str
    """Why the form stands for this too although it stands for something else; empty where it does not."""
    state: SwapState
    approvals: Approvals
    reason: str = ""
    """Why it was refused, or its class called off; empty before."""

    @property
    def said_state(self) -> Named:
        """How far it is, as a figure of a refusal."""
        return Named.of(STATE_NAMES, self.state)

    @property
    def awaited(self) -> Approver | None:
        """Who is to act next; None where it is over."""
        return self.approvals.awaited if self.state == "pending" else None

    def told(self) -> Self:
        """The same for a teacher: which kind of office the other one's are, and not which."""
        approvers = [
            Approver(step=one.step, by=one.by.partition(":")[0]) if one.step in OF_THE_OTHER else one
            for one in self.approvals.approvers
        ]
        return replace(self, approvals=replace(self.approvals, approvers=approvers))


def matter_of(swap: str) -> str:
    """What a swap is called where its form is used."""
    return f"swap:{swap}"


def approvers_of(schools: Sequence[str], authorities: Mapping[str, str], city: str) -> list[Approver]:
    """Who is asked in turn, by the schools of who leaves and who comes; an authority of both once."""
    leaving, replacement = schools
    steps = [
        Approver(step="leaving_unit", by=f"school:{leaving}"),
        Approver(step="replacement_unit", by=f"school:{replacement}"),
        Approver(step="leaving_authority", by=authorities[leaving]),
    ]
    if authorities[replacement] != authorities[leaving]:
        steps.append(Approver(step="replacement_authority", by=authorities[replacement]))
    return [*steps, Approver(step=REPORT, by=city)]


def is_for(awaited: Approver, kind: str) -> bool:
    """Whether a step is for a kind of caller, of those that are bound to the place that is asked."""
    return awaited.step != REPORT or kind in DEPARTMENTS


def may_replace(outline: Outline, classes: Classes, applicant: Applicant) -> Refused | None:
    """Whether somebody may take the seat of another one, to whom nobody says what the profile lacks."""
    refused = may_enrol(outline, classes, applicant)
    if refused is None:
        return None
    code = "swap.profile_incomplete" if refused.code == "profile.incomplete" else refused.code
    return Refused(code, "/replacement", {"teacher": applicant.teacher})
