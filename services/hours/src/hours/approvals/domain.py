"""Who approves in turn (依次审批): each step awaits one office, and the next one begins with its approval.

What states of a matter are called is the same in every room.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from shared.wording import Language, Named

STATE_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {
        "draft": "草稿",
        "declared": "已申报",
        "reviewed": "已初审",
        "posted": "已入账",
        "submitted": "已提交",
        "running": "实施中",
        "assessed": "已考核",
        "registered": "已登记",
        "returned": "已退回",
        "refused": "未通过",
        "withdrawn": "已撤回",
        "pending": "在办",
        "approved": "已同意",
        "ended": "已终止",
        "open": "在办",
        "granted": "申诉成立",
        "rejected": "申诉不成立",
        "listed": "已入库",
        "dropped": "已淘汰",
    },
}
"""Of any matter, in Chinese; in English they are as they are written."""


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


def state_name(state: str) -> Named:
    """A state as a figure of a refusal."""
    return Named.of(STATE_NAMES, state)
