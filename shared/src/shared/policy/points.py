"""The kinds of rule of points (积分规则): earning, keeping and exchanging them.

A kind is code, its numbers are data; every rule can say its clause and that clause's words. Points are
whole. Bounds that one value must keep by itself are in its type here; what several values must keep
together is in `checks`.
"""

from collections.abc import Mapping
from decimal import Decimal

from shared.policy.categories import Category
from shared.policy.shapes import Count, MonthDay, Rule, Shape, Stars


class PointsRule(Rule, frozen=True, kw_only=True, tag_field="kind"):
    """A way to earn points. `cap` bounds what a teacher may be granted under it in a calendar year."""

    cap: Count | None = None


class SharedContent(PointsRule, frozen=True, kw_only=True, tag="shared_content"):
    """One award for each resource whose content nobody shared before."""

    points: Count


class DiscussedTopic(PointsRule, frozen=True, kw_only=True, tag="discussed_topic"):
    """One award to a topic's author when `min_people` distinct others have replied."""

    min_people: Count
    points: Count


class FoundedWorkshop(PointsRule, frozen=True, kw_only=True, tag="founded_workshop"):
    """One award to the host for each workshop approved."""

    points: Count


class HostedSession(PointsRule, frozen=True, kw_only=True, tag="hosted_session"):
    """One award for each session that a workshop's host creates in it."""

    points: Count


class RatedResource(PointsRule, frozen=True, kw_only=True, tag="rated_resource"):
    """One award for a resource with `min_good` ratings of `good_stars` and a mean of `min_mean`, or more."""

    min_good: Count
    good_stars: Stars
    min_mean: Decimal
    points: Count


class AttendedSession(PointsRule, frozen=True, kw_only=True, tag="attended_session"):
    """One award to each participant of a session with `min_people` participants and an outcome."""

    min_people: Count
    points: Count


class RecommendedHomework(PointsRule, frozen=True, kw_only=True, tag="recommended_homework"):
    """One award to the author of a homework that the workshop's host recommends."""

    points: Count


class ActiveWorkshop(PointsRule, frozen=True, kw_only=True, tag="active_workshop"):
    """Awards to host and members of a workshop with `min_people` members and an outcome, once a year."""

    min_people: Count
    host: Count
    member: Count


class FeaturedWorkshop(PointsRule, frozen=True, kw_only=True, tag="featured_workshop"):
    """Awards to host and members of a workshop put on the home page, once in its life."""

    host: Count
    member: Count


AnyPointsRule = (
    SharedContent
    | DiscussedTopic
    | FoundedWorkshop
    | HostedSession
    | RatedResource
    | AttendedSession
    | RecommendedHomework
    | ActiveWorkshop
    | FeaturedWorkshop
)


class Window(Shape, frozen=True, kw_only=True):
    """Days of the year, inclusive, as `MM-DD`, on which something is allowed."""

    first: MonthDay
    last: MonthDay


class Exchange(Rule, frozen=True, kw_only=True):
    """Points into hours (积分兑换): `rate` points are one hour, whole hours only."""

    rate: Count
    caps: Mapping[Category, Count]
    """Whole hours a calendar year; a category that is not named cannot be exchanged into."""
    window: Window | None = None
    """None: any time of the year."""


class CalendarYearExpiry(Rule, frozen=True, kw_only=True, tag_field="kind", tag="calendar_year"):
    """Points live until the end of the calendar year in which they were earned (清零)."""


class MonthsExpiry(Rule, frozen=True, kw_only=True, tag_field="kind", tag="months"):
    """Points live `months` months, to the end of the day; each day of earning is a lot."""

    months: Count


AnyExpiry = CalendarYearExpiry | MonthsExpiry

# --- hours ------------------------------------------------------------------------------------------
