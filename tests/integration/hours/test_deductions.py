"""Deductions over HTTP: four hours of three, one after another, taken back, and what moves under them."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import close_points, enrol, key, record, register, total
from tests.integration.hours.conftest import Town
from tests.integration.hours.test_appeals import PROVINCE, act, appeal
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_years import closed
from tests.support.deductions import with_deductions
from tests.support.signing import calling
from tests.support.world import World

WHY = "检查时未能出示学习笔记"
CITY = "city:C"


@pytest.fixture
async def hours(world: World, tmp_path: Path) -> httpx.AsyncClient:
    return await serve(world, tmp_path)


async def serve(world: World, folder: Path) -> httpx.AsyncClient:
    hours = await world.serve("hours", HOURS_PACK=with_deductions(folder))
    await post(hours, *WHOLE)
    await enrol(hours, "T1", "T2", school="S", district="")
    return hours


async def deduct(hours: httpx.AsyncClient, number: str, caller: str = CITY, **changed: Any) -> httpx.Response:
    body = {"teacher": "T1", "year": 2024, "rule": "SCH-01", "reason": WHY, **changed}
    headers = {"Idempotency-Key": number, **calling(caller)}
    return await hours.post("/v1/deductions", json=body, headers=headers)


async def withdraw(hours: httpx.AsyncClient, number: str, caller: str = CITY) -> httpx.Response:
    headers = {**key(), **calling(caller)}
    body = {"reason": "复查合格"}
    return await hours.post(f"/v1/deductions/{number}/withdrawal", json=body, headers=headers)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def takes(hours: httpx.AsyncClient, number: str) -> tuple[dict[str, str], str]:
    told = (await hours.get(f"/v1/deductions/{number}")).json()
    return told["hours"], told["short"]


async def counted(hours: httpx.AsyncClient) -> tuple[str, str]:
    sums = await total(hours, "T1")
    return sums["professional"], sums["elective"]


async def statement(hours: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await hours.get("/v1/teachers/T1/statement", params={"year": 2024, **params})
    told: dict[str, Any] = answer.json()
    return told


async def test_sch_01_four_hours_of_three_leave_none_and_are_flagged(
    world: World, hours: httpx.AsyncClient
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "3"), record("R2", "T1", "GZ-HR-1.01", "20"))
    answer = await deduct(hours, "D1")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["asked"], told["hours"], told["short"]) == ("4.00", {"professional": "3.00"}, "1.00")
    assert (told["state"], told["withholds"], told["by"], told["reason"]) == ("standing", True, CITY, WHY)
    sums = await total(hours, "T1")
    assert (sums["professional"], sums["public"]) == ("0.00", "20.00"), "of no other category"
    assert sums["deducted"] == "3.00"

    line = (await statement(hours))["items"][-1]
    assert (line["type"], line["hours"], line["short"]) == ("hours.deducted.v1", "-3.00", "1.00")
    assert line["source"]["why"] == WHY
    assert line["balance"]["professional"] == "0.00"
    assert (await statement(hours))["totals"]["deducted"] == "3.00"
    why = (await hours.get(line["why"])).json()
    assert why["arithmetic"] == ["min(4.00, 3.00) = 3.00", "3.00 − 3.00 = 0.00", "4.00 − 3.00 = 1.00"]
    assert why["words"] == "4.00 h are to be deducted and 3.00 h are; 1.00 h are not there to be taken."
    assert WHY in why["because"][0]["words"]

    for short, listed in (("true", ["D1"]), ("false", [])):
        found = await hours.get("/v1/deductions", params={"short": short, "year": 2024})
        assert [one["deduction"] for one in found.json()["items"]] == listed
    assert await world.rebuild("hours") == []


async def test_later_hours_owe_nothing_and_what_is_gone_is_not_taken(
    world: World, hours: httpx.AsyncClient
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "3"))
    await deduct(hours, "D1")
    await register(hours, record("R2", "T1", "GZ-HR-2.02", "5"))
    assert await counted(hours) == ("5.00", "0.00")
    assert await takes(hours, "D1") == ({"professional": "3.00"}, "1.00")
    reversal = {"reason": "登记有误"}
    assert (await hours.post("/v1/records/R2/reversal", json=reversal, headers=key())).is_success
    assert (await hours.post("/v1/records/R1/reversal", json=reversal, headers=key())).is_success
    assert await counted(hours) == ("0.00", "0.00"), "never below none"
    assert await takes(hours, "D1") == ({}, "4.00")
    await register(hours, record("R3", "T1", "GZ-HR-2.02", "8"))
    assert await counted(hours) == ("5.00", "0.00"), "no more than there was to take when it was decided"
    assert await takes(hours, "D1") == ({"professional": "3.00"}, "1.00")
    told = await statement(hours)
    assert told["items"][-1]["balance"]["professional"] == told["totals"]["professional"] == "5.00"
    assert [line["reason"] for line in told["items"] if line["type"] == "hours.deducted.v1"] == [
        "",
        "changed",
        "changed",
    ]
    assert await world.rebuild("hours") == []


async def test_a_correction_of_hours_behind_it_leaves_a_deduction_as_it_is(
    world: World, hours: httpx.AsyncClient
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "10"))
    await deduct(hours, "D1")
    right = {**record("R1-1", "T1", "GZ-HR-2.02", "9"), "reason": "学时登记有误"}
    assert (await hours.post("/v1/records/R1/correction", json=right, headers=key())).status_code == 201
    assert await counted(hours) == ("5.00", "0.00")
    assert await takes(hours, "D1") == ({"professional": "4.00"}, "0.00")
    assert await world.rebuild("hours") == []


async def test_deductions_are_taken_one_after_another_and_given_back(
    world: World, hours: httpx.AsyncClient
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "3"), record("R2", "T1", "GZ-HR-3.01", "2"))
    assert (await deduct(hours, "D1")).json()["hours"] == {"professional": "3.00", "elective": "1.00"}
    second = await deduct(hours, "D/2", "school:S", rule="T-D2")
    assert (second.json()["hours"], second.json()["short"]) == ({"elective": "1.00"}, "1.00")
    assert await counted(hours) == ("0.00", "0.00")
    gone = await withdraw(hours, "D1")
    assert gone.status_code == 200, gone.text
    assert (gone.json()["state"], gone.json()["asked"], gone.json()["hours"]) == ("withdrawn", "0.00", {})
    assert gone.json()["withdrawn_because"] == "复查合格"
    assert await counted(hours) == ("3.00", "1.00"), "the second took what was there, and no more"
    assert refused(await withdraw(hours, "D1")) == (409, "deduction.over")
    line = (await statement(hours))["items"][-1]
    assert (line["hours"], line["reason"], line["category"]) == ("4.00", "withdrawn", "")
    assert line["by_category"] == {"professional": "3.00", "elective": "1.00"}
    assert line["reversal"]["why"] == "复查合格"
    assert (await withdraw(hours, "D/2", "school:S")).status_code == 200
    assert await counted(hours) == ("3.00", "2.00")
    standing = await hours.get("/v1/deductions", params={"state": "standing"})
    assert standing.json() == {"items": [], "next": None}
    assert await world.rebuild("hours") == []


async def test_what_the_rules_do_not_say_is_refused_and_nothing_moves(
    world: World, hours: httpx.AsyncClient
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "3"))
    assert refused(await deduct(hours, "D", rule="T-D9")) == (422, "deduction.no_rule")
    assert refused(await deduct(hours, "D", rule="GZ-HR-2.02")) == (422, "deduction.no_rule")
    assert refused(await deduct(hours, "D", rule="GZ-BP-01")) == (409, "rule.disabled")
    assert refused(await deduct(hours, "D", rule="T-D3")) == (422, "rule.incomplete")
    assert refused(await deduct(hours, "D", "school:S")) == (403, "deduction.not_decider")
    assert refused(await deduct(hours, "D", teacher="T9")) == (422, "teacher.unknown")
    assert refused(await deduct(hours, "D", "city:X")) == (422, "teacher.unknown")
    assert refused(await deduct(hours, "D", year=2099)) == (422, "year.not_begun")
    assert refused(await deduct(hours, "D", reason="")) == (422, "body.invalid")
    assert refused(await hours.get("/v1/deductions/D")) == (404, "deduction.unknown")
    assert refused(await withdraw(hours, "D")) == (404, "deduction.unknown")
    assert await counted(hours) == ("3.00", "0.00")

    once = [await deduct(hours, "D1") for _ in range(2)]
    assert once[0].json() == once[1].json()
    assert refused(await deduct(hours, "D1", "centre:D")) == (409, "idempotency.conflict")
    assert refused(await withdraw(hours, "D1", "school:S")) == (403, "deduction.not_decider")
    assert refused(await withdraw(hours, "D1", "city:X")) == (404, "deduction.unknown")
    own, other = [
        (await hours.get("/v1/deductions", headers=calling(f"teacher:{one}"))).json() for one in ("T1", "T2")
    ]
    assert ([one["deduction"] for one in own["items"]], other["items"]) == (["D1"], [])
    assert await world.rebuild("hours") == []


async def test_a_closed_year_takes_no_deduction_until_it_is_open_again(world: World, tmp_path: Path) -> None:
    points, verification = await world.publisher("points"), await world.publisher("verification")
    hours = await serve(world, tmp_path)
    town = Town(world, hours, points, verification)
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "9"))
    await deduct(hours, "D1")
    await close_points(points, 2024)
    await town.heard()
    await hours.post("/v1/years/2024/close", headers=key())
    await closed(town, 2024)
    assert refused(await deduct(hours, "D2")) == (409, "year.closed")
    assert refused(await withdraw(hours, "D1")) == (409, "year.closed")
    opened = {"teacher": "T1", "until": "2099-12-31", "reason": "复查"}
    answer = await hours.post("/v1/years/2024/reopenings", json=opened, headers=key())
    assert answer.is_success, answer.text
    assert (await withdraw(hours, "D1")).status_code == 200
    line = (await statement(hours))["items"][-1]
    why = (await hours.get(line["why"])).json()
    assert why["because"][0]["because"] == [], "what was decided before rests on no reopening"
    assert await counted(hours) == ("9.00", "0.00")
    assert await world.rebuild("hours") == []


async def test_a_rule_that_is_gone_still_lets_its_deduction_be_withdrawn(
    world: World, hours: httpx.AsyncClient, tmp_path: Path
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "9"))
    await deduct(hours, "D1")
    await world.stop("hours")
    later = await world.serve("hours", HOURS_PACK=with_deductions(tmp_path, rules="", version="2"))
    assert refused(await deduct(later, "D2")) == (422, "deduction.no_rule")
    line = (await statement(later))["items"][-1]
    assert line["title_zh"] == "检查不合格"
    assert refused(await withdraw(later, "D1", "school:S")) == (403, "deduction.not_decider")
    assert (await withdraw(later, "D1")).status_code == 200
    assert await counted(later) == ("9.00", "0.00")
    assert await world.rebuild("hours") == []


async def test_a_deduction_is_withdrawn_on_appeal_by_who_had_no_hand_in_it(
    world: World, hours: httpx.AsyncClient
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "9"))
    assert await appeal(hours, "a", "deduction:D1") == "appeal.matter_unknown"
    await deduct(hours, "D1")
    assert await appeal(hours, "a", "deduction:D1") == "open"
    assert await act(hours, "a/grant", calling(CITY)) == "appeal.own", "the city decided it"
    assert await act(hours, "a/grant", PROVINCE) == "granted"
    told = (await hours.get("/v1/deductions/D1")).json()
    assert (told["state"], told["withdrawn_by"], told["withdrawn_because"]) == (
        "withdrawn",
        "education:P",
        "appeal:a",
    )
    assert await counted(hours) == ("9.00", "0.00")
    assert await appeal(hours, "b", "deduction:D1") == "appeal.not_decided", "it takes nothing"
    assert await world.rebuild("hours") == []
