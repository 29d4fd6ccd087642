"""Examples of classes: one is proposed, approved, filled, held and assessed as its rule says."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from deploy.policy.given import MIDDLE, Pair
from shared.policy.calendar import months_before
from shared.policy.examples import AssessmentExample, ExampleTeacher, SeatsExample, SubmissionExample
from shared.policy.sources import AnyHourSource, Classes
from tests.support.examples.desk import PLACES, Desk

DAY = timedelta(days=1)
HOLDERS = ("centre", "research_department")
LEVELS = {"city": "C", "province": "P"}
Example = AssessmentExample | SeatsExample | SubmissionExample


async def assessment_pairs(desk: Desk, number: str, example: AssessmentExample) -> list[Pair]:
    """How one teacher comes out of a class, and whether hours are given for it."""
    opens, holder = await _approved(desk, number, example, _scored(example))
    missed = {"teacher": number, "lesson": "1", "absent": str(example.absent)}
    for day, path, content in (
        (opens - DAY, "seats", {"teachers": [number]}),
        (opens, "attendance", {"rows": [missed]}),
        (opens, "results", {"rows": [_result(number, example)]}),
        (opens + DAY, "registration", None),
    ):
        answer = await desk.send(day, holder, f"/v1/classes/{number}/{path}", content)
        assert answer.is_success, answer.text
    (seat,) = (await desk.hours.get(f"/v1/classes/{number}/seats")).json()["items"]
    return list(_ended(example, seat))


def _ended(example: AssessmentExample, seat: dict[str, Any]) -> Iterator[Pair]:
    yield "outcome", None if example.outcome == "excluded" else example.outcome, seat["outcome"]
    yield "marks", None if example.marks is None else f"{example.marks:.2f}", seat["score"]
    yield "absent", f"{example.absent:.2f}", seat["absent"]
    yield "registered", example.outcome == "passed", seat["registered"]


async def seat_pairs(desk: Desk, number: str, example: SeatsExample) -> list[Pair]:
    """What the last of so many who enrol is given."""
    teachers = [f"{number}-{place}" for place in range(1, example.place + 1)]
    await desk.enrol(*teachers, of=ExampleTeacher())
    opens, holder = await _approved(desk, number, example, {"capacity": example.capacity})
    answer = await desk.send(opens - DAY, holder, f"/v1/classes/{number}/seats", {"teachers": teachers})
    return [("state", example.state, answer.json()["results"][-1]["state"])]


async def submission_pairs(desk: Desk, number: str, example: SubmissionExample) -> list[Pair]:
    """Whether a class is said to be proposed late, and is refused without a reason then."""
    body = _outline(desk, number, example, example.opens)
    source = _source(desk, example)
    holder, approver = _holder(source), _approver(source, body["format"])
    proposed = await desk.send(example.submitted, holder, "/v1/classes", body)
    decision = {"decision": "approved"}
    decided = await desk.send(example.submitted, approver, f"/v1/classes/{number}/decision", decision)
    return [
        ("late", example.late, proposed.json()["late"]),
        ("refused", "class.late" if example.late else None, decided.json().get("code")),
    ]


async def _approved(desk: Desk, number: str, example: Example, further: dict[str, Any]) -> tuple[date, str]:
    """A class of a day in the middle of the year, proposed and approved in time; the day and who holds it."""
    source, opens = _source(desk, example), date(example.year, *MIDDLE)
    body = {**_outline(desk, number, example, opens), **further}
    proposed, holder = months_before(opens, source.lead_months or 0) - DAY, _holder(source)
    for role, path, content in (
        (holder, "/v1/classes", body),
        (_approver(source, body["format"]), f"/v1/classes/{number}/decision", {"decision": "approved"}),
    ):
        answer = await desk.send(proposed, role, path, content)
        assert answer.is_success, answer.text
    return opens, holder


def _outline(desk: Desk, number: str, example: Example, opens: date) -> dict[str, Any]:
    source = _source(desk, example)
    hours = str(example.hours if isinstance(example, AssessmentExample) else 8)
    return {
        "class": number,
        "title": example.words,
        "source_rule": source.id,
        "category": source.category,
        "hours": hours,
        "format": _classes(source).formats[0],
        **dict.fromkeys(("enrol_by", "opens", "closes"), opens.isoformat()),
        "lessons": [{"lesson": "1", "day": opens.isoformat(), "hours": hours}],
    }


def _source(desk: Desk, example: Example) -> AnyHourSource:
    source = desk.pack.source(example.rule)
    assert source is not None, "the pack was checked"
    return source


def _classes(source: AnyHourSource) -> Classes:
    assert source.classes is not None, "the pack was checked"
    return source.classes


def _holder(source: AnyHourSource) -> str:
    return next(PLACES[one] for one in HOLDERS if one in source.registrars)


def _approver(source: AnyHourSource, form: str) -> str:
    """Who decides on a class of the district: none of its own office."""
    kind, _, level = _classes(source).approvers_of("district", form)[0].partition("@")
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
