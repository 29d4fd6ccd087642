"""Topics to be trained in (必修内容): which ones a teacher has taken, and which nobody was offered."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from hours.obligations.domain.standing import Activity, Check, Days, Standing, When, reached
from shared.policy.obligations import ObligationState, TopicCoverage


def days_of(rule: TopicCoverage, when: When) -> Days | None:
    """The days of the cycle in which a year lies; None where the source speaks of none."""
    span = rule.span(when.year)
    return None if span is None else when.span(*span)


def assess_coverage(
    rule: TopicCoverage, activities: Sequence[Activity], when: When, offered: Collection[str]
) -> Standing:
    """Count topics, each once; who lacks only what nobody was offered has not missed it."""
    days = days_of(rule, when)
    seen = None if days is None else days.until(when.on)
    if days is None:
        return Standing(obligation=rule, when=when, checks=(), state="not_asked")
    counting = [
        one for one in activities if seen and seen.first <= one.days.last <= seen.last and _named(rule, one)
    ]
    taken = {topic for one in counting for topic in one.topics}
    left = [topic.id for topic in rule.topics if topic.id not in taken]
    lacking = [topic for topic in left if topic in offered]
    counted = Decimal(len(rule.topics) - len(left))
    state = reached(counted, Decimal(rule.required), over=when.has_passed(days.last))
    state = _excused(state, lacking)
    check = Check(
        name="topics",
        unit="topics",
        days=days,
        counted=counted,
        required=Decimal(rule.required),
        state=state,
    )
    return Standing(
        obligation=rule,
        when=when,
        checks=[check],
        state=state,
        records=[one.record for one in counting],
        lacking=lacking,
        not_offered=[topic for topic in left if topic not in offered],
    )


def _named(rule: TopicCoverage, activity: Activity) -> bool:
    return any(topic.id in activity.topics for topic in rule.topics)


def _excused(state: ObligationState, lacking: Sequence[str]) -> ObligationState:
    """What nobody was offered is the programme's to answer for."""
    return "not_offered" if state != "met" and not lacking else state
