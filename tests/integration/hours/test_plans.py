"""Plans of schools over HTTP: the right centre approves first, the school assesses after, hours follow."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from shared.policy.calendar import CALENDAR_YEARS, day_of
from shared.runtime import clock
from tests.integration.hours.acts import key, review, total
from tests.integration.hours.plans import (
    AHEAD,
    APPROVED,
    CITY,
    DISTRICT,
    ELSEWHERE,
    OPERATOR,
    PAST,
    SCHOOL,
    SUBMITTED,
    THEMES,
    approved,
    code,
    do,
    draft,
    hand_in,
    plan,
    register,
    reverse,
    shown,
    town,
)
from tests.support.signing import account, calling, signed
from tests.support.world import World


async def test_a_plan_is_returned_changed_and_approved_by_what_the_school_stands_below(world: World) -> None:
    hours, coming = await town(world), plan("P1", year=AHEAD)
    assert await draft(hours, coming, SCHOOL) == (201, "P1")
    assert await draft(hours, coming, SCHOOL) == (201, "P1")
    assert await draft(hours, {**coming, "title": "other"}, SCHOOL) == (409, "plan.conflict")
    assert await do(hours, "P1", "approval", DISTRICT) == (409, "plan.state_conflict")
    assert await do(hours, "P1", "submission", SCHOOL) == (200, "submitted")
    content = {"title": "新计划", "themes": coming["themes"][:1]}
    assert await do(hours, "P1", "change", SCHOOL, **content) == (409, "plan.state_conflict")
    for caller, said in (
        (SCHOOL, (403, "access.forbidden")),
        (CITY, (403, "plan.not_awaited")),
        (ELSEWHERE, (404, "plan.unknown")),
    ):
        assert await do(hours, "P1", "approval", caller) == said
        assert await do(hours, "P1", "return", caller, reason="不") == said
    assert await do(hours, "P1", "return", DISTRICT, reason="请补充考核办法") == (200, "returned")
    assert await do(hours, "P1", "approval", DISTRICT) == (409, "plan.state_conflict")
    assert await do(hours, "P1", "change", SCHOOL, **content) == (200, "returned")
    assert await draft(hours, coming, SCHOOL) == (201, "P1"), "the first answer again"
    assert await do(hours, "P1", "submission", SCHOOL) == (200, "submitted")
    assert await do(hours, "P1", "approval", DISTRICT) == (200, "approved")
    for what in ("submission", "approval"):
        caller = SCHOOL if what == "submission" else DISTRICT
        assert await do(hours, "P1", what, caller) == (409, "plan.state_conflict")
    found = await shown(hours, "P1")
    assert (found["title"], found["hours"], found["awaits"]) == ("新计划", "12.00", "school:S")
    assert [(one["did"], one["by"], one["reason"]) for one in found["history"]] == [
        ("drafted", "school:S", ""),
        ("submitted", "school:S", ""),
        ("returned", "centre:D", "请补充考核办法"),
        ("changed", "school:S", ""),
        ("submitted", "school:S", ""),
        ("approved", "centre:D", ""),
    ]
    assert "administrator" not in str(found), "accounts are not shown"
    assert await do(hours, "P1", "withdrawal", SCHOOL, reason="不办了") == (200, "withdrawn")
    assert (await shown(hours, "P1"))["awaits"] is None
    assert await world.rebuild("hours") == []


async def test_gz_hr_3_02_who_passed_gets_hours_up_to_the_cap_once(world: World) -> None:
    hours = await town(world)
    await draft(hours, plan("P1"))
    for what in ("results", "registration"):
        body: dict[str, Any] = {"results": [{}]} if what == "results" else {}
        assert await do(hours, "P1", what, SCHOOL, **body) == (409, "plan.not_approved")
    await do(hours, "P1", "submission", at=SUBMITTED)
    assert await do(hours, "P1", "registration", SCHOOL) == (409, "plan.not_approved")
    await do(hours, "P1", "approval", at=APPROVED)
    assert await do(hours, "P1", "registration", SCHOOL) == (409, "plan.state_conflict"), (
        "nothing is assessed"
    )
    rows = (
        ("T1", "20", "passed"),
        ("T2", "16", "failed"),
        ("T2", "16", "passed"),
        ("T9", "20", "passed"),
        ("nobody", "1", "passed"),
        ("T3", "22.5", "passed"),
        ("T3", "-1", "passed"),
    )
    said = [
        *("taken", "taken", "plan.teacher_twice", "plan.teacher_elsewhere", "plan.teacher_elsewhere"),
        *("plan.hours_exceeded", "body.invalid"),
    ]
    assert await hand_in(hours, "P1", *rows, dry_run="true") == said
    assert (await shown(hours, "P1"))["results"] == [], "a dry run keeps nothing"
    assert await hand_in(hours, "P1", *rows) == said
    assert await hand_in(hours, "P1", ("T1", "20", "passed"), ("T2", "12", "failed")) == [
        "unchanged",
        "changed",
    ]
    once = {**SCHOOL, **key()}
    first = await hours.post("/v1/plans/P1/registration", headers=once)
    again = await hours.post("/v1/plans/P1/registration", headers=once)
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["accepted"]) == ("registered", 1)
    assert (await register(hours, "P1"))["replayed"] == 1
    (row,) = first.json()["results"]
    record = (await hours.get(f"/v1/records/{row['record']}", headers=SCHOOL)).json()
    stands = {"registrar": "school:S", "recogniser": None, "matter": "plan:P1", "counted": "18.00"}
    assert stands.items() <= record.items()
    assert record["over_cap"] == "2.00"
    assert (await total(hours, "T1"))["elective"] == "18.00"
    assert await do(hours, "P1", "withdrawal", SCHOOL, reason="不") == (409, "plan.state_conflict")
    found = await shown(hours, "P1")
    assert [(one["teacher"], one["record"]) for one in found["results"]] == [
        ("T1", row["record"]),
        ("T2", None),
    ]
    assert [one["did"] for one in found["history"]][3:] == ["assessed", "assessed", "registered"]
    assert await world.rebuild("hours") == []


async def test_a_record_that_was_reversed_frees_its_teacher_for_another_one(world: World) -> None:
    hours = await town(world)
    await approved(hours)
    await hand_in(hours, "P1", ("T1", "20", "passed"), ("T2", "6", "passed"))
    first, kept = [row["record"] for row in (await register(hours, "P1"))["results"]]
    corrected = ("T1", "8", "passed")
    assert await hand_in(hours, "P1", corrected, ("T3", "4", "passed")) == ["plan.result_registered", "taken"]
    await reverse(hours, first, SCHOOL)
    assert (await total(hours, "T1"))["elective"] == "0.00"
    assert await hand_in(hours, "P1", corrected) == ["changed"]
    moved = {
        "teacher": "T3",
        "name": "阿",
        "school": "N",
        "district": "福田区",
        "stage": "小学",
        "role": "教师",
    }
    await hours.post("/v1/roster", json={"teachers": [moved]}, headers=key())
    done = (await register(hours, "P1"))["results"]
    assert [(row["status"], row.get("replayed", False)) for row in done] == [
        (201, False),
        (201, True),
        (201, False),
    ]
    assert (await total(hours, "T3"))["elective"] == "4.00", "moved since, the work was done here"
    assert await hand_in(hours, "P1", ("T3", "5", "passed"), ("T9", "4", "passed")) == [
        *("plan.result_registered", "plan.teacher_elsewhere")
    ]
    await reverse(hours, done[2]["record"], OPERATOR)
    assert await hand_in(hours, "P1", ("T3", "5", "passed")) == ["changed"], "who left during the plan's days"
    assert len((await register(hours, "P1"))["results"]) == 3
    assert (await total(hours, "T3"))["elective"] == "5.00"
    assert (done[0]["record"] != first, done[1]["record"]) == (True, kept)
    assert (await total(hours, "T1"))["elective"] == "8.00"
    assert (await shown(hours, "P1"))["state"] == "registered"
    assert await world.rebuild("hours") == []


async def test_whoever_has_a_record_of_the_plan_that_stands_gets_no_other_one_whatever_its_number(
    world: World,
) -> None:
    hours = await town(world)
    await approved(hours)
    rows = (("T1", "8", "passed"), ("T2", "8", "passed"), ("T3", "8", "passed"))
    await hand_in(hours, "P1", *rows)
    first, second, third = [row["record"] for row in (await register(hours, "P1"))["results"]]
    body = (await hours.get(f"/v1/records/{first}")).json() | {"hours": "22.5", "reason": "登记有误"}
    other = {name: value for name, value in body.items() if value is not None} | {"record": "other"}
    correction = await hours.post(f"/v1/records/{first}/correction", json=other, headers=key())
    assert code(correction) == (409, "plan.result_registered"), "its results say what was approved"
    for record in (second, third):
        await reverse(hours, record, OPERATOR)
    appealed = {"matter": f"record:{second}", "grounds": "材料齐全"}
    for what, headers, sent in (
        ("", {"Idempotency-Key": "a", **calling("teacher:T2")}, appealed),
        ("/a/grant", {**key(), **signed("city_department@city:C")}, {"reason": "经核实"}),
    ):
        assert (await hours.post(f"/v1/appeals{what}", json=sent, headers=headers)).is_success
    standing = [first, "appeal:a", None]
    assert [one["record"] for one in (await shown(hours, "P1"))["results"]] == standing
    again = (await register(hours, "P1"))["results"]
    assert [(row["record"], row["replayed"]) for row in again] == [(first, True), (standing[1], True)]
    assert [(await total(hours, one))["elective"] for one in ("T1", "T2", "T3")] == ["8.00", "8.00", "0.00"]
    appealed = {"matter": f"record:{third}", "grounds": "材料齐全"}
    headers = {"Idempotency-Key": "b", **calling("teacher:T3")}
    assert (await hours.post("/v1/appeals", json=appealed, headers=headers)).is_success
    assert await hand_in(hours, "P1", *rows) == ["unchanged", "unchanged", "taken"]
    assert await hand_in(hours, "P1", ("T1", "7", "passed"), *rows[1:]) == [
        *("plan.result_registered", "unchanged", "unchanged")
    ]
    assert [row.get("replayed", False) for row in (await register(hours, "P1"))["results"]] == [
        *(True, True, False)
    ]
    assert [(await total(hours, one))["elective"] for one in ("T1", "T2", "T3")] == ["8.00", "8.00", "8.00"]
    headers = {**key(), **signed("city_department@city:C")}
    granted = await hours.post("/v1/appeals/b/grant", json={"reason": "经核实"}, headers=headers)
    assert code(granted) == (409, "appeal.not_decided"), "they stand already"
    assert await world.rebuild("hours") == []


async def test_a_plan_whose_teachers_all_failed_is_registered_without_a_record(world: World) -> None:
    hours = await town(world)
    await approved(hours)
    await hand_in(hours, "P1", ("T1", "20", "failed"))
    assert {"state": "registered", "results": []}.items() <= (await register(hours, "P1")).items()


async def test_gz_hr_3_02_a_plan_of_a_school_of_the_city_is_in_the_citys_queue(world: World) -> None:
    hours = await town(world)
    for number, school in (("A", "S"), ("B", "S"), ("C", "M"), ("D", "F")):
        assert await draft(hours, plan(number, school, AHEAD)) == (201, number)
    await approved(hours, "E")
    for number in ("A", "C", "D"):
        assert await do(hours, number, "submission") == (200, "submitted")

    async def listed(who: Mapping[str, str], **asked: Any) -> list[str]:
        answer = await hours.get("/v1/plans", params=asked, headers=dict(who))
        return [one["plan"] for one in answer.json()["items"]]

    assert await listed(OPERATOR) == ["A", "B", "C", "D", "E"]
    assert await listed(DISTRICT) == await listed(SCHOOL) == ["A", "B", "E"]
    assert await listed(DISTRICT, awaits="district:D") == ["A"]
    assert await listed(CITY) == ["A", "B", "C", "D", "E"]
    assert await listed(CITY, awaits="city:C") == ["C"]
    assert await listed(SCHOOL, awaits="school:S") == ["B", "E"]
    assert await listed(calling("school:N")) == []
    assert await listed(OPERATOR, year=PAST) == ["E"]
    assert await do(hours, "C", "approval", DISTRICT) == (404, "plan.unknown")
    assert await do(hours, "C", "approval", CITY) == (200, "approved"), "市属学校"
    assert await listed(OPERATOR, state="approved") == ["C"]
    assert await listed(OPERATOR, state="running") == ["E"]
    assert await listed(OPERATOR, state="submitted", school="F") == ["D"]
    page = (await hours.get("/v1/plans", params={"limit": 2})).json()
    assert await listed(OPERATOR, limit=2, cursor=page["next"]) == ["C", "D"]
    assert (await hours.get("/v1/plans/A", headers=calling("school:N"))).status_code == 404
    assert (await hours.get("/v1/plans/A", headers=calling("teacher:T1"))).status_code == 403


async def test_what_cannot_be_planned_or_was_not_in_time_is_refused(world: World) -> None:
    hours = await town(world)
    early = [{**THEMES[0], "from": "2023-12-01"}]
    backwards = [{**THEMES[0], "to": "2024-03-01"}]
    for said, changed in (
        ((422, "plan.school_unknown"), {"school": "X"}),
        ((422, "rule.unknown"), {"rule": "GZ-HR-9.99"}),
        ((409, "rule.disabled"), {"rule": "GZ-HR-2.05"}),
        ((409, "rule.other_way"), {"rule": "GZ-HR-2.02"}),
        ((422, "year.mismatch"), {"themes": early}),
        ((422, "dates.reversed"), {"themes": backwards}),
        ((422, "body.invalid"), {"themes": []}),
    ):
        assert await draft(hours, plan("P1", **changed)) == said
    assert await draft(hours, plan("P1", "N"), SCHOOL) == (403, "plan.other_school")
    assert await draft(hours, plan("P1")) == (201, "P1")
    assert await do(hours, "P1", "submission", SCHOOL) == (409, "plan.begun")
    assert await do(hours, "P1", "submission", SCHOOL, at=SUBMITTED) == (403, "plan.backdated")
    assert await do(hours, "P1", "submission", at="2099-01-01T00:00:00Z") == (422, "plan.at_invalid")
    assert await do(hours, "P1", "submission", at=SUBMITTED) == (200, "submitted")
    assert await do(hours, "P1", "approval", DISTRICT) == (409, "plan.begun")
    assert await do(hours, "P1", "approval", at="2024-01-01T00:00:00Z") == (422, "plan.at_invalid")
    assert await do(hours, "P1", "change", SCHOOL, title="x", themes=THEMES) == (409, "plan.state_conflict")
    year = CALENDAR_YEARS.of(clock.now())
    going_on = [{**THEMES[0], "from": f"{year}-01-01", "to": f"{year}-12-31"}]
    assert await draft(hours, plan("P2", year=year, themes=going_on)) == (201, "P2")
    before = f"{year - 1}-11-01T00:00:00Z"
    await do(hours, "P2", "submission", at=before)
    assert await do(hours, "P2", "approval", at=before) == (200, "running")
    assert await do(hours, "P2", "results", SCHOOL, results=[{}]) == (409, "plan.not_over")
    over = [{**going_on[0], "to": day_of(clock.now()).isoformat()}]
    await draft(hours, plan("P3", year=year, themes=over))
    for what in ("submission", "approval"):
        await do(hours, "P3", what, at=before)
    assert await hand_in(hours, "P3", ("T1", "1", "passed")) == ["taken"], "on its last day"


async def test_nobody_decides_on_what_came_from_their_own_account(world: World) -> None:
    hours = await town(world)
    both = signed("school_administrator@school:S", "district_centre@district:D")
    await draft(hours, plan("P1", year=AHEAD), both)
    await do(hours, "P1", "submission", SCHOOL)
    assert await do(hours, "P1", "approval", both) == (403, "plan.own_account")
    assert await do(hours, "P1", "approval", DISTRICT) == (200, "approved")


@pytest.fixture
def strict_pack(tmp_path: Path) -> str:
    """A pack whose plans are submitted a month ahead, and whose results the centre recognises."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    file = tmp_path / "strict.toml"
    strict = 'through = "plan"\nlead_months = 1\nreviewers = ["centre"]'
    file.write_text(shipped.replace('through = "plan"', strict), encoding="utf-8")
    return str(file)


