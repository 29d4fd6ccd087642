"""WH-08 and WH-09 over HTTP: who approves a class and who recognises its hours, and never who holds it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from hours.classes.api.bodies import ClassBody
from hours.classes.operations import proposals
from hours.classes.operations.proposals import Proposal
from shared.runtime.database import Transaction
from tests.integration.hours.acts import enrol, key, review, total
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    CITY_CENTRE,
    decide,
    later,
    outline,
    propose,
    register,
    result,
    rows,
    seat,
    send,
    today,
    valley,
)
from tests.integration.hours.packs import HUBEI_CLASSES, WUHAN_CLASSES, pack_file
from tests.integration.hours.test_organisations import post as place
from tests.integration.hours.test_reviews import begin, items, mark, objected, say, sign
from tests.integration.hours.test_transfers import NEAR
from tests.support.signing import OPERATOR, account, caller, calling, signed
from tests.support.world import World

DEPARTMENT, CITY_DEPARTMENT = (signed(f"research_department@{place}") for place in ("district:D", "city:C"))
EDUCATION, ELSEWHERE = signed("provincial_education@province:P"), signed("district_centre@district:E")
TRAINING = {"source_rule": "WH-08.1", "provider": ""}


async def test_wh_08_who_approves_follows_from_the_level_and_the_form(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    offices = {"city": CITY, "centre@city": CITY_CENTRE, "centre@district": CENTRE, "education": EDUCATION}
    why = {"reason": "报名人数不足"}
    for number, by, form, approver in (
        ("city-concentrated", CITY_CENTRE, "concentrated", "city"),
        ("district-concentrated", CENTRE, "concentrated", "centre@city"),
        ("city-other", CITY_DEPARTMENT, "other", "centre@city"),
        ("district-other", DEPARTMENT, "other", "centre@district"),
    ):
        assert await propose(hours, by, number, format=form, **TRAINING) == (201, "proposed")
        reaching = set(offices) - ({"centre@district"} if number.startswith("city") else set())
        for name, office in offices.items():
            wrong = (403, "class.not_approver") if name in reaching else (404, "class.unknown")
            said = (409, "class.late") if name == approver else wrong
            assert await decide(hours, office, number) == said, (number, name)
        assert await decide(hours, ELSEWHERE, number) == (404, "class.unknown")
        assert await decide(hours, offices[approver], number, why="急需") == (200, "approved")
        for name in reaching - {approver}:
            if offices[name] != by:
                said = await send(hours, offices[name], f"/{number}/cancellation", why)
                assert said == (403, "class.not_approver"), (number, name)
        assert (await send(hours, offices[approver], f"/{number}/cancellation", why))[0] == 200
    assert await world.rebuild("hours") == []


async def test_wh_08_nobody_approves_what_their_own_office_or_account_proposed(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    other = {**TRAINING, "format": "other"}
    assert await propose(hours, CENTRE, "K1", **other) == (201, "proposed")
    assert await decide(hours, CENTRE, "K1", why="急需") == (403, "class.own_proposal")
    clerk = account("clerk", "research_department@district:D"), account("clerk", "district_centre@district:D")
    assert await propose(hours, clerk[0], "K2", **other) == (201, "proposed")
    assert await decide(hours, clerk[1], "K2", why="急需") == (403, "class.own_proposal")
    assert await propose(hours, signed(OPERATOR), "K3", organiser="D", **other) == (201, "proposed")
    assert await decide(hours, CENTRE, "K3", why="急需") == (403, "class.own_proposal"), "it may hold it"
    assert await decide(hours, CENTRE, "K2", "returned", "请补充考核办法") == (200, "returned")
    assert await propose(hours, CENTRE, "K2", hours="8", **other) == (409, "class.conflict"), "nor takes it"
    assert await propose(hours, clerk[0], "K2", hours="8", **other) == (201, "proposed")
    assert await decide(hours, CENTRE, "K2", why="急需") == (200, "approved")
    passed = {"teacher": "T1", "outcome": "passed"}
    assert await result(hours, CENTRE, "K2", passed) == (403, "class.not_organiser")
    assert await register(hours, CENTRE, "K2") == (403, "class.not_organiser")
    assert await result(hours, DEPARTMENT, "K2", passed) == ["seat.unknown"]
    assert await register(hours, DEPARTMENT, "K2") == []


async def test_wh_08_the_last_day_is_a_month_before_the_opening(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    for day, said in (
        ("2026-02-28", (200, "approved")),
        ("2026-03-01", (409, "class.late")),
        ("2024-02-29", (200, "approved")),
        ("2024-03-01", (409, "class.late")),
    ):
        await proposed(world, f"on-{day}", f"{day[:4]}-03-31", datetime.fromisoformat(f"{day}T23:30+08:00"))
        assert await decide(hours, CITY_CENTRE, f"on-{day}") == said
    assert await propose(hours, CENTRE, "ahead", **later(62), **TRAINING) == (201, "proposed")
    assert await decide(hours, CITY_CENTRE, "ahead") == (200, "approved"), (
        "of the day on which it is handed in"
    )


async def proposed(world: World, number: str, opens: str, at: datetime) -> None:
    """The district's centre proposes a class of one day at an instant that is past."""
    state, days = world.apps["hours"].state, dict.fromkeys(("enrol_by", "opens", "closes"), opens)
    body = ClassBody.model_validate(outline(number, **days, **TRAINING))
    wanted = Proposal(number=number, organiser="D", outline=body.outline(), caller=caller("centre:D"), at=at)

    async def hand_in(tx: Transaction) -> None:
        assert (await proposals.propose(tx, state.service.context, wanted)).state == "proposed"

    await state.database.run(hand_in)


