"""Examples of what comes out of a class: it is proposed, approved, held and assessed as its rule says."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from deploy.policy.given import MIDDLE
from shared.policy.calendar import months_before
from shared.policy.examples import AssessmentExample
from shared.policy.pack import Classes
from tests.support.examples.desk import PLACES, Desk

DAY = timedelta(days=1)
HOLDERS = ("centre", "research_department")
LEVELS = {"city": "C", "province": "P"}
Pair = tuple[str, object, object]


async def assessment_pairs(desk: Desk, teacher: str, example: AssessmentExample) -> list[Pair]:
    """Hold a class of the district for one teacher, and read off how it ended and who is given hours."""
    source = desk.pack.source(example.rule)
    assert source is not None, "the pack was checked"
    assert source.classes is not None, "as above"
    opens = date(example.year, *MIDDLE)
    holder = next(
        PLACES[one] for one in ("centre", "research_department", "city") if one in source.registrars
    )
    body = {
        "class": teacher,
        "title": example.words,
        "source_rule": source.id,
        "category": source.category,
        "hours": str(example.hours),
        "format": source.classes.formats[0],
        **dict.fromkeys(("enrol_by", "opens", "closes"), opens.isoformat()),
        "lessons": [{"lesson": "1", "day": opens.isoformat(), "hours": str(example.hours)}],
        **_scored(example),
    }
    proposed = months_before(opens, source.lead_months or 0) - DAY
    approver = _approver(source.classes, source.classes.formats[0])
    missed = {"teacher": teacher, "lesson": "1", "absent": str(example.absent)}
    at = f"/v1/classes/{teacher}"
    for day, role, path, content in (
        (proposed, holder, "/v1/classes", body),
        (proposed, approver, f"{at}/decision", {"decision": "approved"}),
        (proposed, holder, f"{at}/seats", {"teachers": [teacher]}),
        (opens, holder, f"{at}/attendance", {"rows": [missed]}),
        (opens, holder, f"{at}/results", {"rows": [_result(teacher, example)]}),
        (opens + DAY, holder, f"{at}/registration", None),
    ):
        answer = await desk.send(day, role, path, content)
        assert answer.is_success, answer.text
    return list(_ended(example, (await desk.hours.get(f"{at}/seats")).json()["items"][0]))


def _ended(example: AssessmentExample, seat: dict[str, Any]) -> Iterator[Pair]:
    yield "outcome", None if example.outcome == "excluded" else example.outcome, seat["outcome"]
    yield "marks", None if example.marks is None else f"{example.marks:.2f}", seat["score"]
    yield "absent", f"{example.absent:.2f}", seat["absent"]
    yield "registered", example.outcome == "passed", seat["registered"]


def _approver(classes: Classes, form: str) -> str:
    """Who decides on a class of the district: none of its own office."""
    kind, _, level = classes.approvers_of("district", form)[0].partition("@")
    role, _, _ = PLACES[kind].partition("@")
    level = level or ("province" if kind == "education" else "city")
    return f"{role}@{level}:{LEVELS[level]}"


def _scored(example: AssessmentExample) -> dict[str, Any]:
    if example.score is None:
        return {}
    weights = {name: str(weight) for name, weight in example.score.weights.items()}
    return {"score": {"weights": weights, "pass_mark": str(example.score.pass_mark)}}


def _result(teacher: str, example: AssessmentExample) -> dict[str, Any]:
    if not example.parts:
        return {"teacher": teacher, "outcome": example.result}
    parts = {name: {"value": str(one.value), "of": str(one.of)} for name, one in example.parts.items()}
    return {"teacher": teacher, "parts": parts}
