"""Training of new teachers (适岗、试用期培训): hours or credits within so many months of joining."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from hours.obligations.domain.standing import (
    Activity,
    Bound,
    Check,
    Days,
    Reason,
    Standing,
    Unit,
    When,
    altogether,
    reached,
)
from shared.policy.calendar import months_after
from shared.policy.categories import ZERO, Item, Part, counted
from shared.policy.conversions import Unit as RuleUnit
from shared.policy.obligations import NewTeacherTraining

UNITS: Mapping[RuleUnit, Unit] = {"hour": "hours", "credit": "credits"}
"""In what a check is told, by what the rule asks for."""


def assess_training(
    rule: NewTeacherTraining,
    bound: Bound,
    activities: Sequence[Activity],
    when: When,
    parts: Mapping[Item, tuple[Part, ...]],
) -> Standing:
    """Sum what was held wholly within those months; asked in each year that they touch."""
    if rule.months is None:
        return _untold(rule, when, "rule.incomplete")
    if bound.joined_on is None:
        return _untold(rule, when, "joined_on.unknown")
    days = Days(bound.joined_on, months_after(bound.joined_on, rule.months) - timedelta(days=1))
    if days.within(when.whole) is None:
        return Standing(obligation=rule, when=when, checks=(), state="not_asked")
    counting = [one for one in activities if _counts(one, days, when)]
    sums: dict[Part, Decimal] = {}
    for one in counting:
        sums[one.category] = sums.get(one.category, ZERO) + amount(rule, one)
    checks = [
        Check(
            name=item,
            unit=UNITS[rule.unit],
            days=days,
            counted=(have := counted(sums, parts[item])),
            required=required,
            state=reached(have, required, over=when.has_passed(days.last)),
        )
        for item, required in rule.asked.items()
    ]
    records = [one.record for one in counting]
    return Standing(obligation=rule, when=when, checks=checks, state=altogether(checks), records=records)


def amount(rule: NewTeacherTraining, activity: Activity) -> Decimal:
    """What an activity counts: hours as held, or the credits that its record gave, before any cap."""
    if rule.unit == "hour":
        return activity.hours
    assert activity.credits is not None, "rules that ask for credits count them"
    return activity.credits


def _counts(activity: Activity, days: Days, when: When) -> bool:
    """What began before joining is pre-service training (岗前), and what ended later came too late."""
    held = activity.days
    return days.first <= held.first and held.last <= min(days.last, when.on)


def _untold(rule: NewTeacherTraining, when: When, reason: Reason) -> Standing:
    checks = [
        Check(name=item, unit=UNITS[rule.unit], days=None, counted=None, required=required, state="unknown")
        for item, required in rule.asked.items()
    ]
    return Standing(obligation=rule, when=when, checks=checks, state="unknown", reason=reason)
