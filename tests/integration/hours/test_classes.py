"""Classes over HTTP: proposed by who holds them, approved by others, filled up to their capacity."""

import asyncio
from datetime import timedelta
from typing import Any

from tests.integration.hours.acts import enrol, key
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    CITY_CENTRE,
    PROVIDER,
    approved,
    decide,
    later,
    outline,
    propose,
    register,
    result,
    seat,
    send,
    today,
    valley,
)
from tests.support.signing import OPERATOR, account, calling, signed
from tests.support.world import World

YESTERDAY = (today() - timedelta(days=1)).isoformat()


async def test_gz_hr_2_02_a_class_is_proposed_by_its_centre_and_approved_by_others(world: World) -> None:
    hours = await valley(world)
    assert await propose(hours, CENTRE, "K1/seats") == (422, "body.invalid"), "its seats would be shown"
    assert await propose(hours, CENTRE, "K1") == (201, "proposed")
    assert await propose(hours, CENTRE, "K1") == (201, "proposed"), "the same again"
    assert await propose(hours, CENTRE, "K1", hours="8.00") == (409, "class.conflict")
    elsewhere = calling("centre:E")
    assert await propose(hours, elsewhere, "K1", organiser="D") == (403, "class.not_organiser"), (
        "it is shown none"
    )
    assert await decide(hours, CENTRE, "K1") == (403, "class.own_proposal")
    assert await decide(hours, elsewhere, "K1") == (404, "class.unknown")
    assert await decide(hours, CITY, "K1", "returned", "课时不符") == (200, "returned")
    assert await propose(hours, CENTRE, "K1", hours="8.00") == (201, "proposed")
    assert await decide(hours, CITY_CENTRE, "K1") == (200, "approved")
    assert await decide(hours, CITY, "K1", "refused") == (409, "class.decided")
    for own in ({}, {"hours": "9.00"}):
        said = await propose(hours, calling("centre:E"), "K1", organiser="D", **own)
        assert said == (403, "class.not_organiser"), "whoever holds no class is not told what is on file"
    first = account("clerk", "district_centre@district:D")
    assert await propose(hours, first, "K4") == (201, "proposed")
    assert await decide(hours, CITY, "K4", "returned", "课时不符") == (200, "returned")
    assert await propose(hours, CENTRE, "K4", hours="8.00") == (201, "proposed")
    promoted = account("clerk", "city_department@city:C")
    assert await decide(hours, promoted, "K4") == (403, "class.own_proposal"), "who proposed it first as well"
    assert await decide(hours, CITY, "K4") == (200, "approved")
    found = (await hours.get("/v1/classes/K1")).json()
    assert (found["organiser"], found["level"], found["hours"]) == ("D", "district", "8.00")
    assert await propose(hours, CITY_CENTRE, "K2") == (201, "proposed")
    assert await decide(hours, signed(OPERATOR), "K2", "refused", "重复") == (200, "refused")
    assert await propose(hours, signed(OPERATOR), "K3", organiser="D") == (201, "proposed")
    assert await decide(hours, signed(OPERATOR), "K3") == (403, "class.own_proposal")
    assert await decide(hours, CENTRE, "K3") == (403, "class.own_proposal"), "it holds the class"
    assert await world.rebuild("hours") == []


async def test_gz_org_01_what_the_city_holds_online_is_approved_by_its_distance_training_centre(
    world: World,
) -> None:
    hours = await valley(world)
    distance, elsewhere = (signed(f"distance_centre@city:{city}") for city in ("C", "X"))
    assert await propose(hours, distance, "K0", format="online") == (403, "registrar.not_allowed")
    assert await propose(hours, CITY_CENTRE, "K1", format="online") == (201, "proposed")
    for other in (CITY, CITY_CENTRE):
        assert await decide(hours, other, "K1") == (403, "class.not_approver")
    assert await decide(hours, elsewhere, "K1") == (404, "class.unknown")
    assert await decide(hours, distance, "K1", "returned", "请附课程清单") == (200, "returned")
    assert await propose(hours, CITY_CENTRE, "K1", format="online", hours="8.00") == (201, "proposed")
    assert await decide(hours, distance, "K1") == (200, "approved")
    clerk = [account("clerk", f"{role}@city:C") for role in ("district_centre", "distance_centre")]
    assert await propose(hours, clerk[0], "K2", format="online") == (201, "proposed")
    assert await decide(hours, clerk[1], "K2") == (403, "class.own_proposal")
    for number, by, form in (("K3", CITY_CENTRE, "concentrated"), ("K4", CENTRE, "online")):
        assert await propose(hours, by, number, format=form) == (201, "proposed")
        assert await decide(hours, distance, number) == (403, "class.not_approver"), number
        assert await decide(hours, CITY, number) == (200, "approved")
    assert await world.rebuild("hours") == []


