"""The points rules of a pack (积分规则), sorted by kind for those who apply them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from shared.policy.calendar import day_of
from shared.policy.pack import Pack
from shared.policy.points import (
    ActiveWorkshop,
    AnyPointsRule,
    AttendedSession,
    DiscussedTopic,
    FeaturedWorkshop,
    FoundedWorkshop,
    HostedSession,
    PointsRule,
    RatedResource,
    RecommendedHomework,
    SharedContent,
)

R = TypeVar("R", bound=PointsRule)


@dataclass(frozen=True)
class Rulebook:
    """What a pack grants points for, and in which calendar it counts."""

    pack: Pack

    @cached_property
    def shared(self) -> Sequence[SharedContent]:
        """Rules on sharing resources."""
        return self._of(SharedContent)

    @cached_property
    def rated(self) -> Sequence[RatedResource]:
        """Rules on ratings of resources."""
        return self._of(RatedResource)

    @cached_property
    def discussed(self) -> Sequence[DiscussedTopic]:
        """Rules on replies to topics."""
        return self._of(DiscussedTopic)

    @cached_property
    def founded(self) -> Sequence[FoundedWorkshop]:
        """Rules on founding workshops."""
        return self._of(FoundedWorkshop)

    @cached_property
    def active(self) -> Sequence[ActiveWorkshop]:
        """Rules on activity of workshops."""
        return self._of(ActiveWorkshop)

    @cached_property
    def featured(self) -> Sequence[FeaturedWorkshop]:
        """Rules on workshops put on the home page."""
        return self._of(FeaturedWorkshop)

    @cached_property
    def hosted(self) -> Sequence[HostedSession]:
        """Rules on creating sessions."""
        return self._of(HostedSession)

    @cached_property
    def attended(self) -> Sequence[AttendedSession]:
        """Rules on taking part in sessions."""
        return self._of(AttendedSession)

    @cached_property
    def recommended(self) -> Sequence[RecommendedHomework]:
        """Rules on recommended homework."""
        return self._of(RecommendedHomework)

    @cached_property
    def repliers_kept(self) -> int:
        """How many repliers can matter: the highest threshold, and one more since one may be the author."""
        return max((rule.min_people for rule in self.discussed), default=0) + 1

    @cached_property
    def fewest_people(self) -> int:
        """How many people must have replied before any rule grants anything on a topic."""
        return min((rule.min_people for rule in self.discussed), default=0)

    @cached_property
    def caps(self) -> dict[str, int]:
        """Points a teacher may be granted in a year, by rule; uncapped rules are absent."""
        return {rule.id: rule.cap for rule in self.pack.points if rule.cap is not None}

    def year_of(self, instant: datetime) -> int:
        """The training year (年度) of an instant."""
        return self.pack.years.of(instant)

    def year_in_force(self, instant: datetime) -> int | None:
        """The training year of an instant; None where the pack's rules were not in force on that day."""
        header = self.pack.pack
        day = day_of(instant, header.timezone)
        in_force = header.valid_from <= day and (header.valid_to is None or day <= header.valid_to)
        return self.pack.years.of_day(day) if in_force else None

    def _of(self, kind: type[R]) -> Sequence[R]:
        rules: Sequence[AnyPointsRule] = self.pack.points
        return tuple(rule for rule in rules if isinstance(rule, kind))
