"""A transfer (调动): who has to approve it, in which order, and how far it is.

The receiving school starts it. Its authority approves first, then the releasing school, then the authority of
that one; where both schools have the same authority, it is asked once.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

from hours.approvals.domain import Approvals, Approver

State = Literal["pending", "approved", "refused"]
Step = Literal["receiving_authority", "releasing_school", "releasing_authority"]


class TransferRequested(msgspec.Struct, frozen=True, kw_only=True):
    """`transfer.requested.v1`: a school asks for a teacher of another one."""

    transfer: str
    teacher: str
    from_school: str
    to_school: str
    reason: str
    by: str
    approvers: list[Approver]


class TransferApproved(msgspec.Struct, frozen=True, kw_only=True):
    """`transfer.approved.v1`: one step was approved; with the last one the teacher moves."""

    transfer: str
    step: str
    by: str


class TransferRefused(msgspec.Struct, frozen=True, kw_only=True):
    """`transfer.refused.v1`: whoever was to approve did not, or the receiving school no longer asks."""

    transfer: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer as it stands."""

    transfer: str
    teacher: str
    from_school: str
    to_school: str
    state: State
    approvals: Approvals

    @property
    def awaited(self) -> Approver | None:
        """Who is to approve next; None where it is over."""
        return self.approvals.awaited if self.state == "pending" else None


def approvers_of(from_school: str, from_authority: str, to_authority: str) -> list[Approver]:
    """Who has to approve, in order."""
    steps = [
        Approver(step="receiving_authority", by=to_authority),
        Approver(step="releasing_school", by=f"school:{from_school}"),
    ]
    if from_authority != to_authority:
        steps.append(Approver(step="releasing_authority", by=from_authority))
    return steps