async def test_hb_02_province_and_city_register_what_they_held_themselves(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, HUBEI_CLASSES))
    next_province = {"organisation": "Q", "level": "province", "name": "湖南省", "division": "430000"}
    cities = (
        {"organisation": "CP", "level": "city", "name": "珠海市", "parent": "P", "division": "440400"},
        {"organisation": "CQ", "level": "city", "name": "长沙市", "parent": "Q", "division": "430100"},
    )
    schools = (
        {**NEAR, "organisation": f"S{city['organisation']}", "parent": city["organisation"]}
        for city in cities
    )
    await place(hours, next_province, *cities, *schools)
    await enrol(hours, "T5", school="SCP", district="")
    await enrol(hours, "T6", school="SCQ", district="")
    lesson = {"lesson": "1", "day": today().isoformat(), "hours": "16.00"}
    training = {"source_rule": "HB-02.1", "provider": "", "lessons": [lesson]}
    operator, elsewhere = signed(OPERATOR), signed("provincial_education@province:Q")
    for number, holder, above, near, far in (
        ("P1", EDUCATION, operator, ("T1", "T5"), ("T6",)),
        ("C1", CITY, EDUCATION, ("T2", "T4"), ("T5", "T6")),
    ):
        assert await propose(hours, CENTRE, number, **training) == (403, "registrar.not_allowed")
        assert await propose(hours, holder, number, **training) == (201, "proposed")
        own = "class.own_proposal" if holder is EDUCATION else "class.not_approver"
        assert await decide(hours, holder, number) == (403, own), "nobody decides on what is their own"
        assert await decide(hours, elsewhere, number) == (404, "class.unknown")
        assert await decide(hours, above, number) == (200, "approved")
        unknown = ["teacher.unknown"] * len(far)
        assert await seat(hours, holder, number, *near, *far) == ["enrolled"] * 2 + unknown
        missed = [{"teacher": near[1], "lesson": "1", "absent": "2.00"}]
        assert (await send(hours, holder, f"/{number}/attendance", {"rows": missed}))[0] == 200
        passed = [{"teacher": one, "outcome": "passed"} for one in near]
        assert await result(hours, holder, number, *passed) == ["passed"] * 2
        assert await register(hours, CENTRE, number) == (404, "class.unknown")
        assert await register(hours, holder, number) == [f"class:{number}/1/{one}" for one in near]
        assert [(await total(hours, one, today().year))["professional"] for one in near] == ["16.00"] * 2
    record = (await hours.get("/v1/records/class:P1/1/T5")).json()
    assert (record["registrar"], record["recogniser"]) == ("education:P", None)
    assert await world.rebuild("hours") == []


async def step(hours: httpx.AsyncClient, headers: dict[str, str], what: str, **body: str) -> Any:
    """The class `K1` is recognised or returned: what became of each seat, whom it awaits, or a code."""
    status, said = await send(hours, headers, f"/K1/{what}", body or None)
    if isinstance(said, str):
        return status, said
    return rows(said, "record") if "results" in said else (said["awaits"], said["reason"])


