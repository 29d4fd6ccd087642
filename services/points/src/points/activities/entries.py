"""Entries of acts: they stay in the service, in the partition of the object that an act names.

The entries about an object say everything about it: what was recorded and what of it was struck.
"""

import msgspec

from points.activities.domain.act import WITHDRAWN, Act

RECORDED_TYPE = "activity.recorded.v1"
"""An `Act` as it was taken in."""
WITHDRAWN_TYPE = "activity.withdrawn.v1"
"""A ruling, an `Act` too, about the act that it names."""
STRUCK_TYPE = "activity.struck.v1"


class ActivityStruck(msgspec.Struct, frozen=True, kw_only=True):
    """`activity.struck.v1`, subject the object of an act: a ruling names it, it counts no more."""

    source: str
    id: str


def entry_type(act: Act) -> str:
    """The type of the entry that records an act."""
    return WITHDRAWN_TYPE if act.type == WITHDRAWN else RECORDED_TYPE
