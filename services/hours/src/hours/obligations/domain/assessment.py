"""How an obligation stands, by its kind: of whom it is asked, which records count, and then the sums."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from hours.obligations.domain.coverage import assess_coverage
from hours.obligations.domain.practice import assess_practice
from hours.obligations.domain.standing import Activity, Bound, Standing, When
from hours.obligations.domain.training import assess_training
from hours.obligations.domain.whole_topic import assess_whole_topic
from shared.policy.categories import Item, Part
from shared.policy.obligations import (
    AnyObligation,
    EnterprisePractice,
    NewTeacherTraining,
    TopicCoverage,
    WholeTopic,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What is the same for everybody: what counts towards each item, which topics anybody was offered."""

    parts: Mapping[Item, tuple[Part, ...]]
    offered: Collection[str] = ()


def assess(
    obligation: AnyObligation,
    bound: Bound,
    activities: Sequence[Activity],
    when: When,
    programme: Programme,
) -> Standing:
    """How somebody stands in a year, as of a day, by the records that stand."""
    if obligation.roles and not bound.role:
        return Standing(obligation=obligation, when=when, checks=(), state="unknown", reason="role.unknown")
    if not is_asked(obligation, bound):
        return Standing(obligation=obligation, when=when, checks=(), state="not_asked")
    counting = sorted(
        (one for one in activities if not obligation.sources or one.rule in obligation.sources),
        key=lambda one: (one.days, one.record),
    )
    match obligation:
        case NewTeacherTraining():
            return assess_training(obligation, bound, counting, when, programme.parts)
        case EnterprisePractice():
            return assess_practice(obligation, counting, when)
        case TopicCoverage():
            return assess_coverage(obligation, counting, when, programme.offered)
        case WholeTopic():
            return assess_whole_topic(obligation, counting, when)
        case _:
            assert_never(obligation)


def is_asked(obligation: AnyObligation, bound: Bound) -> bool:
    """Whether the roster has somebody as one of those of whom it is asked."""
    if obligation.vocational_only and not bound.vocational:
        return False
    return not obligation.roles or bound.role in obligation.roles
