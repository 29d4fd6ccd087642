"""What hours refuses of matters, from declarations to plans, in the year of the examples."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.cases import ABOVE, CENTRE, OTHER, RELEASING, SCHOOL, Case, given, of
from tests.e2e.described_year import (
    AWAITING,
    COMING,
    DRAFTED,
    GIVEN_UP,
    REFUSED,
    REJECTED,
    REVERSED,
    SECOND,
    SUBMITTED,
    THIRD,
    WITHDRAWN,
    YEAR,
)
from tests.support.deeds import person, record
from tests.support.signing import OPERATOR, account, calling, signed

UNDONE = "T0360-5"
"""The appeal against what stands no longer."""
OWN = "own"
"""The course that a provider applied for."""
LATER = {"at": "2099-01-01T00:00:00+08:00"}


def declarations() -> Iterator[Case]:
    """Declarations that are not taken, and those that cannot be looked at or taken back."""
    name, row = "POST /v1/declarations", given("hours", "POST /v1/declarations")
    another = {**row, "declaration": "another"}
    alone = {**another, "source_rule": "GZ-HR-2.04", "override": "同一证书含两项内容"}
    yield from of(
        "hours",
        name,
        declaration__conflict={"json": {**row, "hours": "8"}},
        registrar__not_allowed={"json": another, "headers": calling("school:S01")},
        evidence__claimed={"json": another},
        evidence__not_handed_in={"json": {**another, "files": ["0" * 64]}},
        teacher__unknown={"json": {**another, "teacher": "N"}},
        declaration__override_alone={"json": alone},
    )
    withdrawal = "POST /v1/declarations/{declaration}/withdrawal"
    yield "hours", withdrawal, "declaration.over", {"headers": OTHER}


def appeals() -> Iterator[Case]:
    """Appeals that are not taken, and those that are not decided."""
    body = given("hours", "POST /v1/appeals")
    waiting = {**body, "matter": f"record:{REVERSED}"}
    yield from of(
        "hours",
        "POST /v1/appeals",
        appeal__matter_unknown={"json": {**body, "matter": "record:N"}, "headers": OTHER},
        appeal__of_verdict={"json": {**body, "matter": "verdict:GD-9"}, "headers": OTHER},
        appeal__not_decided={"json": {**body, "matter": "record:R0003"}, "headers": OTHER},
        appeal__not_party={
            "json": {**body, "matter": f"waiver:{SECOND}", "files": []},
            "headers": OTHER | calling("school:S12"),
        },
        appeal__open={"json": waiting, "headers": OTHER},
        appeal__granted={"json": body, "headers": OTHER},
        evidence__not_handed_in={"json": {**waiting, "files": ["0" * 64]}, "headers": OTHER},
    )
    yield from undone()
    both = signed("teacher@person:T0360", "city_department@city:越秀区")
    for what, over in (
        ("grant", {}),
        ("rejection", {"appeal": REJECTED}),
        ("withdrawal", {"appeal": GIVEN_UP}),
    ):
        name = f"POST /v1/appeals/{{appeal}}/{what}"
        yield "hours", name, "appeal.over", {**over, "headers": OTHER}
        code, who = (
            ("appeal.not_filer", calling("school:S01")) if what == "withdrawal" else ("appeal.own", both)
        )
        yield "hours", name, code, {"appeal": AWAITING, "headers": OTHER | who}


def undone() -> Iterator[Case]:
    """An appeal against a correction that was itself corrected since."""
    least, less = (record(f"R003{hours}", "T0360", "GZ-HR-2.01", str(hours), YEAR + 1) for hours in (1, 2))
    yield "hours", "POST /v1/records", "", {"json": [less]}
    for was, right in ((less, least), (least, {**less, "record": "R0032-1"})):
        number, said = was["record"], {**right, "reason": "学时登记有误"}
        headers = {"idempotency-key": f"{number}-1"}
        yield (
            "hours",
            "POST /v1/records/{record}/correction",
            "",
            {"record": number, "json": said, "headers": headers},
        )
        if was is less:
            body = {"matter": f"record:{number}", "grounds": "培训属实。"}
            yield "hours", "POST /v1/appeals", "", {"json": body, "headers": {"idempotency-key": UNDONE}}
    grant = {"appeal": UNDONE, "headers": OTHER}
    yield "hours", "POST /v1/appeals/{appeal}/grant", "appeal.not_decided", grant


def waivers() -> Iterator[Case]:
    """Waivers that are not asked for and not decided, and one that ends."""
    name = "POST /v1/waivers"
    body, asked = (
        given("hours", name),
        account("school_administrator@school:S12", "district_centre@district:D01"),
    )
    child = {**body, "kind": "childbirth", "hours": {"elective": "99"}, "files": ["0" * 64]}
    yield from of(
        "hours",
        name,
        waiver__not_applicant={"headers": OTHER | calling("teacher:T0372")},
        waiver__incomplete={"json": {**body, "kind": "illness"}, "headers": OTHER},
        waiver__span={"json": {**body, "last": 2030}, "headers": OTHER},
        waiver__too_much={"json": child, "headers": OTHER},
        teacher__unknown={"json": {**body, "teacher": "N"}, "headers": OTHER},
    )
    approval, refusal, end = (f"{name}/{{waiver}}/{what}" for what in ("approval", "refusal", "end"))
    for route in (approval, refusal, end):
        yield "hours", route, "waiver.not_decider", {"headers": OTHER | asked}
        yield "hours", route, "waiver.over", {"waiver": SECOND, "headers": OTHER}
    yield "hours", approval, "waiver.overlaps", {"waiver": THIRD, "headers": OTHER}
    yield "hours", end, "waiver.span", {"json": {"year": 2030, "reason": "返岗"}, "headers": OTHER}
    yield "hours", end, "", {}


def deductions() -> Iterator[Case]:
    """Deductions that no rule gives, that others decide, and that were withdrawn."""
    name = "POST /v1/deductions"
    body, school = given("hours", name), calling("school:S01")
    yield from of(
        "hours",
        name,
        deduction__no_rule={"json": {**body, "rule": "SCH-99"}, "headers": OTHER},
        rule__disabled={"json": {**body, "rule": "GZ-BP-01"}, "headers": OTHER},
        rule__incomplete={"json": {**body, "rule": "T-D3"}, "headers": OTHER},
        year__not_begun={"json": {**body, "year": 2099}, "headers": OTHER},
        teacher__unknown={"json": {**body, "teacher": "N"}, "headers": OTHER},
        deduction__not_decider={"headers": OTHER | school},
    )
    back = f"{name}/{{deduction}}/withdrawal"
    yield from of(
        "hours",
        back,
        deduction__not_decider={"headers": OTHER | school},
        deduction__over={"headers": OTHER},
    )


def courses() -> Iterator[Case]:
    """Courses that are not applied for, and one that a provider applies for."""
    body, provider = given("hours", "POST /v1/courses"), calling("provider:C01") | OTHER
    now = {key: value for key, value in body.items() if key != "at"}
    yield from of(
        "hours",
        "POST /v1/courses",
        course__not_applicant={"json": {**now, "rule": "GZ-CR-00"}, "headers": provider},
        course__at_not_allowed={"headers": provider},
        course__rule_unknown={"json": {**now, "rule": "GZ-HR-2.01"}, "headers": OTHER},
        course__organisation_unknown={"json": {**now, "organisation": "D01"}, "headers": OTHER},
        course__form_incomplete={"json": {**now, "form": {"hours": "12"}}, "headers": OTHER},
        organisation__abolished={
            "json": {**now, "rule": "GZ-CR-00", "organisation": "D13"},
            "headers": OTHER,
        },
        course__at_out_of_order={"json": body | LATER, "headers": OTHER},
    )
    yield "hours", "POST /v1/courses", "", {"json": now, "headers": provider | {"idempotency-key": OWN}}
    yield from decisions()
    form = {"form": now["form"]}
    yield from of(
        "hours",
        "POST /v1/courses/{course}/submission",
        course__over={"course": REFUSED, "headers": OTHER},
        course__nothing_to_submit={"headers": OTHER},
        course__not_awaited={"headers": OTHER | signed("district_centre@city:C01")},
        course__form_incomplete={"course": OWN, "json": {"form": {"hours": "12"}}, "headers": OTHER},
        course__at_not_allowed={"course": OWN, "json": form | LATER, "headers": provider},
        course__at_out_of_order={"course": OWN, "json": form | LATER, "headers": OTHER},
    )
    far = {"params": {"overdue_at": LATER["at"]}}
    yield from of("hours", "GET /v1/courses", calendar__not_announced=far)


def decisions() -> Iterator[Case]:
    """Steps that are not decided so, and those that return one course and list another one."""
    name = "POST /v1/courses/{course}/decision"
    centre, final = "distance_centre@city:C01", {"step": "final_review", "outcome": "pass"}
    first = {"step": "framework_review", "outcome": "return", "reason": "补充评价方案"}
    yield from of(
        "hours",
        name,
        course__over={"course": REFUSED, "headers": OTHER},
        course__step_not_awaited={"headers": OTHER},
        course__not_awaited={"json": final, "headers": OTHER | calling("city:C01")},
        course__at_not_allowed={"json": final | LATER, "headers": OTHER | signed(centre)},
        course__at_out_of_order={"json": final | LATER, "headers": OTHER},
        course__reason_missing={"json": final | {"outcome": "return"}, "headers": OTHER},
        course__own_review={
            "course": OWN,
            "json": first,
            "headers": OTHER | account("provider@city:C01", centre),
        },
    )
    yield "hours", name, "", {"course": OWN, "json": first, "headers": {"idempotency-key": "own first"}}
    body = given("hours", "POST /v1/courses")
    partner = {**body, "rule": "GZ-CR-02", "form": {**body["form"], "qualification": "培训资质证书"}}
    key = {"headers": {"idempotency-key": "partner"}}
    yield "hours", "POST /v1/courses", "", {"json": partner, **key}
    for step, outcome, code in (
        ("selection", "pass", ""),
        ("report", "refuse", "course.outcome_not_allowed"),
        ("report", "pass", ""),
        ("renewal", "pass", "course.renewal_early"),
    ):
        decided = {"step": step, "outcome": outcome, "reason": "择优", "at": "2024-10-25T10:00:00+08:00"}
        headers = {"idempotency-key": f"{step} {outcome}"}
        yield "hours", name, code, {"course": "partner", "json": decided, "headers": headers}


def plans() -> Iterator[Case]:
    """Plans that are not put on file, not changed, and of which nothing comes."""
    whole = {**given("hours", "POST /v1/plans"), "plan": "another"}
    theme = whole["themes"][0]
    wrong = {
        "year__mismatch": {"themes": [{**theme, "from": "2024-12-31"}]},
        "dates__reversed": {"themes": [{**theme, "to": "2025-03-01"}]},
    }
    yield from of(
        "hours",
        "POST /v1/plans",
        plan__other_school={"json": whole, "headers": SCHOOL},
        plan__conflict={"json": {**whole, "plan": DRAFTED, "title": "another"}},
        plan__school_unknown={"json": {**whole, "school": "S99"}},
        organisation__abolished={"json": {**whole, "school": "S13"}},
        rule__disabled={"json": {**whole, "rule": "GZ-HR-2.05"}},
        rule__other_way={"json": {**whole, "rule": "GZ-HR-2.02"}},
        rule__unknown={"json": {**whole, "rule": "GZ-HR-9.99"}},
        **{code: {"json": {**whole, **other}} for code, other in wrong.items()},
    )
    content = {"title": whole["title"], "themes": whole["themes"]}
    yield from of(
        "hours",
        "POST /v1/plans/{plan}/change",
        plan__state_conflict={"headers": OTHER},
        **{code: {"plan": DRAFTED, "json": {**content, **other}} for code, other in wrong.items()},
    )
    yield from of("hours", "POST /v1/plans/{plan}/withdrawal", plan__state_conflict={"headers": OTHER})
    yield from of(
        "hours",
        "POST /v1/plans/{plan}/results",
        plan__not_approved={"plan": SUBMITTED},
        plan__state_conflict={"plan": WITHDRAWN},
        plan__not_over={"plan": COMING},
    )
    yield from of(
        "hours",
        "POST /v1/plans/{plan}/registration",
        plan__not_awaited={"headers": CENTRE},
        plan__not_approved={"plan": SUBMITTED},
        plan__state_conflict={"plan": COMING},
    )


def decisions_on_plans() -> Iterator[Case]:
    """Plans that are not submitted, and not decided on."""
    late: dict[str, Any] = {"json": {"at": "2099-01-01T00:00:00Z"}}
    early: dict[str, Any] = {"json": {}}
    yield from of(
        "hours",
        "POST /v1/plans/{plan}/submission",
        plan__backdated={"plan": DRAFTED, "headers": RELEASING},
        plan__state_conflict={"headers": OTHER},
        plan__begun={"plan": DRAFTED, **early},
        plan__at_invalid={"plan": DRAFTED, **late},
    )
    clerk = account(OPERATOR, "district_centre@district:D01")
    yield from of(
        "hours",
        "POST /v1/plans/{plan}/approval",
        plan__not_awaited={"plan": SUBMITTED, "headers": ABOVE, **early},
        plan__own_account={"plan": SUBMITTED, "headers": clerk, **early},
        plan__backdated={"plan": SUBMITTED, "headers": CENTRE},
        plan__state_conflict={"headers": OTHER},
        plan__begun={"plan": SUBMITTED, **early},
        plan__at_invalid={"plan": SUBMITTED, **late},
    )
    yield from of(
        "hours",
        "POST /v1/plans/{plan}/return",
        plan__not_awaited={"plan": SUBMITTED, "headers": ABOVE},
        plan__own_account={"plan": SUBMITTED, "headers": clerk},
        plan__state_conflict={"headers": OTHER},
    )


def strict_plans() -> Iterator[Case]:
    """Under a pack with a term, whose results the centre recognises."""
    step = "POST /v1/plans/{{plan}}/{}".format
    late, before = (
        {"json": {"at": "2025-02-27T10:00:00+08:00"}},
        {"json": {"at": "2025-02-28T10:00:00+08:00"}},
    )
    yield "hours", step("submission"), "", {"plan": DRAFTED, **late}
    yield "hours", step("approval"), "plan.late", {"plan": DRAFTED, **before}
    excused = {**before["json"], "override": "寒假推迟开学"}
    yield "hours", step("approval"), "", {"plan": DRAFTED, "json": excused}
    joining = {"teachers": [{**person("T0374"), "school": "S11", "district": ""}]}
    passed = {"results": [{"teacher": "T0374", "hours": "20", "grade": "passed"}]}
    yield "hours", "POST /v1/roster", "", {"json": joining, "headers": {"idempotency-key": "roster-5"}}
    yield "hours", step("results"), "", {"plan": DRAFTED, "json": passed}
    clerk = account(OPERATOR, "district_centre@district:D01")
    yield "hours", step("registration"), "plan.own_account", {"plan": DRAFTED, "headers": clerk}
