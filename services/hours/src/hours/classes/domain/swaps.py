"""The swap of a seat (学员更换): another teacher takes part, as both units and their authorities agree.

They are asked one after the other, before the class opens. The report to the city that ends it is a filing
(报) and no consent: it is noted, not refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hours.approvals.domain import Approvals, Approver

Step = Literal["leaving_unit", "replacement_unit", "leaving_authority", "replacement_authority", "report"]
SwapState = Literal["pending", "approved", "refused", "withdrawn"]

REPORT: Step = "report"


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

    @property
    def awaited(self) -> Approver | None:
        """Who is to act next; None where it is over."""
        return self.approvals.awaited if self.state == "pending" else None


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
