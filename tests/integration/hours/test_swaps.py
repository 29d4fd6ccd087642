"""Swaps of seats over HTTP: agreed to in turn before the class opens, and reported."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hours.classes.operations import swaps
from hours.classes.operations.swaps import Answer
from shared.runtime import clock
from shared.runtime.errors import DomainError
from tests.integration.hours.acts import enrol, key, paper
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    CITY_CENTRE,
    approved,
    later,
    pack,
    seat,
    send,
    valley,
)
from tests.integration.hours.test_declarations import declaration, declare
from tests.integration.hours.test_organisations import CITY as CITY_ROW
from tests.integration.hours.test_organisations import DISTRICT, SCHOOL, post
from tests.support.signing import caller, calling
from tests.support.world import World

AWAY = (
    {**CITY_ROW, "organisation": "CX", "name": "珠海市", "division": "440400"},
    {**DISTRICT, "organisation": "X", "name": "香洲区", "parent": "CX", "division": "440402"},
    {**SCHOOL, "organisation": "FS", "name": "第三小学", "parent": "X"},
)
"""A school of another city of the same province."""


async def ask(
    client: httpx.AsyncClient, caller: str, swap: str, leaving: str, replacement: str, **form: str
) -> Any:
    """Ask with a form that was handed in for this swap, or with another one."""
    own = form or {"form": await paper(client, f"更换申请表 {swap}", calling(caller))}
    body = {"class": "K1", "leaving": leaving, "replacement": replacement, **own}
    headers = {**calling(caller), "Idempotency-Key": swap}
    answer = await client.post("/v1/swaps", json=body, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["awaits"]


async def agree(client: httpx.AsyncClient, caller: str, swap: str, what: str = "approval") -> Any:
    why = {"reason": "工作需要"} if what == "refusal" else None
    answer = await client.post(f"/v1/swaps/{swap}/{what}", headers={**calling(caller), **key()}, json=why)
    return answer.status_code, answer.json().get("code") or answer.json()["awaits"]


async def test_gz_lm_03_a_seat_changes_hands_when_all_agreed_and_it_was_reported(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later(), capacity=1)
    assert await seat(hours, CENTRE, "K1", "T1", "T2") == ["enrolled", "waiting"]
    assert await ask(hours, "teacher:T1", "1", "T1", "T4") == (201, "school:S")
    assert await agree(hours, "school:F", "1") == (403, "swap.not_awaited")
    assert await agree(hours, "school:S", "1") == (200, "school:F")
    found = (await hours.get("/v1/swaps/1", headers=calling("teacher:T1"))).json()
    assert found["state"] == "pending", "without the consent of the replacement's unit"
    told = (found["awaits"], [one["by"] for one in found["approvers"]])
    assert told == ("school", ["school:S", "school", "district:D", "district", "city:C"]), "not T4's school"
    asked = (("teacher:T1", "school:F"), ("teacher:T1", "school"), ("school:S", "school:F"))
    listed = [
        (await hours.get("/v1/swaps", params={"awaits": awaits}, headers=calling(who))).json()["items"]
        for who, awaits in asked
    ]
    assert [len(one) for one in listed] == [0, 1, 1], "nor by asking for it"
    seen = [calling(who) for who in ("school:F", "district:E", "city:C", "school:N", "district:X")]
    looks = [(await hours.get(f"/v1/evidence/{found['form']}", headers=who)).status_code for who in seen]
    assert looks == [200, 200, 200, 404, 404], "who is asked for consent can read what for"
    assert await agree(hours, "district:D", "1") == (403, "swap.not_awaited")
    assert await agree(hours, "school:F", "1") == (200, "district:D")
    assert await agree(hours, "district:D", "1") == (200, "district:E")
    assert await agree(hours, "district:E", "1") == (200, "city:C")
    assert await agree(hours, "city:C", "1", "refusal") == (409, "swap.reported")
    awaited = (await hours.get("/v1/swaps", params={"awaits": "city:C"}, headers=CITY)).json()["items"]
    assert [one["swap"] for one in awaited] == ["1"]
    chinese = {"Accept-Language": "zh"}
    centre = await hours.post("/v1/swaps/1/approval", headers={**CITY_CENTRE, **key(), **chinese})
    assert centre.json()["code"] == "swap.not_awaited", "it is reported to the department"
    assert (centre.json()["awaits"], centre.json()["detail"]) == (
        "city:C",
        "当前应由 市级主管部门 C 办理。",
    )
    assert await agree(hours, "city:C", "1") == (200, None)
    assert await agree(hours, "city:C", "1") == (409, "swap.over")
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert {one["teacher"]: one["state"] for one in listed} == {
        "T1": "swapped",
        "T2": "waiting",
        "T4": "enrolled",
    }
    assert (await hours.get("/v1/swaps/1", headers=calling("school:N"))).status_code == 404
    shown = {"centre:D": 3, "school:F": 1, "teacher:T4": 1}
    for who, many in shown.items():
        assert (await hours.get("/v1/classes/K1", headers=calling(who))).json()["state"] == "approved", who
        held = await hours.get("/v1/classes/K1/seats", headers=calling(who))
        assert len(held.json()["items"]) == many, who
    school, leaving = calling("school:S"), {"teacher": "T4"}
    assert await send(hours, school, "/K1/withdrawals", leaving) == (404, "seat.unknown")
    status, said = await send(hours, CENTRE, "/K1/withdrawals", leaving)
    assert (status, said["state"]) == (200, "withdrawn"), "who holds it reaches to whoever has a seat"
    assert await seat(hours, CENTRE, "K1", "T2") == ["enrolled"], "it moved up"
    assert await world.rebuild("hours") == []


async def test_gz_lm_03_one_authority_of_both_is_asked_once_and_may_refuse(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later())
    await seat(hours, CENTRE, "K1", "T1", "T2")
    assert await ask(hours, "teacher:T3", "1", "T1", "T3") == (404, "seat.unknown"), "T1 is not T3's to swap"
    assert await ask(hours, "school:S", "1", "T1", "T2") == (409, "seat.taken")
    assert await ask(hours, "school:S", "1", "T1", "T9") == (422, "teacher.unknown")
    assert await ask(hours, "school:S", "1", "T1", "T3") == (201, "school:S")
    assert await ask(hours, "school:S", "2", "T2", "T3") == (409, "swap.pending")
    steps = [await agree(hours, caller, "1") for caller in ("school:S", "school:N", "district:D")]
    assert steps == [(200, "school:N"), (200, "district:D"), (200, "city:C")]
    assert await ask(hours, "school:S", "3", "T2", "T4") == (201, "school:S")
    assert await agree(hours, "school:S", "3", "refusal") == (200, None)
    refused = (await hours.get("/v1/swaps/3")).json()
    assert (refused["state"], refused["reason"]) == ("refused", "工作需要")
    assert await world.rebuild("hours") == []


async def test_who_is_to_come_is_no_news_to_who_does_not_reach_to_them(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack(tmp_path, "profile = ['title']"))
    await post(hours, *AWAY)
    await enrol(hours, "T1", "T2", school="S", district="", title="一级教师")
    await enrol(hours, "T8", school="FS", district="")
    await enrol(hours, "T9", school="nowhere", district="D")
    await approved(hours, "K1", **later())
    await seat(hours, CENTRE, "K1", "T1")
    for who in ("teacher:T1", "school:S", "operator:local"):
        for away in ("T8", "T9", "nobody"):
            assert await ask(hours, who, away, "T1", away) == (422, "teacher.unknown")
    form = await paper(hours, "更换申请表", calling("teacher:T1"))
    body = {"class": "K1", "leaving": "T1", "replacement": "T3", "form": form}
    answer = await hours.post("/v1/swaps", json=body, headers={**calling("teacher:T1"), **key()})
    assert answer.json()["code"] == "swap.profile_incomplete"
    assert "title" not in answer.json()["detail"], "what is missing is for T3's school"
    unsaid = await hours.post("/v1/swaps/1/refusal", json={}, headers=key())
    assert unsaid.json()["code"] == "body.invalid", "nobody refuses without a reason"


async def test_gz_lm_03_a_form_is_evidence_of_one_swap_until_it_is_refused_or_withdrawn(
    world: World,
) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later())
    await seat(hours, CENTRE, "K1", "T1", "T2")
    form, claimed = await paper(hours, "更换申请表", calling("school:S")), (409, "evidence.claimed")
    await enrol(hours, "T5", "T6", school="S", district="")
    first, second = ("school:S", "1", "T1", "T5"), ("school:S", "2", "T2", "T6")
    unknown = await ask(hours, *first, form="0" * 64)
    assert unknown == (422, "evidence.not_handed_in")
    assert await ask(hours, *first, form=form) == (201, "school:S")
    assert await ask(hours, *second, form=form) == claimed, "of the same school, class and year"
    proof = declaration("D", files=[form])
    assert await declare(hours, proof) == claimed
    assert await ask(hours, *second, form=form, override="一表两人") == (201, "school:S")
    shown = [(await hours.get(f"/v1/swaps/{swap}")).json()["override"] for swap in "12"]
    assert shown == [None, "一表两人"], "to everybody who is asked to agree"
    assert await agree(hours, "school:S", "1", "refusal") == (200, None)
    assert await declare(hours, proof) == claimed, "the other one stands"
    assert await agree(hours, "school:N", "2", "withdrawal") == (404, "swap.unknown"), "not whose seat it is"
    assert await agree(hours, "school:S", "2", "withdrawal") == (200, None)
    assert await agree(hours, "school:S", "2", "withdrawal") == (409, "swap.over")
    assert (await hours.get("/v1/swaps/2")).json()["state"] == "withdrawn"
    assert await declare(hours, proof) == (201, "declared")
    assert await ask(hours, "school:S", "3", "T1", "T4") == (201, "school:S"), (
        "nobody is bound by what is over"
    )
    assert await world.rebuild("hours") == []


async def test_a_swap_ends_with_its_class_and_who_had_a_seat_still_sees_why(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later())
    await seat(hours, CENTRE, "K1", "T1", "T2")
    form = await paper(hours, "更换申请表", calling("school:S"))
    assert await ask(hours, "school:S", "1", "T1", "T4", form=form) == (201, "school:S")
    assert await agree(hours, "school:S", "1") == (200, "school:F")
    assert await ask(hours, "school:S", "2", "T2", "T3") == (201, "school:S")
    assert await agree(hours, "school:S", "2", "refusal") == (200, None)
    proof, why = declaration("D", files=[form]), {"reason": "报名人数不足"}
    assert await declare(hours, proof) == (409, "evidence.claimed")
    assert (await send(hours, CENTRE, "/K1/cancellation", why))[0] == 200
    for who in ("school:S", "teacher:T1", "school:F"):
        told = (await hours.get("/v1/swaps/1", headers=calling(who))).json()
        assert (told["state"], told["reason"], told["awaits"]) == ("cancelled", why["reason"], None)
    assert (await hours.get("/v1/swaps/2")).json()["state"] == "refused", "what was over stays so"
    for what in ("approval", "withdrawal"):
        assert await agree(hours, "school:S", "1", what) == (409, "swap.over")
    assert await declare(hours, proof) == (201, "declared"), "its form is free again"
    seen = {"teacher:T1": 1, "teacher:T2": 1, "school:S": 1, "teacher:T3": 0, "school:N": 0, "school:F": 0}
    for who, many in seen.items():
        shown = await hours.get("/v1/classes/K1", headers=calling(who))
        assert (shown.status_code, shown.json().get("reason")) == (
            (200, why["reason"]) if many else (404, None)
        )
        listed = await hours.get("/v1/classes", params={"state": "cancelled"}, headers=calling(who))
        assert len(listed.json()["items"]) == many, who
    assert await seat(hours, calling("school:S"), "K1", "T1") == (409, "class.not_approved")
    assert await world.rebuild("hours") == []


async def test_gz_lm_03_on_the_day_of_opening_nobody_is_replaced(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1")
    await seat(hours, CENTRE, "K1", "T1")
    assert await ask(hours, "school:S", "1", "T1", "T3") == (409, "class.begun")
    await approved(hours, "K2", **later())
    await seat(hours, CENTRE, "K2", "T1")
    form = await paper(hours, "form", calling("school:S"))
    body = {"class": "K2", "leaving": "T1", "replacement": "T3", "form": form}
    asked = await hours.post("/v1/swaps", json=body, headers={**key(), **calling("school:S")})
    swap, context = asked.json()["swap"], world.apps["hours"].state.service.context
    opened = Answer(swap=swap, caller=caller("school:S"), at=clock.now() + timedelta(days=1))
    database = world.apps["hours"].state.database
    for answer in (swaps.approve, swaps.refuse):
        with pytest.raises(DomainError, match=r"class\.begun"):
            await database.run(lambda tx, answer=answer: answer(tx, context, opened))
    await database.run(lambda tx: swaps.withdraw(tx, context, opened))
    shown = (await hours.get(f"/v1/swaps/{swap}")).json()
    assert shown["state"] == "withdrawn", "what was never answered is no longer in anybody's way"
