"""A topic (研讨话题): who started it and its earliest repliers.

Only so many repliers are kept as a threshold can ask for, and one more, so that any one of them may turn
out to be the author. Adding acts in any order, twice or in parts gives the same state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from points.activities.domain.act import Act, Deed, Moment
from points.activities.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What has been said about one topic."""

    founding: Deed | None = None
    repliers: Mapping[str, Moment] = field(default_factory=dict)
    """The earliest reply of each of the earliest repliers."""

    def rests_on(self, moment: Moment) -> bool:
        """Whether it would be another without the act of that moment."""
        return moment in self.repliers.values() or (
            self.founding is not None and moment == self.founding.moment
        )


def fold(topic: Topic, acts: Iterable[Act], book: Rulebook) -> Topic:
    """Add acts that name the topic; the same topic where they change nothing."""
    founding, repliers = topic.founding, topic.repliers
    kept = book.repliers_kept
    replies: dict[str, Moment] = {}
    for act in acts:
        moment = act.moment
        if act.type == "topic.started":
            started = Deed(moment, act.teacher)
            founding = min(founding or started, started)
        elif (before := replies.get(act.teacher) or repliers.get(act.teacher)) is None or moment < before:
            replies[act.teacher] = moment
    if replies and len(repliers) == kept:
        last = max(repliers.values())
        replies = {who: moment for who, moment in replies.items() if moment < last}
    if replies:
        repliers = {**repliers, **replies}
        if len(repliers) > kept:
            repliers = dict(sorted(repliers.items(), key=itemgetter(1))[:kept])
    elif founding is topic.founding:
        return topic
    return Topic(founding=founding, repliers=repliers)
