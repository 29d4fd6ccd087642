"""Entries of acts: they stay in the service, in the partition of the object that an act names."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from points.activities.domain.act import WITHDRAWN, Act

RECORDED_TYPE = "activity.recorded.v1"
WITHDRAWN_TYPE = "activity.withdrawn.v1"


class ActivityRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """`activity.recorded.v1` and, for a ruling, `activity.withdrawn.v1`: an act as it was taken in."""

    source: str
    id: str
    type: str
    teacher: str
    occurred_at: datetime
    object: Mapping[str, str | int]


def entry_type(act: Act) -> str:
    """The type of the entry that records an act."""
    return WITHDRAWN_TYPE if act.type == WITHDRAWN else RECORDED_TYPE


def recorded(act: Act) -> ActivityRecorded:
    """An act as its entry holds it."""
    return ActivityRecorded(
        source=act.source,
        id=act.id,
        type=act.type,
        teacher=act.teacher,
        occurred_at=act.occurred_at,
        object=act.object,
    )


def act_of(fact: ActivityRecorded) -> Act:
    """The act of an entry."""
    return Act(
        source=fact.source,
        id=fact.id,
        type=fact.type,
        teacher=fact.teacher,
        occurred_at=fact.occurred_at,
        object=fact.object,
    )
