"""What the journal says about an appeal. No words of anybody: those lie beside it, here are their digests."""

import msgspec


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What every fact about an appeal says: whose it is, against what, who did it, with which account."""

    appeal: str
    teacher: str
    matter: str
    """Kind and number of what was decided on, such as `declaration:D1`, `record:R1`."""
    rule: str
    """Of the hours; empty for a waiver, whose rule would say its ground."""
    by: str
    """Kind and id of the caller, such as `teacher:T1`."""
    account: str
    """The token's subject."""
    because: str
    """The entry that it rests on: what is appealed against; for all later facts the filing."""


class Filed(Act, frozen=True, kw_only=True):
    """`appeal.filed.v1` (提出申诉)."""

    grounds: str
    """HMAC of the grounds under the teacher's salt."""
    files: list[str]
    """Digests of the files that were attached."""
    callers: list[str]
    """Who had a hand in the matter, and who files: none of them decides."""
    accounts: list[str]
    """The same by account."""


class Decided(Act, frozen=True, kw_only=True):
    """What both decisions say; `appeal.rejected.v1` (驳回申诉) nothing more."""

    reason: str
    """HMAC of the reason under the teacher's salt."""


class Granted(Decided, frozen=True, kw_only=True):
    """`appeal.granted.v1` (申诉成立): the decision was undone."""

    record: str
    """Under which the hours are registered; empty where none are."""
    override: str
    """Why evidence that stands for something else may stand for this too; empty for none."""


class Withdrawn(Act, frozen=True, kw_only=True):
    """`appeal.withdrawn.v1` (撤回申诉)."""
