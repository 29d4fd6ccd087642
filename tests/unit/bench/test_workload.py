"""The community: its mix, its order, what is sent twice, and that the same seed gives the same acts."""

import json
from collections import Counter

import pytest

from bench.workload import MIX, Workload, community
from points.activities.domain.act import OBJECTS, Act
from points.activities.domain.reading import read
from shared.runtime import clock

SIZE = 10_000
YEAR = 2025


@pytest.fixture(scope="module")
def even() -> Workload:
    return community(SIZE, source="bench", year=YEAR)


def kinds(workload: Workload) -> Counter[str]:
    return Counter(json.loads(line)["type"] for line in set(workload.lines))


def test_the_mix_is_that_of_a_community(even: Workload) -> None:
    found = kinds(even)
    assert set(found) == set(MIX) == set(OBJECTS)
    assert sum(MIX.values()) == 1000
    for kind, share in MIX.items():
        assert found[kind] == SIZE * share // 1000


def test_it_is_counted_what_must_be_recorded(even: Workload) -> None:
    assert even.recorded.acts == SIZE
    assert even.recorded.withdrawn == SIZE // 100
    again = len(even.lines) - SIZE
    assert 150 <= again <= 250
    assert even.first(100).recorded.acts <= 100
    assert (even.recorded + even.recorded).acts == 2 * SIZE


def test_every_act_can_be_read_and_lies_in_the_year(even: Workload) -> None:
    now = clock.now()
    for line in even.lines:
        act = read(json.loads(line), now)
        assert isinstance(act, Act), act
        assert act.occurred_at.year == YEAR


def test_every_act_names_what_was_founded_before(even: Workload) -> None:
    known: set[tuple[str, str]] = set()
    founding = {"topic.started": "topic", "resource.shared": "resource", "workshop.founded": "workshop"}
    founding["session.created"] = "session"
    for line in even.lines:
        act = json.loads(line)
        named = {(noun, name) for noun, name in act["object"].items() if noun in founding.values()}
        if act["type"] in founding:
            noun = founding[act["type"]]
            known.add((noun, act["object"][noun]))
        assert named <= known, act


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_withdrawal_names_an_act_of_before_and_none_twice(seed: int) -> None:
    seen: set[str] = set()
    gone: list[str] = []
    for line in dict.fromkeys(community(SIZE, source="bench", year=YEAR, seed=seed).lines):
        act = json.loads(line)
        if act["type"] == "activity.withdrawn":
            assert act["object"]["activity"] in seen
            gone.append(act["object"]["activity"])
        seen.add(act["id"])
    assert len(gone) == len(set(gone))


def test_the_same_seed_gives_the_same_acts_and_another_seed_others(even: Workload) -> None:
    assert community(SIZE, source="bench", year=YEAR) == even
    assert community(SIZE, source="bench", year=YEAR, seed=9) != even


def test_shuffling_keeps_every_line(even: Workload) -> None:
    mixed = even.shuffled(3)
    assert mixed.lines != even.lines
    assert sorted(mixed.lines) == sorted(even.lines)


def test_after_zipf_most_replies_go_to_one_topic(even: Workload) -> None:
    def largest(workload: Workload) -> float:
        acts = [json.loads(line) for line in workload.lines]
        counts = Counter(act["object"]["topic"] for act in acts if act["type"] == "topic.replied")
        return max(counts.values()) / counts.total()

    assert largest(even) < 0.05
    assert 0.5 < largest(community(SIZE, source="bench", year=YEAR, zipf=2.0)) < 0.7


def test_a_body_holds_so_many_acts_and_together_all(even: Workload) -> None:
    bodies = [json.loads(body) for body in even.arrays(300)]
    assert {len(body) for body in bodies[:-1]} == {300}
    assert sum(len(body) for body in bodies) == len(even.lines)
