"""What a verdict or a person calls for (CT-01 to CT-03): one live certificate a teacher, year and kind.

A certificate says what the pass said. So a pass is compared with the version that stands: nothing to do where
they agree, a new version of the same number where they differ. What a person ordered (a suspension, a
revocation) outlives verdicts: the work is held until a person decides. Nobody can make a certificate valid
without a pass.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from certificates.registry.domain.status import Operation, State, after
from shared.policy.categories import Hours


class Course(StrEnum):
    """What happens next."""

    ISSUE = "issue"
    """A first certificate (首次签发)."""
    REPLACE = "replace"
    """A further version with other contents (换发)."""
    REINSTATE = "reinstate"
    """The suspended version is right after all (恢复)."""
    SUSPEND = "suspend"
    """The pass behind it is gone (暂停)."""
    HOLD = "hold"
    """A person's order stands in the way; a person decides (待人工处理)."""
    NOTHING = "nothing"


Refusal = Literal["certificate.state_conflict", "certificate.no_pass"]
"""Why a person's order is not carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The current version of a certificate."""

    state: State
    by_person: bool
    """Whether a person, not a verdict, put it into this state."""
    hours: Hours


def on_pass(standing: Standing | None, hours: Hours, *, reissue_ordered: bool = False) -> Course:
    """What a pass with these hours calls for. An order to reissue that still waits is carried out with it."""
    if standing is None:
        return Course.ISSUE
    if reissue_ordered:
        return Course.REPLACE
    same = _printed(standing.hours) == _printed(hours)
    match standing.state:
        case State.VALID:
            return Course.NOTHING if same else Course.REPLACE
        case State.SUSPENDED if not standing.by_person:
            return Course.REINSTATE if same else Course.REPLACE
        case State.SUSPENDED:
            return Course.NOTHING if same else Course.HOLD
        case State.REVOKED | State.EXPIRED:
            return Course.HOLD
        case State.SUPERSEDED:
            raise AssertionError("a superseded version is never the current one")


def _printed(hours: Hours) -> Hours:
    """Hours as a document says them: a category that rules gained or lost without any hours says nothing."""
    return {part: amount for part, amount in hours.items() if amount}


def on_pass_lost(standing: Standing | None) -> Course:
    """What a failed or revoked verdict calls for: review first, so the certificate rests (CT-03)."""
    if standing is not None and standing.state is State.VALID:
        return Course.SUSPEND
    return Course.NOTHING


def refuse_change(state: State, operation: Operation, *, entitled: bool) -> Refusal | None:
    """Why a person may not do this to a version; `entitled`: a pass stands behind it."""
    if after(state, operation) is None:
        return "certificate.state_conflict"
    if operation is Operation.REINSTATE and not entitled:
        return "certificate.no_pass"
    return None


def refuse_reissue(state: State, *, entitled: bool) -> Refusal | None:
    """Why a person may not have a version replaced by another: a suspended one is reinstated first."""
    if state not in {State.VALID, State.REVOKED}:
        return "certificate.state_conflict"
    return None if entitled else "certificate.no_pass"
