"""Partitions and the hash chain, without a database."""

from datetime import UTC, datetime, timedelta
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.journal import Draft, Entry, Layout, canonical
from shared.runtime.journal.entry import chain, genesis, microseconds

POINTS = Layout(
    service="points",
    ranks=(("topic", "resource"), ("workshop", "content"), ("teacher",)),
    relayed=("teacher",),
)
AT = datetime(2025, 4, 4, 8, 32, tzinfo=UTC)


@given(st.text(min_size=1).filter(lambda s: "\0" not in s))
def test_a_subject_lies_in_the_rank_of_its_kind(name: str) -> None:
    for rank, kind in enumerate(("topic", "workshop", "teacher")):
        partition = POINTS.partition(f"{kind}:{name}")
        assert partition in POINTS.partitions(kind)
        assert partition == 32 * rank + crc32(f"{kind}:{name}".encode()) % 32


def test_only_whole_ranks_are_heard() -> None:
    assert POINTS.heard == tuple(range(64, 96))
    assert len(POINTS.all) == 96


def test_an_unknown_kind_of_subject_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="school"):
        POINTS.partition("school:S01")


def test_layouts_describe_themselves_whatever_the_order_within_a_rank() -> None:
    other = Layout(
        service="points",
        ranks=(("resource", "topic"), ("content", "workshop"), ("teacher",)),
        relayed=("teacher",),
    )
    assert other.describe() == POINTS.describe()
    wider = Layout(service="points", ranks=POINTS.ranks, relayed=("teacher",), width=64)
    assert wider.describe() != POINTS.describe()


class Data(msgspec.Struct):
    words: dict[str, str]


def entry(**changed: object) -> Entry:
    values: dict[str, object] = {
        "source": "points",
        "partition": 64,
        "seq": 1,
        "type": "note.made.v1",
        "subject": "teacher:T1",
        "effective_at": AT,
        "recorded_at": AT,
        "policy": "test@1",
        "data": canonical(Data({"b": "2", "a": "1"})),
        "hash": b"",
        "year": 2025,
    }
    return Entry(**{**values, **changed})  # type: ignore[arg-type]  # one place that makes them all


@pytest.mark.parametrize(
    "changed",
    [
        {"partition": 65},
        {"seq": 2},
        {"type": "note.made.v2"},
        {"subject": "teacher:T2"},
        {"effective_at": AT + timedelta(microseconds=1)},
        {"recorded_at": AT + timedelta(microseconds=1)},
        {"policy": "test@2"},
        {"data": '{"words":{}}'},
        {"type": "note.made.v1\0", "subject": "eacher:T1"},
    ],
)
def test_the_chain_covers_every_field(changed: dict[str, object]) -> None:
    head = genesis("points", 64)
    known = entry()._replace(hash=chain(head, entry()[1:9]))
    assert known.follows(head)
    assert not known.follows(genesis("points", 65))
    assert not known._replace(**changed).follows(head)  # type: ignore[arg-type]  # one of the fields each


def test_the_same_data_is_the_same_text() -> None:
    assert canonical({"b": 1, "a": {"d": 1, "c": 2}}) == canonical({"a": {"c": 2, "d": 1}, "b": 1})
    assert canonical({"a": "广州"}) == '{"a":"广州"}'


@given(st.datetimes(timezones=st.just(UTC)))
def test_microseconds_are_exact(instant: datetime) -> None:
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds(instant)) == instant


def test_a_draft_names_no_number_and_no_time_of_recording() -> None:
    assert set(Draft._fields) == {
        "type",
        "subject",
        "effective_at",
        "policy",
        "data",
        "partition",
    }
