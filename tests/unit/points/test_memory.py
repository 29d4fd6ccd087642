"""What a process remembers of objects, and what others have said of them since."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from points.activities.domain.act import Act
from points.activities.domain.objects import State, empty, fold, refold
from points.activities.domain.rulebook import Rulebook
from points.activities.entries import RECORDED_TYPE, STRUCK_TYPE, ActivityStruck
from points.activities.store.memory import MOST, NEWS, Judged, Memory, Remembered
from shared.policy import loader
from shared.runtime.journal import Entry, canonical
from tests.unit.points.acts import Platform

BOOK = Rulebook(loader.builtin())
PLATFORM = Platform()
OPENED = PLATFORM.start("T0", "t", 0)
REPLIES = [PLATFORM.reply(f"T{n % 7}", "t", n) for n in range(1, NEWS + 1)]
TOPIC = OPENED.subject
JUDGED = Judged((), frozenset())


def said(data: msgspec.Struct, kind: str = RECORDED_TYPE, seq: int = 1) -> Entry:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    return Entry("points", 3, seq, kind, TOPIC, at, at, "", canonical(data), b"", 2024)


def folded(acts: Sequence[Act]) -> State:
    return refold(TOPIC, acts, BOOK)


def remembering(*acts: Act) -> Memory:
    memory = Memory()
    memory.keep({TOPIC: Remembered(folded(acts), JUDGED, len(acts))}, {3: len(acts)})
    return memory


def test_what_others_said_in_several_portions_is_folded_in_order_once_it_is_asked_for() -> None:
    memory = remembering(OPENED)
    memory.catch_up({TOPIC: [said(act) for act in REPLIES[:2]]}, {3: 3})
    memory.catch_up({TOPIC: [said(REPLIES[2])], "topic:other/x": [said(REPLIES[3])]}, {3: 4})
    wanted = Remembered(folded([OPENED, *REPLIES[:3]]), None, 4)
    assert [memory.recall({TOPIC, "topic:other/x"}, BOOK) for _ in range(2)] == [{TOPIC: wanted}] * 2
    assert memory.behind({3: 4}) == {}
    assert memory.behind({3: 5}) == {3: 4}


def test_a_state_of_which_others_struck_something_is_forgotten() -> None:
    memory = remembering(OPENED, REPLIES[0])
    gone = ActivityStruck(source=REPLIES[0].source, id=REPLIES[0].id)
    memory.catch_up({TOPIC: [said(REPLIES[1]), said(gone, STRUCK_TYPE)]}, {3: 4})
    assert memory.recall({TOPIC}, BOOK) == {}


def test_a_state_of_which_nobody_asks_is_forgotten_once_others_have_said_a_lot() -> None:
    memory = remembering(OPENED)
    memory.catch_up({TOPIC: [said(act) for act in REPLIES[: NEWS - 1]]}, {3: NEWS})
    assert TOPIC in memory.states
    memory.catch_up({TOPIC: [said(REPLIES[-1])]}, {3: NEWS + 1})
    assert (memory.states, memory.news) == ({}, {})


def test_what_is_committed_here_holds_what_others_said_before() -> None:
    memory = remembering(OPENED)
    memory.catch_up({TOPIC: [said(REPLIES[0])]}, {3: 2})
    state = fold(memory.recall({TOPIC}, BOOK)[TOPIC].state, [REPLIES[1]], BOOK)
    assert state is not None
    memory.catch_up({}, {3: 2})
    memory.keep({TOPIC: Remembered(state, JUDGED, 3)}, {3: 3})
    assert memory.recall({TOPIC}, BOOK)[TOPIC] == Remembered(folded([OPENED, *REPLIES[:2]]), JUDGED, 3)


def test_the_oldest_make_room() -> None:
    memory = remembering(OPENED)
    memory.catch_up({TOPIC: [said(REPLIES[0])]}, {3: 2})
    nothing = Remembered(empty("topic:s/x"), None, 0)
    memory.keep({f"topic:s/{n}": nothing for n in range(MOST)}, {4: 1})
    assert (TOPIC in memory.states, memory.news, len(memory.states)) == (False, {}, MOST)