async def test_an_outline_that_cannot_be_is_refused(world: World) -> None:
    hours = await valley(world)
    lesson = {"lesson": "1", "day": today().isoformat(), "hours": "16.00"}
    wrong: dict[str, dict[str, Any]] = {
        "class.organiser_unknown": {"organiser": "S"},
        "rule.unknown": {"source_rule": "GZ-HR-9.99"},
        "rule.disabled": {"source_rule": "GZ-HR-2.05"},
        "rule.other_way": {"source_rule": "GZ-HR-2.04"},
        "category.mismatch": {"category": "elective"},
        "class.format_unknown": {"format": "by post"},
        "class.dates_disordered": {"opens": YESTERDAY},
        "class.spans_years": {"closes": f"{today().year + 1}-01-02"},
        "class.lesson_twice": {"lessons": [lesson, lesson]},
        "class.lesson_outside": {"lessons": [{**lesson, "day": YESTERDAY}]},
        "class.lessons_too_long": {"lessons": [{**lesson, "hours": "16.01"}]},
        "class.score_invalid": {"score": {"weights": {"time": "0.5"}, "pass_mark": "60"}},
        "teacher.unknown": {"trainers": ["nobody"]},
    }
    for code, changed in wrong.items():
        _, said = await propose(hours, signed(OPERATOR), "K1", **{"organiser": "D", **changed})
        assert said == code
    zh = signed(OPERATOR) | {"Accept-Language": "zh"}
    score = {"weights": {"time": "0.5"}, "pass_mark": "60"}
    told = await hours.post("/v1/classes", json=outline("K1", organiser="D", score=score), headers=zh)
    assert told.json()["detail"] == "加权成绩设置:权重合计不等于 1。"
    assert await propose(hours, CENTRE, "K2") == (201, "proposed")
    told = await hours.post("/v1/classes/K2/seats", json={"teachers": []}, headers={**zh, **key()})
    assert (told.json()["detail"], told.json()["state"]) == (
        "K2 的状态为 待审批;批准之前不得报名、考核和登记。",
        "proposed",
    )
    assert await propose(hours, CENTRE, "K1", organiser="E") == (403, "class.not_organiser")
    assert await propose(hours, CITY, "K1") == (403, "registrar.not_allowed")
    assert await propose(hours, calling("school:S"), "K1") == (403, "access.forbidden"), "HB-02"


