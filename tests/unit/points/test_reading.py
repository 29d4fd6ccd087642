"""Reading one JSON document: what becomes an act, and what is said about what does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from points.activities.domain.act import OBJECTS, REASONS, Act, digest
from points.activities.domain.reading import MAX_TEXT, read, read_array, read_lines

NOW = datetime(2025, 6, 1, tzinfo=UTC)

REPLY: dict[str, Any] = {
    "source": "gz-community",
    "id": "reply-8841",
    "type": "topic.replied",
    "teacher": "T0360",
    "occurred_at": "2025-04-04T16:32:00+08:00",
    "object": {"topic": "topic-17"},
}


def _faults(**changes: Any) -> list[tuple[str, str]]:
    found = read({**REPLY, **changes}, NOW)
    assert not isinstance(found, Act)
    return [(fault.path, fault.code) for fault in found]


def _act(**changes: Any) -> Act:
    found = read({**REPLY, **changes}, NOW)
    assert isinstance(found, Act), found
    return found


def test_an_activity_is_read_with_its_instant_in_utc() -> None:
    act = _act()
    assert act.occurred_at == datetime(2025, 4, 4, 8, 32, tzinfo=UTC)
    assert act.subject == "topic:gz-community/topic-17"


@pytest.mark.parametrize("field", ["source", "id", "type", "teacher", "occurred_at", "object"])
def test_a_missing_field_is_named(field: str) -> None:
    assert (f"/{field}", "field.missing") in _faults(**{field: None})


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"type": "topic.liked"}, "/type", "activity.type_unknown"),
        ({"occurred_at": "2025-04-04T16:32:00"}, "/occurred_at", "instant.offset_missing"),
        ({"occurred_at": "2025-04-04"}, "/occurred_at", "instant.invalid"),
        ({"occurred_at": "20250404T163200+0800"}, "/occurred_at", "instant.invalid"),
        ({"occurred_at": "2025-02-30T16:32:00Z"}, "/occurred_at", "instant.invalid"),
        ({"occurred_at": "0001-01-01T00:00:00+08:00"}, "/occurred_at", "instant.invalid"),
        ({"occurred_at": 1743755520}, "/occurred_at", "instant.invalid"),
        ({"occurred_at": "2025-06-01T00:05:01Z"}, "/occurred_at", "activity.in_future"),
        ({"teacher": "T\0"}, "/teacher", "text.nul"),
        ({"teacher": ""}, "/teacher", "text.empty"),
        ({"teacher": 7}, "/teacher", "field.invalid"),
        ({"id": "x" * 201}, "/id", "text.too_long"),
        ({"object": []}, "/object", "field.invalid"),
        ({"object": {}}, "/object/topic", "field.missing"),
        ({"object": {"topic": "a\0b"}}, "/object/topic", "text.nul"),
    ],
)
def test_a_fault_has_its_path_and_a_stable_code(changes: dict[str, Any], path: str, code: str) -> None:
    assert _faults(**changes) == [(path, code)]


@pytest.mark.parametrize("stars", [0, 6, 3.5, "3", True])
def test_stars_are_whole_from_1_to_5(stars: object) -> None:
    given = {"resource": "r1", "stars": stars}
    assert _faults(type="resource.rated", object=given) == [("/object/stars", "activity.stars_out_of_range")]


def test_the_reason_of_a_withdrawal_is_one_of_four() -> None:
    given = {"activity": "reply-1", "reason": "regret"}
    assert _faults(type="activity.withdrawn", object=given) == [("/object/reason", "field.not_allowed")]


def test_every_fault_is_said_at_once() -> None:
    assert len(_faults(teacher=None, occurred_at="yesterday", object={"topic": ""})) == 3


def test_clocks_may_run_five_minutes_ahead() -> None:
    ahead = NOW + timedelta(minutes=5)
    assert _act(occurred_at=ahead.isoformat()).occurred_at == ahead


@pytest.mark.parametrize("document", [None, [], "topic", 7])
def test_what_is_no_object_is_refused(document: object) -> None:
    found = read(document, NOW)
    assert not isinstance(found, Act)
    assert [fault.code for fault in found] == ["activity.not_an_object"]


def test_the_same_content_is_equal_after_normalisation() -> None:
    written = _act(teacher="Rene\u0301", occurred_at="2025-04-04T08:32:00.000Z", more="ignored")
    assert digest(written) == digest(_act(teacher="Ren\u00e9"))


@pytest.mark.parametrize(
    "changes",
    [{"teacher": "T1"}, {"object": {"topic": "t2"}}, {"occurred_at": "2025-04-04T16:32:01+08:00"}],
)
def test_other_content_has_another_digest(changes: dict[str, Any]) -> None:
    assert digest(_act(**changes)) != digest(_act())


GOOD = ["T0360", "a/b c·d", "教师·甲", "\u00e9", "x" * MAX_TEXT]
ODD = ["", "T\0", "e\u0301", "x" * (MAX_TEXT + 1), 7, 1.5, True, None, [], {}]
INSTANTS = [
    "2025-04-04T16:32:00+08:00",
    "2025-04-04t16:32:00.123456z",
    "2025-04-04T16:32:00.1234567Z",
    "2025-06-01T00:05:00Z",
]
ODD_INSTANTS = [
    "2025-04-04T16:32:00",
    "2025-04-04 16:32:00Z",
    "2025-W14-5T16:32:00+08:00",
    "2025-04-04T16:32:00+0800",
    "2025-02-30T16:32:00Z",
    "0001-01-01T00:00:00+08:00",
    "2025-06-01T00:05:01Z",
    "",
    1743755520,
    None,
]


@st.composite
def documents(draw: st.DrawFn, *, odd: bool) -> dict[str, Any]:
    def of(good: list[Any], bad: list[Any]) -> Any:
        return draw(st.sampled_from([*good, *bad] if odd else good))

    kind = draw(st.sampled_from(list(OBJECTS)))
    own: dict[str, tuple[list[Any], list[Any]]] = {
        "stars": ([1, 5], [0, 6, 4.0, True, "4"]),
        "reason": (list(REASONS), ["spite", None]),
    }
    named = {name: of(*own.get(name, (GOOD, ODD))) for name in OBJECTS[kind]}
    document = {
        **{name: of(GOOD, ODD) for name in ("source", "id", "teacher")},
        "type": of([kind], ["topic.liked", None, 3]),
        "occurred_at": of(INSTANTS, ODD_INSTANTS),
        "object": of([{**named, "beside": [1]}], [named, None, [], {}]),
        "beside": {"e\u0301": None},
    }
    left_out = draw(st.sampled_from([None, *document])) if odd else None
    return {name: value for name, value in document.items() if name != left_out}


@given(st.lists(documents(odd=False), max_size=3))
def test_many_sound_documents_are_read_as_each_alone(given: list[dict[str, Any]]) -> None:
    each = [read(document, NOW) for document in given]
    assert read_array(msgspec.json.encode(given), NOW, len(given)) == each
    assert read_lines([msgspec.json.encode(document) for document in given], NOW) == each


@given(st.lists(documents(odd=True), min_size=1, max_size=3))
def test_what_may_be_wrong_is_never_read_otherwise_than_alone(given: list[dict[str, Any]]) -> None:
    each = [read(document, NOW) for document in given]
    for whole in (
        read_array(msgspec.json.encode(given), NOW, len(given)),
        read_lines([msgspec.json.encode(document) for document in given], NOW),
    ):
        assert whole is None or whole == each


@pytest.mark.parametrize("body", [b"", b"{}", b"[{}]", b"[1]", b"[", b'["\xff"]', b"null"])
def test_what_is_no_array_of_documents_is_not_read_whole(body: bytes) -> None:
    assert read_array(body, NOW, 10) is None


def test_a_line_holds_one_document() -> None:
    one = msgspec.json.encode(REPLY)
    assert read_lines([one + b"," + one, one[:20]], NOW) is None
