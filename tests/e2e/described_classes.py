"""The classes of the year of the examples: one was held, one is to come, and what is refused of them."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.inspection.findings import PDF
from tests.e2e import described_annual_plans as annual_plans
from tests.e2e.cases import ABOVE
from tests.e2e.described_year import SECOND
from tests.e2e.office import Office
from tests.support import papers
from tests.support.signing import calling, signed

Case = tuple[str, str, str, dict[str, Any]]
"""Service, route, code, and what differs from the examples."""

CENTRE = calling("centre:D01")
"""Who proposes; everything else is done by the operator."""
ELSEWHERE = calling("centre:D09")
EDUCATION = signed("provincial_education@province:P11")
OTHER = {"idempotency-key": "another"}
THIRD = "third"
"""The swap of which only the report is left."""
GIVEN_UP = "given up"
"""The swap that was withdrawn."""
FORMS = [papers.pdf(b"(form %d)" % number) for number in (2, 3)]
"""The first is that of the examples, the second of whatever else is asked for. Neither lies in the partition
of what is recorded long ago, which would not be long ago then."""
RECOGNISING = ("recognition", "return")
OPEN = "D01-2099-1"
"""A class that is to come."""
OUTLYING = "D01-2099-8"
"""A class in which somebody has a seat whose school stands in no tree."""
CALLED_OFF = "D01-2099-7"
"""A class that is not held after all."""
PROPOSED = "D01-2099-9"
"""A class that nobody decided on."""
OUTLINE: dict[str, Any] = {
    "organiser": "D01",
    "title": "跨学科教学研修班",
    "source_rule": "GZ-HR-2.02",
    "category": "professional",
    "hours": "8.00",
    "format": "online",
    "capacity": 1,
    "enrol_by": "2099-03-01",
    "opens": "2099-03-31",
    "closes": "2099-04-01",
}


def keyed(key: str) -> dict[str, dict[str, str]]:
    return {"headers": {"idempotency-key": key}}


async def hold(office: Office) -> None:
    """One class from its proposal to its registration, one that is filled, and swaps of its seat."""
    await annual_plans.declare(office)
    await office.do("hours", "POST /v1/classes", headers=CENTRE)
    for number in (OPEN, OUTLYING, CALLED_OFF, PROPOSED):
        await office.do("hours", "POST /v1/classes", json={"class": number, **OUTLINE}, headers=CENTRE)
    decision, seats = "POST /v1/classes/{class_id}/decision", "POST /v1/classes/{class_id}/seats"
    await office.do("hours", decision)
    for number in (OPEN, OUTLYING, CALLED_OFF):
        await office.do("hours", decision, class_id=number)
    await office.do("hours", seats, class_id=OUTLYING, json={"teachers": ["T0360"]})
    await office.do("hours", "POST /v1/classes/{class_id}/cancellation", class_id=CALLED_OFF)
    await office.do("hours", seats)
    await office.do("hours", seats, class_id=OPEN)
    await office.do("hours", "POST /v1/classes/{class_id}/attendance")
    await office.do("hours", "POST /v1/classes/{class_id}/results")
    await office.do("hours", "POST /v1/classes/{class_id}/registration")
    await office.do("hours", "POST /v1/classes/{class_id}/withdrawals", class_id=OPEN)
    for form in FORMS:
        await office.do("hours", "POST /v1/evidence", content=form, headers={"content-type": PDF})
    await office.do("hours", "POST /v1/swaps")
    await office.do("hours", "POST /v1/swaps/{swap}/approval")
    for step in ("second", "third", "fourth"):
        await office.do("hours", "POST /v1/swaps/{swap}/approval", **keyed(step))


def refused() -> Iterator[Case]:
    """What is refused of these classes while the year is open."""
    yield from annual_plans.refused()
    yield from _proposals()
    yield from _decisions()
    acts = ("seats", "withdrawals", "attendance", "results", "registration", "cancellation")
    for what in (*acts, *RECOGNISING):
        name = f"POST /v1/classes/{{class_id}}/{what}"
        yield "hours", name, "class.not_approved", {"class_id": PROPOSED, "headers": OTHER}
    for what in ("attendance", "results"):
        name = f"POST /v1/classes/{{class_id}}/{what}"
        yield "hours", name, "class.not_begun", {"class_id": OPEN, "headers": OTHER}
        yield "hours", name, "class.not_organiser", {"headers": EDUCATION | OTHER}
    seats = "POST /v1/classes/{class_id}/seats"
    yield "hours", seats, "enrolment.closed", {"headers": calling("school:S12") | OTHER}
    yield "hours", "POST /v1/classes/{class_id}/withdrawals", "class.begun", _of("T0372")
    registration = "POST /v1/classes/{class_id}/registration"
    yield "hours", registration, "class.not_organiser", {"headers": EDUCATION}
    for what in RECOGNISING:
        yield "hours", f"POST /v1/classes/{{class_id}}/{what}", "class.not_pending", {"headers": OTHER}
    yield from _swaps()


def _of(teacher: str) -> dict[str, Any]:
    return {"json": {"teacher": teacher}, "headers": OTHER}


def _proposals() -> Iterator[Case]:
    name, another = "POST /v1/classes", {"class": "D01-2099-2", **OUTLINE}
    for code, other in {
        "class.conflict": {"json": {**another, "class": OPEN, "hours": "9.00"}},
        "class.not_organiser": {"json": another, "headers": ELSEWHERE},
        "registrar.not_allowed": {"json": {**another, "organiser": "P11"}, "headers": EDUCATION},
        "rule.other_way": {"json": {**another, "source_rule": "GZ-HR-2.04"}},
        "rule.disabled": {"json": {**another, "source_rule": "GZ-HR-2.05"}},
        "class.organiser_unknown": {"json": {**another, "organiser": "S11"}},
        "organisation.abolished": {"json": {**another, "organiser": "D13"}},
        "class.annual_plan_unknown": {"json": {**another, "annual_plan": "D01/2099/1"}},
        "class.format_unknown": {"json": {**another, "format": "by post"}},
        "teacher.unknown": {"json": {**another, "trainers": ["N"]}},
    }.items():
        yield "hours", name, code, other


def _decisions() -> Iterator[Case]:
    decision, admission = (f"POST /v1/classes/{{class_id}}/{what}" for what in ("decision", "admission"))
    for name in (decision, admission):
        yield "hours", name, "class.not_approver", {"class_id": PROPOSED, "headers": EDUCATION | OTHER}
        yield "hours", name, "class.own_proposal", {"class_id": PROPOSED, "headers": CENTRE | OTHER}
    yield "hours", decision, "class.decided", {"headers": OTHER}
    cancellation = "POST /v1/classes/{class_id}/cancellation"
    yield "hours", cancellation, "class.registered", {"headers": OTHER}
    yield "hours", cancellation, "class.not_approver", {"class_id": OPEN, "headers": EDUCATION | OTHER}
    yield "hours", admission, "class.not_held", {"headers": OTHER}


def _swaps() -> Iterator[Case]:
    name, (taken, form) = "POST /v1/swaps", (sha256(one).hexdigest() for one in FORMS)
    body = {"class": OPEN, "form": form}
    back = {**body, "leaving": "T0373", "replacement": "T0372"}
    for code, changed in {
        "class.unknown": {"class": "nowhere"},
        "class.not_approved": {"class": PROPOSED},
        "class.begun": {"class": "D01-2025-7"},
        "seat.taken": {"replacement": "T0373"},
        "teacher.unknown": {"replacement": "N"},
        "swap.school_unknown": {"class": OUTLYING, "leaving": "T0360"},
        "evidence.not_handed_in": {"form": "0" * 64},
        "evidence.claimed": {"form": taken},
    }.items():
        yield "hours", name, code, {"json": {**back, **changed}, "headers": OTHER}
    approval, refusal, withdrawal = (
        f"POST /v1/swaps/{{swap}}/{what}" for what in ("approval", "refusal", "withdrawal")
    )
    yield "hours", name, "", {"json": back, **keyed(SECOND)}
    yield "hours", name, "swap.pending", {"json": back, "headers": OTHER}
    for what in (approval, refusal):
        yield "hours", what, "swap.over", keyed("fifth")
        elsewhere = {"swap": SECOND, "headers": calling("school:S12") | OTHER}
        yield "hours", what, "swap.not_awaited", elsewhere
    yield "hours", refusal, "", {"swap": SECOND}
    yield "hours", name, "", {"json": back, **keyed(GIVEN_UP)}
    yield "hours", withdrawal, "", {"swap": GIVEN_UP}
    yield "hours", withdrawal, "swap.over", {"headers": OTHER}
    yield "hours", name, "", {"json": back, **keyed(THIRD)}
    for step in ("first", "second", "third"):
        yield "hours", approval, "", {"swap": THIRD, **keyed(step)}
    yield "hours", refusal, "swap.reported", {"swap": THIRD, "headers": OTHER}


def planned() -> Iterator[Case]:
    """What is refused, and done, where classes stand in an annual plan and are proposed a month ahead."""
    number, decision = {"class_id": "D01-2025-8"}, "POST /v1/classes/{class_id}/decision"
    late = {"class": "D01-2025-8", **OUTLINE, "enrol_by": "2025-07-01", "opens": "2025-07-07"}
    yield "hours", "POST /v1/classes", "", {"json": {**late, "closes": "2025-07-08"}, "headers": CENTRE}
    yield "hours", decision, "class.late", {**number, "json": {"decision": "approved"}, "headers": OTHER}
    yield "hours", decision, "", number
    registration = "POST /v1/classes/{class_id}/registration"
    yield "hours", registration, "class.held", number
    admission = "POST /v1/classes/{class_id}/admission"
    yield "hours", admission, "", number
    yield "hours", admission, "idempotency.conflict", {**number, "json": {"reason": "another"}}


def recognised() -> Iterator[Case]:
    """What is refused, and done, where the centre of a district recognises what its departments hold."""
    step, number = "POST /v1/classes/{{class_id}}/{}".format, {"class_id": "D01-2026-3"}
    held = {"class": "D01-2026-3", **OUTLINE}
    held |= dict.fromkeys(("enrol_by", "opens", "closes"), day_of(clock.now()).isoformat())
    department = signed("research_department@district:D01")
    above = {"json": {**held, "class": "P11-2026-1", "organiser": "P11"}}
    yield "hours", "POST /v1/classes", "class.without_recogniser", above
    yield "hours", "POST /v1/classes", "", {"json": held, "headers": department}
    yield "hours", step("decision"), "", number
    yield "hours", step("seats"), "", {**number, "json": {"teachers": ["T0374"]}}
    passed = {"json": {"rows": [{"teacher": "T0374", "outcome": "passed"}]}}
    yield "hours", step("results"), "", {**number, **passed}
    yield "hours", step("registration"), "", number
    for what in RECOGNISING:
        yield "hours", step(what), "class.not_awaited", {**number, "headers": ABOVE | OTHER}
        yield "hours", step(what), "class.own_registration", {**number, "headers": OTHER}
    by_centre: dict[str, Any] = {**number, "headers": CENTRE}
    yield "hours", step("return"), "", by_centre
    yield "hours", step("registration"), "", number
    yield "hours", step("recognition"), "", by_centre
    for what in RECOGNISING:
        another = {**by_centre, "json": {"reason": "another"}}
        yield "hours", step(what), "idempotency.conflict", another