async def test_wh_08_what_comes_late_is_approved_with_a_reason_only(world: World, strict_pack: str) -> None:
    hours = await town(world, HOURS_PACK=strict_pack)
    for number, day, latest in (
        ("A", "2024-02-29", "2024-02-29"),
        ("B", "2024-03-01", "2024-02-29"),
        ("C", "2023-02-28", "2023-02-28"),
        ("D", "2023-03-01", "2023-02-28"),
    ):
        year = day[:4]
        await draft(hours, plan(number, year=int(year)))
        await do(hours, number, "submission", at=f"{day}T23:30:00+08:00")
        assert (await shown(hours, number))["latest"] == latest
        said = await do(hours, number, "approval", at=f"{year}-03-30T10:00:00+08:00")
        assert said == ((409, "plan.late") if day > latest else (200, "running"))
    override: dict[str, Any] = {"at": "2023-03-30T10:00:00+08:00", "override": "寒假推迟开学"}
    assert await do(hours, "D", "approval", **override) == (200, "running")
    assert (await shown(hours, "D"))["history"][-1]["reason"] == "寒假推迟开学"


async def test_wh_09_what_the_school_assessed_the_centre_recognises(world: World, strict_pack: str) -> None:
    hours = await town(world, HOURS_PACK=strict_pack)
    clerk = {
        role: account("clerk", role)
        for role in ("school_administrator@school:S", "district_centre@district:D")
    }
    await approved(hours)
    rows = (("T1", "20", "passed"), ("T2", "6", "passed"))
    await hand_in(hours, "P1", *rows, who=clerk["school_administrator@school:S"])
    assert (await shown(hours, "P1"))["awaits"] == "district:D"
    for caller in (SCHOOL, CITY):
        assert await do(hours, "P1", "registration", caller) == (403, "plan.not_awaited")
    assert await do(hours, "P1", "registration", ELSEWHERE) == (404, "plan.unknown")
    assert await do(hours, "P1", "return", DISTRICT, reason="请附考勤") == (200, "running")
    assert await do(hours, "P1", "registration", DISTRICT) == (409, "plan.state_conflict")
    assert await hand_in(hours, "P1", *rows) == ["unchanged", "unchanged"]
    assert await do(hours, "P1", "registration", clerk["district_centre@district:D"]) == (
        403,
        "plan.own_account",
    )
    done = await register(hours, "P1", DISTRICT)
    assert (done["state"], done["accepted"]) == ("registered", 2)
    record = done["results"][0]["record"]
    assert (await hours.get(f"/v1/records/{record}")).json()["recogniser"] == "centre:D"
    assert [await review(hours, "D", 2024, who) for who in ("clerk", "reviewer")] == ["review.own", "open"]
    back = f"/v1/records/{record}/reversal"
    for caller, status in ((SCHOOL, 403), (DISTRICT, 201)):
        answer = await hours.post(back, json={"reason": "登记有误"}, headers={**key(), **caller})
        assert answer.status_code == status, answer.text
    assert await world.rebuild("hours") == []
