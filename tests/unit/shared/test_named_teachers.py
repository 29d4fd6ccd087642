"""Whom an answer names: in three forms, however deep, and nothing else that looks like one."""

from typing import Any

import pytest

from shared.reads.named import named

ANSWERS: list[tuple[Any, set[str]]] = [
    ({}, set()),
    ([], set()),
    ({"teacher": "T1"}, {"T1"}),
    ({"items": [{"teacher": "T1"}, {"teacher": "T2", "next": [[{"teacher": "T3"}]]}]}, {"T1", "T2", "T3"}),
    ({"subject": "teacher:T1", "because": [{"subject": "teacher:a:b"}]}, {"T1", "a:b"}),
    ({"scope": {"kind": "teacher", "id": "T1"}}, {"T1"}),
    ({"scope": {"kind": "school", "id": "S1"}, "subject": "year:2024"}, set()),
    ({"kind": "teacher", "teacher": None, "subject": None}, set()),
    ({"teacher": "", "id": "1"}, set()),
    ({"teacher": {"teacher": "T1"}}, {"T1"}),
    ({"teachers": ["T1"], "role": "teacher", "words": "teacher:T1"}, set()),
]


@pytest.mark.parametrize(("answer", "teachers"), ANSWERS)
def test_whom_an_answer_names(answer: Any, teachers: set[str]) -> None:
    assert named(answer) == teachers
