"""Who approves in turn (依次审批): each step awaits one office, and the next one begins with its approval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec


class Approver(msgspec.Struct, frozen=True, kw_only=True):
    """Who approves in which step."""

    step: str
    by: str
    """A caller's place, such as `district:D01`."""


def is_meant(named: str, kind: str, place: str) -> bool:
    """Whether a rule names who is of a kind and bound to a place, with or without a level (`centre@city`)."""
    wanted, _, level = named.partition("@")
    return kind == wanted and place.startswith(f"{level}:" if level else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """The steps in order, and how many of them were approved."""

    approvers: Sequence[Approver]
    approved: int = 0

    @property
    def awaited(self) -> Approver | None:
        """Who is to approve next; None where everybody has."""
        return self.approvers[self.approved] if self.approved < len(self.approvers) else None

    @property
    def next(self) -> "Approvals":
        """The same after one more approval."""
        return Approvals(approvers=self.approvers, approved=self.approved + 1)

    def marked(self) -> Iterator[dict[str, object]]:
        """Each step as it is shown: whose it is, and whether it is done."""
        for place, one in enumerate(self.approvers):
            yield {"step": one.step, "by": one.by, "approved": place < self.approved}