async def test_from_above_all_is_seen_and_from_below_what_was_approved(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1")
    await propose(hours, CENTRE, "K2", category="professional")
    await approved(hours, "K3", **later(30), enrol_by=later(20)["opens"])
    for caller, seen in {
        CITY["Authorization"]: ["K1", "K2", "K3"],
        CENTRE["Authorization"]: ["K1", "K2", "K3"],
        calling("school:S")["Authorization"]: ["K1", "K3"],
        calling("teacher:T1")["Authorization"]: ["K1", "K3"],
        calling("teacher:T4")["Authorization"]: [],
        calling("centre:E")["Authorization"]: [],
    }.items():
        headers = {"Authorization": caller}
        items = (await hours.get("/v1/classes", headers=headers)).json()["items"]
        assert [one["class"] for one in items] == seen
        status = (await hours.get("/v1/classes/K2", headers=headers)).status_code
        assert status == (200 if "K2" in seen else 404)
    open_then = {"open_on": later(10)["opens"], "category": "professional"}
    first = (await hours.get("/v1/classes", params={"limit": 1})).json()
    after = (await hours.get("/v1/classes", params={"cursor": first["next"]})).json()["items"]
    assert [one["class"] for one in after] == ["K2", "K3"]
    items = (await hours.get("/v1/classes", params=open_then)).json()["items"]
    assert [one["class"] for one in items] == ["K3"]


async def test_seats_are_given_in_order_and_whoever_waits_moves_up(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later(), capacity=2, trainers=["T4"])
    teacher, school = calling("teacher:T1"), calling("school:S")
    assert await seat(hours, teacher, "K1", "T1", "T2") == ["enrolled", "teacher.unknown"]
    assert await seat(hours, school, "K1", "T2", "T1", "T3") == ["enrolled", "enrolled", "teacher.unknown"]
    assert await seat(hours, calling("school:F"), "K1", "T4") == (404, "class.unknown")
    assert await seat(hours, CITY, "K1", "T3", "T4", "T9") == ["waiting", "seat.trainer", "teacher.unknown"]
    assert await send(hours, school, "/K1/withdrawals", {"teacher": "T3"}) == (404, "seat.unknown")
    status, said = await send(hours, school, "/K1/withdrawals", {"teacher": "T1"})
    assert (status, said["state"]) == (200, "withdrawn")
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [(one["teacher"], one["state"]) for one in listed] == [
        ("T1", "withdrawn"),
        ("T2", "enrolled"),
        ("T3", "enrolled"),
    ]
    own = (await hours.get("/v1/classes/K1/seats", headers=calling("teacher:T2"))).json()["items"]
    assert [one["teacher"] for one in own] == ["T2"]
    assert await seat(hours, teacher, "K1", "T1") == ["waiting"], "behind everybody else"
    assert await world.rebuild("hours") == []


async def test_the_term_binds_teachers_and_schools_and_the_opening_everybody(world: World) -> None:
    hours = await valley(world)
    await propose(hours, CENTRE, "K0")
    assert await seat(hours, CENTRE, "K0", "T1") == (409, "class.not_approved")
    await approved(hours, "K1", enrol_by=YESTERDAY)
    assert await seat(hours, calling("school:S"), "K1", "T1") == (409, "enrolment.closed")
    assert await seat(hours, calling("teacher:T1"), "K1", "T1") == (409, "enrolment.closed")
    assert await seat(hours, CENTRE, "K1", "T1") == ["enrolled"], "who holds it lists who took part"
    assert await send(hours, CENTRE, "/K1/withdrawals", {"teacher": "T1"}) == (409, "class.begun")


async def test_seats_taken_at_once_are_never_more_than_there_are(world: World) -> None:
    hours = await valley(world)
    teachers = [f"A{number}" for number in range(24)]
    await enrol(hours, *teachers, school="S", district="")
    await approved(hours, "K1", capacity=5)
    said = await asyncio.gather(*(seat(hours, calling("school:S"), "K1", one) for one in teachers))
    assert sorted(state for (state,) in said) == ["enrolled"] * 5 + ["waiting"] * 19
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [one["turn"] for one in listed] == list(range(1, 25))
    assert [one["state"] for one in listed] == ["enrolled"] * 5 + ["waiting"] * 19
    assert await world.rebuild("hours") == []


async def test_a_class_is_called_off_while_nothing_of_it_is_registered(world: World) -> None:
    hours = await valley(world)
    why = {"reason": "报名人数不足"}
    for number in ("K1", "K2"):
        await approved(hours, number, **later(), capacity=1)
        await seat(hours, CENTRE, number, "T1", "T2")
        assert await send(hours, calling("centre:E"), f"/{number}/cancellation", why) == (
            404,
            "class.unknown",
        )
        for other in (calling("school:S"), PROVIDER):
            assert await send(hours, other, f"/{number}/cancellation", why) == (403, "access.forbidden")
        higher = signed("provincial_education@province:P")
        assert await send(hours, higher, f"/{number}/cancellation", why) == (403, "class.not_approver")
        assert (await send(hours, CENTRE, f"/{number}/cancellation", {}))[1] == "body.invalid"
    for number, by in (("K1", CENTRE), ("K2", CITY)):
        status, said = await send(hours, by, f"/{number}/cancellation", why)
        assert (status, said["state"], said["reason"]) == (200, "cancelled", "报名人数不足")
        listed = (await hours.get(f"/v1/classes/{number}/seats")).json()["items"]
        assert [one["state"] for one in listed] == ["cancelled"] * 2
        assert await seat(hours, CENTRE, number, "T3") == (409, "class.not_approved")
    assert await propose(hours, CENTRE, "K1", hours="8.00") == (409, "class.conflict")
    offered = {"open_on": today().isoformat()}
    for who in (CENTRE, calling("teacher:T1")):
        assert (await hours.get("/v1/classes", params=offered, headers=who)).json()["items"] == []
    await approved(hours, "K3")
    await seat(hours, CENTRE, "K3", "T1")
    await result(hours, CENTRE, "K3", {"teacher": "T1", "outcome": "passed"})
    assert await register(hours, CENTRE, "K3") == ["class:K3/1/T1"]
    assert await send(hours, CENTRE, "/K3/cancellation", why) == (409, "class.registered")
    undone = await hours.post("/v1/records/class:K3/1/T1/reversal", json=why, headers={**CENTRE, **key()})
    assert undone.status_code == 201
    assert (await send(hours, CENTRE, "/K3/cancellation", why))[0] == 200
    assert await world.rebuild("hours") == []
