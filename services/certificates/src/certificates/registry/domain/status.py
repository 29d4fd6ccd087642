"""States of a certificate (证书状态) and the moves between them.

Codes are those of the national interface. A correction makes a new version: the earlier one leaves as
`superseded`, which the interface writes as state 03 by operation 09, linked to its successor.
"""

from datetime import date
from enum import StrEnum


class State(StrEnum):
    """What holds for a version now."""

    VALID = "valid"
    """有效."""
    SUSPENDED = "suspended"
    """暂停."""
    REVOKED = "revoked"
    """撤销."""
    EXPIRED = "expired"
    """到期."""
    SUPERSEDED = "superseded"
    """已换发: a later version of the same number stands in its place."""

    @property
    def code(self) -> str:
        """Two digits of the national state list."""
        return _CODES[self]


class Operation(StrEnum):
    """What is done to a version."""

    ISSUE = "issue"
    SUSPEND = "suspend"
    EXPIRE = "expire"
    REVOKE = "revoke"
    REINSTATE = "reinstate"
    SUPERSEDE = "supersede"

    @property
    def code(self) -> str:
        """Two digits of the national list of operations."""
        return _OPERATION_CODES[self]


_CODES = {
    State.VALID: "01",
    State.SUSPENDED: "02",
    State.REVOKED: "03",
    State.EXPIRED: "05",
    State.SUPERSEDED: "03",
}

_OPERATION_CODES = {
    Operation.ISSUE: "01",
    Operation.SUSPEND: "03",
    Operation.EXPIRE: "04",
    Operation.REVOKE: "05",
    Operation.REINSTATE: "06",
    Operation.SUPERSEDE: "09",
}

_MOVES = {
    (State.VALID, Operation.SUSPEND): State.SUSPENDED,
    (State.VALID, Operation.REVOKE): State.REVOKED,
    (State.VALID, Operation.EXPIRE): State.EXPIRED,
    (State.VALID, Operation.SUPERSEDE): State.SUPERSEDED,
    (State.SUSPENDED, Operation.REINSTATE): State.VALID,
    (State.SUSPENDED, Operation.REVOKE): State.REVOKED,
    (State.SUSPENDED, Operation.EXPIRE): State.EXPIRED,
    (State.SUSPENDED, Operation.SUPERSEDE): State.SUPERSEDED,
    (State.REVOKED, Operation.SUPERSEDE): State.SUPERSEDED,
}


def after(state: State | None, operation: Operation) -> State | None:
    """The state that follows, None where the operation is not allowed. `state` None: not yet issued."""
    if state is None:
        return State.VALID if operation is Operation.ISSUE else None
    return _MOVES.get((state, operation))


def on(state: State, valid_until: date | None, day: date) -> State:
    """The state on a day: with its validity ends what was valid or suspended (到期)."""
    is_over = valid_until is not None and day > valid_until
    return (after(state, Operation.EXPIRE) or state) if is_over else state


def allowed(state: State) -> tuple[Operation, ...]:
    """What may be done to a version in this state."""
    return tuple(operation for (at, operation) in _MOVES if at is state)
