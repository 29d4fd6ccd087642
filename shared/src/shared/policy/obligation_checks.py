"""What the obligations of a pack must keep together (义务校验), beyond the types of their figures."""

from collections.abc import Iterator

from shared.policy.category_checks import Fault
from shared.policy.obligations import (
    TOPICAL,
    AnyObligation,
    EnterprisePractice,
    NewTeacherTraining,
    Obligation,
    TopicCoverage,
    WholeTopic,
)
from shared.policy.pack import Pack


def obligation_faults(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong with what is asked beside sums of years."""
    for index, one in enumerate(pack.obligations):
        key = f"obligations[{index}]"
        yield from _sources(pack, one, key)
        for name in ("sources", "roles"):
            named = getattr(one, name)
            if len(set(named)) < len(named):
                yield f"{key}.{name}", "names something twice"
        yield from _of_kind(pack, one, key)
    yield from _names(pack)


def _of_kind(pack: Pack, one: AnyObligation, key: str) -> Iterator[Fault]:
    match one:
        case NewTeacherTraining():
            if not one.sources:
                yield (
                    f"{key}.sources",
                    "names no way of registering, and not everything is such a training",
                )
            if one.unit == "credit" and not pack.counts_credits:
                yield f"{key}.unit", "asks for credits, and this pack counts hours"
        case EnterprisePractice():
            yield from _practice(one, key)
        case TopicCoverage():
            yield from _topics(one, key)
            if one.required > len(one.topics):
                yield f"{key}.needed", f"{one.required} is more than there are topics ({len(one.topics)})"
        case WholeTopic():
            yield from _topics(one, key)
            if one.category not in pack.posted:
                yield f"{key}.category", f"no hours are posted into {one.category}"


def _sources(pack: Pack, one: Obligation, key: str) -> Iterator[Fault]:
    """What counts is registered under rules of this pack, or its text was not published."""
    known = {source.id for source in pack.hours} | {slot.id for slot in pack.slots if slot.section == "hours"}
    for place, rule in enumerate(one.sources):
        if rule not in known:
            yield f"{key}.sources[{place}]", f"{rule} is no way of registering hours in this pack"


def _practice(one: EnterprisePractice, key: str) -> Iterator[Fault]:
    """Who asks for weeks or months says how many days these are, and something is asked."""
    if not one.sources:
        yield f"{key}.sources", "names no way of registering, and not every day is spent in an enterprise"
    if one.weeks is None and not one.windows:
        yield key, "asks neither for weeks nor for months"
    if (one.weeks is None) != (one.week_days is None):
        yield f"{key}.week_days", "is said exactly where weeks are asked for"
    if bool(one.windows) != (one.month_days is not None):
        yield f"{key}.month_days", "is said exactly where months are asked for"


def _topics(one: TopicCoverage | WholeTopic, key: str) -> Iterator[Fault]:
    if one.first is not None and one.last is not None and one.last < one.first:
        yield f"{key}.last", f"{one.last} lies before first {one.first}"
    if len({topic.id for topic in one.topics}) < len(one.topics):
        yield f"{key}.topics", "names a topic twice"


def _names(pack: Pack) -> Iterator[Fault]:
    """A topic is called the same wherever it is named."""
    for index, one in enumerate(pack.obligations):
        for place, topic in enumerate(one.topics if isinstance(one, TOPICAL) else ()):
            if topic != pack.topics[topic.id]:
                key = f"obligations[{index}].topics[{place}]"
                yield f"{key}.name", f"{topic.id} is called otherwise in another obligation"
