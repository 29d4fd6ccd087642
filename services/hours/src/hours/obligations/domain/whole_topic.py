"""One topic taken whole (任选一个专题学完): hours of a year, each under the one topic that its record names.

A record that names none of the topics, or several, does not say of what its hours are: where they could be
what is missing, nobody can tell.
"""

from collections.abc import Sequence
from decimal import Decimal

from hours.obligations.domain.standing import (
    Activity,
    Check,
    Reason,
    Standing,
    When,
    altogether,
    reached,
)
from shared.policy.categories import ZERO
from shared.policy.obligations import ObligationState, WholeTopic


def assess_whole_topic(rule: WholeTopic, activities: Sequence[Activity], when: When) -> Standing:
    """Sum each topic by itself; one of them suffices, and what two have together does not."""
    seen = when.whole.until(when.on) if rule.holds(when.year) else None
    if seen is None:
        return Standing(obligation=rule, when=when, checks=(), state="not_asked")
    counting = [
        one
        for one in activities
        if one.category == rule.category and seen.first <= one.days.last <= seen.last
    ]
    sums, untold = _by_topic(rule, counting)
    over = when.has_passed(when.whole.last)
    checks = [
        Check(
            name=topic,
            unit="topic_hours",
            days=when.whole,
            counted=hours,
            required=ZERO + rule.hours,
            state=_state(hours, untold, rule.hours, over=over),
            is_alternative=True,
        )
        for topic, hours in sums.items()
    ]
    state = altogether(checks)
    return Standing(
        obligation=rule,
        when=when,
        checks=checks,
        state=state,
        reason=_reason(state, sum(sums.values(), untold), rule.hours),
        records=[one.record for one in counting],
    )


def _by_topic(rule: WholeTopic, activities: Sequence[Activity]) -> tuple[dict[str, Decimal], Decimal]:
    """The hours of each topic, and those of which nobody can tell the topic."""
    sums, untold = {topic.id: ZERO for topic in rule.topics}, ZERO
    for one in activities:
        named = sums.keys() & one.topics
        if len(named) == 1 == len(one.topics):
            sums[named.pop()] += one.hours
        elif named or not one.topics:
            untold += one.hours
    return sums, untold


def _state(hours: Decimal, untold: Decimal, required: Decimal, *, over: bool) -> ObligationState:
    return "unknown" if hours < required <= hours + untold else reached(hours, required, over=over)


def _reason(state: ObligationState, together: Decimal, required: Decimal) -> Reason:
    """Why nobody can tell, or that several topics have together what one of them lacks."""
    if state == "unknown":
        return "topics.unknown"
    return "topics.divided" if state != "met" and together >= required else ""
