"""What the journal says about a declaration. No personal data: the data of a proof are kept beside it."""

from decimal import Decimal

import msgspec

from hours.records.domain.registration import Registration


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What every fact about a declaration says: whose it is, who did it, and with which account."""

    declaration: str
    teacher: str
    rule: str
    by: str
    """Kind and id of the caller, such as `school:S01`."""
    account: str
    """The token's subject."""


class Drafted(Act, frozen=True, kw_only=True):
    """`declaration.drafted.v1`: a declaration was written down, or changed before it was declared."""

    registration: Registration
    """What is declared, without the data of a proof."""
    digest: str
    """HMAC of everything handed in, under the teacher's salt."""


class Declared(Act, frozen=True, kw_only=True):
    """`declaration.declared.v1`: handed in for review; what the rule gives, and who reviews it in turn."""

    hours: Decimal
    credits: Decimal | None = None
    """What these hours make where credits are counted."""
    reviewers: list[str]
    override: str
    """Why evidence that stands for something else is to stand for this too; empty for none."""


class Reviewed(Act, frozen=True, kw_only=True):
    """`declaration.reviewed.v1`: a reviewer before the last one agreed (审核通过)."""


class Recognised(Act, frozen=True, kw_only=True):
    """`declaration.recognised.v1`: the last reviewer agreed (认定), and the hours are registered."""

    record: str
    override: str


class Ended(Act, frozen=True, kw_only=True):
    """`declaration.returned.v1` (退回), `.refused.v1` (不予认定), `.withdrawn.v1` (撤回)."""

    reason: str