async def test_wh_09_what_a_body_of_the_city_registers_its_centre_recognises(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    training = {"source_rule": "WH-09.1", "format": "other"}
    assessor = [account("assessor", f"{role}@city:C") for role in ("provider", "district_centre")]
    registrar = [
        account("registrar", f"{role}@city:C") for role in ("research_department", "district_centre")
    ]
    above = await propose(hours, signed(OPERATOR), "K9", organiser="P", **training)
    assert above == (422, "class.without_recogniser")
    assert await propose(hours, CITY_DEPARTMENT, "K1", **training) == (201, "proposed")
    assert await decide(hours, CITY_CENTRE, "K1") == (200, "approved")
    await seat(hours, CITY_DEPARTMENT, "K1", "T1", "T2", "T4")
    passed = [{"teacher": one, "outcome": "passed"} for one in ("T1", "T4")]
    assert await result(hours, assessor[0], "K1", *passed) == ["passed", "passed"]
    assert await step(hours, CITY_CENTRE, "recognition") == (409, "class.not_pending")
    assert await register(hours, CITY_CENTRE, "K1") == (403, "class.not_organiser"), "nor does who recognises"
    _, said = await send(hours, CITY_DEPARTMENT, "/K1/registration", None)
    assert rows(said, "awaits") == ["centre:C", "result.missing", "centre:C"]
    assert (said["results"][0]["status"], said["results"][0]["hours"], said["accepted"]) == (202, "16.00", 2)
    assert (await total(hours, "T1", today().year))["professional"] == "0.00", "nothing counts before"
    assert (await send(hours, CITY_DEPARTMENT, "/K1/registration", None))[1]["replayed"] == 2
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [(one["pending"], one["registered"]) for one in listed] == [
        (True, False),
        (False, False),
        (True, False),
    ]
    assert await queue(hours, CITY_CENTRE, "centre:C") == ["K1"]
    assert await queue(hours, CITY_CENTRE, "centre:D") == []
    failed = {"teacher": "T1", "outcome": "failed"}
    assert await result(hours, CITY_DEPARTMENT, "K1", failed) == ["result.pending"]
    off = await send(hours, CITY_DEPARTMENT, "/K1/cancellation", {"reason": "报名人数不足"})
    assert off == (409, "class.registered"), "nor is it called off under who is to recognise"
    for who, code in (
        (CITY_DEPARTMENT, (403, "access.forbidden")),
        (CITY, (403, "class.not_awaited")),
        (CENTRE, (404, "class.unknown")),
        (assessor[1], (403, "class.own_registration")),
    ):
        assert await step(hours, who, "recognition") == code
        assert await step(hours, who, "return", reason="不") == code
    assert await step(hours, CITY_CENTRE, "return", reason="请附考勤") == (
        "research_department:C",
        "请附考勤",
    )
    read = [
        await hours.get("/v1/classes/K1", headers=who) for who in (CITY_DEPARTMENT, calling("teacher:T1"))
    ]
    assert [one.json()["reason"] for one in read] == ["请附考勤", ""], (
        "what offices write is not for everybody"
    )
    assert await step(hours, CITY_CENTRE, "recognition") == (409, "class.not_pending")
    assert await result(hours, CITY_DEPARTMENT, "K1", *passed, {**failed, "teacher": "T2"}) == [
        *("passed", "passed", "failed")
    ]
    _, said = await send(hours, registrar[0], "/K1/registration", None)
    assert rows(said, "awaits") == ["centre:C", "result.failed", "centre:C"]
    for own in (registrar[1], assessor[1]):
        assert await step(hours, own, "recognition") == (403, "class.own_registration")
    assert await step(hours, CITY_CENTRE, "recognition") == ["class:K1/1/T1", "class:K1/1/T4"]
    record = (await hours.get("/v1/records/class:K1/1/T1")).json()
    hands = (record["registrar"], record["recogniser"], record["matter"])
    assert hands == ("research_department:C", "centre:C", "class:K1")
    again = {**failed, "teacher": "T2", "outcome": "passed", "reassessment": True}
    assert await result(hours, CITY_DEPARTMENT, "K1", again, passed[0]) == ["passed", "result.registered"]
    _, said = await send(hours, CITY_DEPARTMENT, "/K1/registration", None)
    assert [one.get("record") or one["awaits"] for one in said["results"]] == [
        "class:K1/1/T1",
        "centre:C",
        "class:K1/1/T4",
    ]
    assert await step(hours, CITY_CENTRE, "return", reason="请附考勤") == (
        "research_department:C",
        "请附考勤",
    )
    assert (await total(hours, "T1", today().year))["professional"] == "16.00", "what stands stays"
    opened = [await review(hours, "C", today().year, who) for who in ("assessor", "registrar", "reviewer")]
    assert opened == ["review.own", "review.own", "open"]
    assert await world.rebuild("hours") == []


async def test_wh_09_what_is_registered_at_once_the_centre_of_the_city_audits_each_year(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    clerk = [account("clerk", f"{role}@city:C") for role in ("research_department", "district_centre")]
    for number, by, approver, teacher in (
        ("city", clerk[0], CITY, "T1"),
        ("district", DEPARTMENT, CITY_CENTRE, "T2"),
        ("own", CITY_CENTRE, CITY, "T4"),
    ):
        assert await propose(hours, by, number, **TRAINING) == (201, "proposed")
        assert await decide(hours, approver, number, why="急需") == (200, "approved")
        await seat(hours, by, number, teacher)
        await result(hours, by, number, {"teacher": teacher, "outcome": "passed"})
        assert await register(hours, by, number) == [f"class:{number}/1/{teacher}"]
    of_city, of_district = "class:city/1/T1", "class:district/1/T2"
    year = today().year
    assert await begin(hours, "A", CENTRE, "C", year=year) == (422, "review.not_below")
    assert await begin(hours, "A", CITY_DEPARTMENT, "C", year=year) == (403, "access.forbidden")
    assert await begin(hours, "A", clerk[1], "C", year=year) == (403, "review.own"), "who registered"
    status, opened = await begin(hours, "A", CITY_CENTRE, "C", year=year)
    assert (status, opened["kind"], opened["registered"]) == (201, "annual", 2), opened
    answers = {number: one["answerable"] for number, one in (await items(hours, "A")).items()}
    assert answers == {of_city: "research_department:C", of_district: "research_department:D"}
    await begin(hours, "B", CITY, "C", year=year)
    assert (await items(hours, "B"))["class:own/1/T4"]["answerable"] == "centre:C", "somebody else's to see"

    rows = [(one, "objected", "缺少考勤") for one in answers]
    assert await mark(hours, "A", clerk[1], *rows) == ["review.own", "objected"]
    assert await mark(hours, "A", CITY_CENTRE, *rows) == ["objected", "objected"]
    assert await objected(hours, CITY_DEPARTMENT) == [of_city], "its own, and none of the district's"
    words = {of_city: "考勤表已补交"}
    assert await say(hours, DEPARTMENT, "A", **words) == ["objection.unknown"]
    assert await say(hours, CITY_DEPARTMENT, "A", **words) == ["objected"]
    fine = [(one, "in_order", "") for one in answers]
    assert await mark(hours, "A", CITY_CENTRE, *fine) == ["in_order", "in_order"]
    assert await sign(hours, "A", clerk[1]) == (403, "review.own")
    status, over = await sign(hours, "A", CITY_CENTRE)
    assert (status, over["outcome"]) == (200, "recognised"), over
    assert await world.rebuild("hours") == []


async def queue(hours: httpx.AsyncClient, headers: dict[str, str], awaits: str) -> list[str]:
    answer = await hours.get("/v1/classes", params={"awaits": awaits}, headers=headers)
    return [one["class"] for one in answer.json()["items"]]


async def test_what_cannot_be_recognised_awaits_it_still_until_it_is_returned(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    await propose(hours, CITY_DEPARTMENT, "K1", source_rule="WH-09.1", format="other")
    await decide(hours, CITY_CENTRE, "K1")
    await seat(hours, CITY_DEPARTMENT, "K1", "T1", "T2")
    passed = [{"teacher": one, "outcome": "passed"} for one in ("T1", "T2")]
    await result(hours, CITY_DEPARTMENT, "K1", passed[0])
    assert await post(hours, CITY_DEPARTMENT, "classes/K1/registration") == 200
    assert await step(hours, CITY_CENTRE, "recognition") == ["class:K1/1/T1"]
    mistake = {"reason": "登记有误"}
    assert await post(hours, CITY_DEPARTMENT, "records/class:K1/1/T1/reversal", **mistake) == 403
    assert await post(hours, CITY_CENTRE, "records/class:K1/1/T1/reversal", **mistake) == 201
    await result(hours, CITY_DEPARTMENT, "K1", passed[1])
    assert await post(hours, CITY_DEPARTMENT, "classes/K1/registration") == 200
    appeal = {"matter": "record:class:K1/1/T1", "grounds": "材料齐全"}
    teacher = {**calling("teacher:T1"), "Idempotency-Key": "a"}
    assert (await hours.post("/v1/appeals", json=appeal, headers=teacher)).is_success
    assert await post(hours, CITY, "appeals/a/grant", reason="经核实") == 200
    assert await step(hours, CITY_CENTRE, "recognition") == ["record.conflict", "class:K1/1/T2"]
    assert await queue(hours, CITY_CENTRE, "centre:C") == ["K1"]
    assert (await step(hours, CITY_CENTRE, "return", reason="已由申诉恢复"))[0] == "research_department:C"
    assert await register(hours, CITY_DEPARTMENT, "K1") == ["appeal:a", "class:K1/1/T2"]
    sums = [(await total(hours, one, today().year))["professional"] for one in ("T1", "T2")]
    assert sums == ["16.00", "16.00"]
    assert await world.rebuild("hours") == []


async def post(hours: httpx.AsyncClient, headers: dict[str, str], path: str, **body: str) -> int:
    answer = await hours.post(f"/v1/{path}", json=body or None, headers={**key(), **headers})
    return answer.status_code
