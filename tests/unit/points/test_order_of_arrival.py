"""What is earned depends on the set of acts alone: folds against the naive reference."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from points.activities.domain.act import OBJECTS, REASONS, Act
from points.activities.domain.objects import (
    Group,
    State,
    empty,
    fold,
    groups_concerned,
    groups_of,
    refold,
    see,
)
from points.activities.domain.objects.content import Content
from points.activities.domain.rulebook import Rulebook
from shared.policy.points import RatedResource
from tests.unit.points import counting, reference

YEAR_END = datetime(2025, 12, 31, 16, tzinfo=UTC)


def _eased(rule: Any) -> Any:
    """The same rule with thresholds that a handful of acts can reach, and with a cap that bites."""
    changes: dict[str, Any] = {"cap": 130 if hasattr(rule, "host") else 30 if rule.points < 50 else 80}
    if hasattr(rule, "min_people"):
        changes["min_people"] = 3 if rule.min_people == 20 else 2
    if isinstance(rule, RatedResource):
        changes |= {"min_good": 2, "min_mean": Decimal(3)}
    return msgspec.structs.replace(rule, **changes)


EASY = Rulebook(
    msgspec.structs.replace(
        counting.GUANGZHOU, points=tuple(_eased(rule) for rule in counting.GUANGZHOU.points)
    )
)

_POOLS: dict[str, st.SearchStrategy[Any]] = {
    "stars": st.integers(1, 5),
    "by": st.sampled_from("AAAB"),
    "reason": st.sampled_from(REASONS),
    "activity": st.integers(0, 50).map(lambda number: f"a{number:02}"),
}
_LEADING = {"resource.shared", "topic.started", "workshop.founded", "workshop.featured", "session.created"}
_OFTEN = {"activity.withdrawn": 1, "workshop.featured": 1, "resource.rated": 5, "session.outcome": 4}
_TYPES = [name for name in OBJECTS for _ in range(_OFTEN.get(name, 3))]
_THEMES = [
    _TYPES,
    [name for name in _TYPES if name.startswith("resource")],
    [name for name in _TYPES if name.startswith("topic")],
    [name for name in _TYPES if name.startswith(("workshop", "session"))],
]
"""Sets about everything, and sets about one kind of object, which reach its rules more often."""


def _name(kind: str) -> st.SearchStrategy[Any]:
    return _POOLS.get(kind, st.sampled_from([f"{kind}-1", f"{kind}-1", f"{kind}-1", f"{kind}-2"]))


@st.composite
def _act(draw: st.DrawFn, number: int, theme: list[str]) -> Act:
    type_ = draw(st.sampled_from(theme))
    return Act(
        source=draw(st.sampled_from(["east"] * 7 + ["west"])),
        id=f"a{number:02}",
        type=type_,
        teacher=draw(st.sampled_from("AAAAB" if type_ in _LEADING else "ABCDE")),
        occurred_at=YEAR_END + timedelta(minutes=draw(st.integers(-16, 8))),
        object={name: draw(_name(name)) for name in OBJECTS[type_]},
    )


@st.composite
def act_sets(draw: st.DrawFn) -> list[Act]:
    """Acts of few teachers about few objects around the end of a year, some of them withdrawn."""
    theme = draw(st.sampled_from(_THEMES))
    return [draw(_act(number, theme)) for number in range(draw(st.sampled_from([3, 12, 30, 45])))]


@given(act_sets())
@settings(max_examples=400)
def test_folds_and_claims_grant_what_the_naive_reading_grants(acts: list[Act]) -> None:
    assert counting.awards(acts, EASY) == reference.awards(acts, EASY.pack)


@given(act_sets(), st.randoms(use_true_random=False), st.lists(st.integers(0, 60), max_size=6))
@settings(max_examples=300)
def test_states_are_the_same_whatever_the_order_the_repeats_and_the_parts(
    acts: list[Act], chance: Any, cuts: list[int]
) -> None:
    for subject, about in counting.by_subject(acts).items():
        arriving = [*about, *chance.sample(about, len(about) // 3)]
        chance.shuffle(arriving)
        assert _in_parts(subject, arriving, cuts) == refold(subject, about, EASY)


def _in_parts(subject: str, acts: Sequence[Act], cuts: Sequence[int]) -> State:
    """Fold part by part as the service does: a fold that asks for it is made from all acts so far."""
    state, bounds = empty(subject), [0, *sorted(min(cut, len(acts)) for cut in cuts), len(acts)]
    for first, last in pairwise(bounds):
        grown = fold(state, acts[first:last], EASY)
        state = refold(subject, acts[:last], EASY) if grown is None else grown
    return state


@given(act_sets())
@settings(max_examples=100)
def test_a_state_is_the_same_without_an_act_that_it_does_not_rest_on(acts: list[Act]) -> None:
    for subject, about in counting.by_subject(acts).items():
        state = refold(subject, about, EASY)
        assert not isinstance(state, Content), "no act names a content"
        for act in about:
            if not state.rests_on(act.moment):
                assert refold(subject, [one for one in about if one != act], EASY) == state


@given(act_sets(), st.integers(1, 12))
@settings(max_examples=200)
def test_groups_that_a_change_does_not_concern_see_a_thing_as_before(acts: list[Act], known: int) -> None:
    for subject, about in counting.by_subject(acts).items():
        before, after = refold(subject, about[:known], EASY), refold(subject, about, EASY)
        for group in (groups_of(before) | groups_of(after)) - groups_concerned(before, after):
            unaware = cast("Group", empty(group))
            assert see(unaware, group, {subject: before}) == see(unaware, group, {subject: after})


@given(act_sets(), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_a_withdrawn_act_never_happened_wherever_its_withdrawal_comes(acts: list[Act], chance: Any) -> None:
    shuffled = list(acts)
    chance.shuffle(shuffled)
    struck = {act.withdraws for act in acts if act.withdraws}
    untouched = [act for act in acts if act.withdraws is None and act.key not in struck]
    assert counting.awards(shuffled, EASY) == counting.awards(untouched, EASY)
