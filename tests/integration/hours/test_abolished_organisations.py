"""Organisations that were abolished take nothing new, keep what was, and are ended by whoever is above."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from hours.organisations.operations import Abolition, abolish
from shared.runtime import clock
from tests.integration.hours import plans
from tests.integration.hours.acts import enrol, key, row
from tests.integration.hours.classes import (
    CENTRE,
    CITY_CENTRE,
    approved,
    later,
    propose,
    register,
    result,
    seat,
    today,
    valley,
)
from tests.integration.hours.classes import decide as rule
from tests.integration.hours.classes import send as act
from tests.integration.hours.packs import WUHAN_AND_HUBEI, WUHAN_CLASSES, pack_file
from tests.integration.hours.test_annual_plans import ELSEWHERE, declare, entry
from tests.integration.hours.test_courses import apply
from tests.integration.hours.test_courses import decide as pass_step
from tests.integration.hours.test_declarations import decide as judge
from tests.integration.hours.test_declarations import declaration
from tests.integration.hours.test_declarations import declare as hand_in
from tests.integration.hours.test_heard_organisations import said
from tests.integration.hours.test_imports import send, take_back, undone
from tests.integration.hours.test_organisations import CITY as CITY_ROW
from tests.integration.hours.test_organisations import SCHOOL, codes, post
from tests.integration.hours.test_swaps import agree
from tests.integration.hours.test_swaps import ask as swap_seats
from tests.integration.hours.test_transfers import FAR, NEAR, ask, decide
from tests.integration.hours.test_unused_evidence import waiting
from tests.support.signing import calling, signed
from tests.support.world import World, until

CODE = "2144000002"
CITY = calling("city:C")


async def end(
    hours: httpx.AsyncClient, organisation: str, headers: dict[str, str] = CITY, **body: str
) -> tuple[int, str]:
    """The status, and the code or the first day without it."""
    answer = await hours.post(
        f"/v1/organisations/{organisation}/abolition",
        json={"day": today().isoformat(), **body},
        headers={**key(), **headers},
    )
    return answer.status_code, answer.json().get("code") or answer.json()["until"]


async def put(hours: httpx.AsyncClient, teacher: str, school: str) -> Any:
    """What became of a row of the roster."""
    rows = [row(teacher, school=school, district="")]
    answer = await hours.post("/v1/roster", json={"teachers": rows}, headers=key())
    return codes(answer.json()["results"])


async def test_what_was_abolished_takes_nothing_new_and_keeps_what_was(world: World) -> None:
    hours = await valley(world)
    gone = (409, "organisation.abolished")
    await post(hours, {**NEAR, "school_code": CODE})
    assert (await plans.draft(hours, plans.plan("P", "N")))[0] == 201
    assert await declare(hours, ELSEWHERE, entry("1")) == {"1": "declared"}
    assert await ask(hours, "school:N", "N", "in", "T1") == (201, "district:D")
    assert await decide(hours, "district:D", "in") == (200, "school:S")
    assert await ask(hours, "school:S", "S", "out", "T3") == (201, "district:D")
    assert await end(hours, "N") == (409, "organisation.has_teachers")
    for step in ("district:D", "school:N"):
        assert (await decide(hours, step, "out"))[0] == 200
    assert await end(hours, "N", successor="S") == (200, today().isoformat())
    assert await end(hours, "N", successor="S") == gone
    assert await decide(hours, "school:S", "in") == gone
    assert await ask(hours, "school:N", "N", "again", "T3") == gone
    assert await put(hours, "T9", "N") == ["organisation.abolished"]
    assert await plans.draft(hours, plans.plan("Q", "N")) == gone
    assert codes(await post(hours, {**NEAR, "school_code": CODE}, {**NEAR, "name": "新"})) == [
        "unchanged",
        "organisation.abolished",
    ]
    assert codes(await post(hours, {**NEAR, "organisation": "N2", "school_code": CODE})) == [
        "school_code.taken"
    ]

    assert await end(hours, "E") == (409, "organisation.has_below")
    await post(hours, {**FAR, "parent": "D"})
    past = (today() - timedelta(days=40)).isoformat()
    assert await end(hours, "E", day=past, successor="D") == (200, past)
    assert await declare(hours, ELSEWHERE, entry("2")) == gone
    assert (await propose(hours, ELSEWHERE, "K"))[1] == "organisation.abolished"
    course = await apply(hours, "C", ELSEWHERE, rule="GZ-CR-00", organisation="E")
    assert (course.status_code, course.json()["code"]) == gone
    assert codes(await post(hours, {**FAR, "organisation": "F2", "parent": "E"})) == [
        "organisation.abolished"
    ]
    shown = (await hours.get("/v1/organisations/N")).json()
    assert (shown["until"], shown["successor"], shown["school_code"]) == (today().isoformat(), "S", CODE)
    listed = (await hours.get("/v1/organisations", params={"parent": "C"})).json()["items"]
    assert [(one["organisation"], one["until"], one["successor"]) for one in listed] == [
        ("D", None, ""),
        ("E", past, "D"),
    ]
    assert (await hours.get("/v1/plans/P")).json()["school"] == "N"
    assert (await hours.get("/v1/teachers/T3")).json()["school"] == "S"
    heard = [event for event in await said(hours) if event.type == "organisation.abolished.v1"]
    assert {event.subject for event in heard} == {"organisation:N", "organisation:E"}
    assert await world.rebuild("hours") == []


async def test_only_who_keeps_what_is_above_ends_what_is_empty(world: World) -> None:
    hours = await valley(world)
    empty = {**SCHOOL, "organisation": "Q", "school_code": "", "credit_code": ""}
    await post(hours, empty)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    cases = [
        ("S", CITY, {}, (409, "organisation.has_teachers")),
        ("D", CITY, {}, (409, "organisation.has_below")),
        ("X", CITY, {}, (404, "organisation.unknown")),
        ("C", CITY, {}, (403, "organisation.out_of_reach")),
        ("Q", calling("city:X"), {}, (404, "organisation.unknown")),
        ("Q", calling("centre:D"), {}, (403, "access.forbidden")),
        ("Q", calling("school:Q"), {}, (403, "access.forbidden")),
        ("Q", CITY, {"day": tomorrow}, (422, "abolition.in_future")),
        *[("Q", CITY, {"successor": other}, (422, "organisation.successor_unknown")) for other in "QDX"],
        ("Q", signed("provincial_education@province:P"), {}, (200, today().isoformat())),
        ("F", CITY, {"successor": "Q"}, (422, "organisation.successor_unknown")),
    ]
    for organisation, who, body, expected in cases:
        assert await end(hours, organisation, who, **body) == expected, (organisation, body)


async def awaiting(
    hours: httpx.AsyncClient, organisation: str, language: str = "en", who: dict[str, str] = CITY
) -> Any:
    """How many matters of each kind keep an organisation, and the words."""
    answer = await hours.post(
        f"/v1/organisations/{organisation}/abolition",
        json={"day": today().isoformat()},
        headers={**key(), **who, "Accept-Language": language},
    )
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "organisation.is_awaited"), said
    assert said["count"] == sum(said["awaiting"].values())
    return said["awaiting"], said["detail"]


async def test_what_matters_await_is_abolished_once_they_are_settled(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_AND_HUBEI))
    far, near = calling("school:F"), calling("school:N")
    assert (await plans.draft(hours, plans.plan("X", "F", plans.AHEAD)))[0] == 201
    assert await plans.do(hours, "X", "submission", far) == (200, "submitted")
    assert await ask(hours, "school:F", "F", "now", "T1") == (201, "district:E")
    assert await ask(hours, "school:S", "S", "later", "T4") == (201, "district:D")
    await post(hours, {**FAR, "parent": "D"})
    found, words = await awaiting(hours, "E")
    assert found == {"transfer": 2, "plan": 1}
    assert words == "3 matters await E (transfer: 2, plan: 1); they have to be settled or withdrawn first."
    assert "调动: 2、校本研修计划: 1" in (await awaiting(hours, "E", "zh"))[1]
    assert (await decide(hours, "district:E", "now", "refusal"))[0] == 404, "the school is D's by now"
    assert (await decide(hours, "operator:local", "now", "refusal"))[0] == 200
    assert (await decide(hours, "district:D", "later", "refusal"))[0] == 200
    assert (await awaiting(hours, "E"))[0] == {"plan": 1}
    assert await plans.do(hours, "X", "return", reason="请补充") == (200, "returned")
    assert (await end(hours, "E"))[0] == 200

    assert (await plans.draft(hours, plans.plan("Y", "N", plans.AHEAD), near))[0] == 201
    for what, who in (("submission", near), ("approval", calling("district:D"))):
        assert (await plans.do(hours, "Y", what, who))[0] == 200
    assert await hand_in(hours, declaration("Z", "WH-09.3", teacher="T3", hours="6"), near) == (
        201,
        "declared",
    )
    assert await judge(hours, calling("centre:D"), "Z", "return", reason="证书不清晰") == "returned"
    assert await ask(hours, "school:S", "S", "out", "T3") == (201, "district:D")
    for step in ("district:D", "school:N"):
        assert (await decide(hours, step, "out"))[0] == 200
    assert (await awaiting(hours, "N"))[0] == {"plan": 1, "declaration": 1}
    for who, status in ((near, 404), ({}, 200)):
        sent = {**key(), **who}
        body = {"reason": "学校撤销"}
        withdrawn = await hours.post("/v1/declarations/Z/withdrawal", json=body, headers=sent)
        assert withdrawn.status_code == status, withdrawn.text
    assert (await awaiting(hours, "N"))[0] == {"plan": 1}
    assert (await plans.do(hours, "Y", "withdrawal", near, reason="学校撤销"))[0] == 200
    assert (await end(hours, "N"))[0] == 200
    assert await world.rebuild("hours") == []


async def test_a_class_awaits_who_holds_it_until_all_are_assessed_and_registered_or_it_is_called_off(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    holder, training = signed("research_department@district:E"), {"source_rule": "WH-09.1", "format": "other"}
    assert (await plans.draft(hours, plans.plan("X", "F", plans.AHEAD)))[0] == 201
    assert (await plans.do(hours, "X", "submission", calling("school:F")))[0] == 200
    await post(hours, {**FAR, "parent": "D"})
    beside, held = {"plan": 1}, {"plan": 1, "class": 1}

    assert await propose(hours, holder, "K", **training) == (201, "proposed")
    assert (await awaiting(hours, "E"))[0] == beside, "it lies with who approves it"
    assert (await rule(hours, CITY_CENTRE, "K", "returned", "请补充")) == (200, "returned")
    assert (await awaiting(hours, "E"))[0] == held
    assert await propose(hours, holder, "K", **training, title="研修班") == (201, "proposed")
    assert await rule(hours, CITY_CENTRE, "K") == (200, "approved")
    assert (await awaiting(hours, "E"))[0] == beside, "nobody takes part"
    assert await seat(hours, {}, "K", "T1") == ["enrolled"]
    assert (await awaiting(hours, "E"))[0] == held, "no result"
    failed, passed = [{"teacher": "T1", "outcome": one} for one in ("failed", "passed")]
    assert await result(hours, holder, "K", failed) == ["failed"]
    assert (await awaiting(hours, "E"))[0] == beside
    assert await result(hours, holder, "K", passed) == ["passed"]
    assert (await awaiting(hours, "E"))[0] == held, "no hours"
    assert (await act(hours, holder, "/K/registration", None))[0] == 200
    assert (await awaiting(hours, "E"))[0] == held, "it may come back"
    assert (await act(hours, CITY_CENTRE, "/K/return", {"reason": "请附考勤"}))[0] == 200
    assert await result(hours, holder, "K", failed) == ["failed"]
    assert (await awaiting(hours, "E"))[0] == held, "it came back"
    assert (await act(hours, CITY_CENTRE, "/K/cancellation", {"reason": "不予举办"}))[0] == 200
    assert (await awaiting(hours, "E"))[0] == beside

    assert await propose(hours, {}, "L", organiser="E") == (201, "proposed")
    assert await rule(hours, CITY, "L") == (200, "approved")
    assert await seat(hours, {}, "L", "T1", "T2") == ["enrolled"] * 2
    assert (await awaiting(hours, "E"))[0] == held, "of the operator's, too"
    assert await result(hours, {}, "L", failed, {**passed, "teacher": "T2"}) == ["failed", "passed"]
    assert await register(hours, {}, "L") == ["result.failed", "class:L/1/T2"]
    assert (await plans.do(hours, "X", "return", reason="请补充"))[0] == 200
    assert (await end(hours, "E"))[0] == 200


async def test_a_swap_awaits_everybody_who_is_still_to_agree(world: World) -> None:
    hours = await valley(world)
    await enrol(hours, "T5", school="F", district="")
    await approved(hours, "K1", **later())
    assert await seat(hours, CENTRE, "K1", "T1", "T2") == ["enrolled"] * 2
    for swap, leaving, replacement in (("1", "T1", "T4"), ("2", "T2", "T5")):
        assert await swap_seats(hours, "school:S", swap, leaving, replacement) == (201, "school:S")
    await post(hours, {**FAR, "parent": "D"})
    assert (await awaiting(hours, "E"))[0] == {"swap": 2}, "district:E is the fourth to agree"
    assert await agree(hours, "school:S", "2", "refusal") == (200, None)
    assert (await awaiting(hours, "E"))[0] == {"swap": 1}
    agreed = [await agree(hours, "operator:local", "1") for _ in range(4)]
    assert agreed == [(200, "school:F"), (200, "district:D"), (200, "district:E"), (200, "city:C")]
    assert (await end(hours, "E"))[0] == 200


async def test_a_course_awaits_its_library_and_not_who_applied(world: World) -> None:
    hours = await valley(world)
    province, centre = signed("provincial_education@province:P"), calling("distance_centre:C2")
    await post(hours, {**CITY_ROW, "organisation": "C2", "division": "440600"})
    for number, applicant in (("K1", "provider:C2"), ("K2", "provider:C2"), ("K3", "provider:C")):
        assert (await apply(hours, number, calling(applicant), organisation="C2")).status_code == 201
    assert (await awaiting(hours, "C2", who=province))[0] == {"course": 3}
    back = await pass_step(hours, "K1", "framework_review", centre, outcome="return")
    assert back == (200, "framework_review")
    assert (await awaiting(hours, "C2", who=province))[0] == {"course": 2}, "K1 cannot be withdrawn"
    assert await pass_step(hours, "K2", "framework_review", centre) == (200, "project_review")
    assert await pass_step(hours, "K2", "project_review", centre) == (200, "production")
    assert (await awaiting(hours, "C2", who=province))[0] == {"course": 1}, "nor can K2"
    assert await pass_step(hours, "K3", "framework_review", centre, outcome="refuse") == (200, "refused")
    assert await end(hours, "C2", province) == (200, today().isoformat())

    await post(hours, {**FAR, "parent": "D"})
    own: dict[str, Any] = {"rule": "GZ-CR-00", "organisation": "E"}
    assert (await apply(hours, "K4", calling("centre:E"), **own)).json()["state"] == "listed"
    assert (await end(hours, "E"))[0] == 200, "what is in the library awaits nobody now"


async def test_nobody_is_put_back_to_a_school_that_is_no_more(world: World) -> None:
    hours = await valley(world)
    for number, school in (("first", "Q"), ("second", "S")):
        await send(hours, f"teacher,name,school\nT9,林晓,{school}\n", headers={"Idempotency-Key": number})
    await post(hours, {**SCHOOL, "organisation": "Q", "school_code": "", "credit_code": ""})
    assert (await end(hours, "Q"))[0] == 200
    assert undone(await take_back(hours, "second")) == {"T9": "organisation.abolished"}
    assert (await hours.get("/v1/teachers/T9")).json()["school"] == "S"


async def test_a_teacher_who_comes_at_the_same_instant_comes_before_or_not_at_all(world: World) -> None:
    hours = await valley(world)
    await post(hours, {**SCHOOL, "organisation": "Q", "school_code": "", "credit_code": ""})
    context, database = world.apps["hours"].state.service.context, world.apps["hours"].state.database
    wanted = Abolition(
        organisation="Q", until=today(), successor="", by="city:C", within=None, at=clock.now()
    )
    async with database.transaction() as tx:
        await abolish(tx, context, wanted)
        coming = asyncio.create_task(put(hours, "T9", "Q"))
        await until(lambda: waiting(database))
    assert await coming == ["organisation.abolished"]
    assert (await hours.get("/v1/teachers/T9")).status_code == 404
