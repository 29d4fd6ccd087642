"""A topic (研讨话题): who started it and its earliest repliers.

Only so many repliers are kept as a threshold can ask for, and one more, so that any one of them may turn
out to be the author. Adding acts in any order, twice or in parts gives the same state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest

from points.activities.domain.act import Act, Deed, Moment
from points.activities.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What has been said about one topic."""

    founding: Deed | None = None
    repliers: Mapping[str, Moment] = field(default_factory=dict)
    """The earliest reply of each of the earliest repliers."""


def fold(topic: Topic, acts: Iterable[Act], book: Rulebook) -> Topic:
    """Add acts that name the topic."""
    founding, repliers = topic.founding, dict(topic.repliers)
    for act in acts:
        if act.type == "topic.started":
            founding = min(founding or act.deed, act.deed)
        else:
            repliers[act.teacher] = min(repliers.get(act.teacher, act.moment), act.moment)
    if len(repliers) > book.repliers_kept:
        repliers = dict(nsmallest(book.repliers_kept, repliers.items(), key=lambda reply: reply[1]))
    return Topic(founding=founding, repliers=repliers)
