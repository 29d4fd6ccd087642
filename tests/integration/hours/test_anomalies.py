"""Completed courses that cannot be, over HTTP: registered, marked and listed, until they are taken back."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from tests.integration.hours.acts import enrol, key, record, register, total
from tests.integration.hours.packs import WUHAN_AND_HUBEI, pack_file
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.signing import account, calling
from tests.support.world import World


async def test_impossible_hours_are_registered_marked_and_never_dropped(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1", "T2", school="S1", district="D1")
    one_day = {"from": "2024-05-06", "to": "2024-05-06"}

    def at(first: int, last: int) -> dict[str, object]:
        instants = [f"2024-05-06T{hour:02}:00:00+08:00" for hour in (first, last)]
        return {"details": {"started_at": instants[0], "ended_at": instants[1]}, **one_day}

    said = await register(
        hours,
        record("A", "T1", "GZ-HR-2.01", "6", **at(8, 14)),
        record("B", "T1", "GZ-HR-1.01", "2", **at(13, 15)),
        record("C", "T1", "GZ-HR-3.01", "1", **one_day),
        record("D", "T2", "GZ-HR-2.01", "8", **one_day),
        record("E", "T1", "GZ-HR-2.02", "8", **one_day),
        record("F", "T2", "GZ-HR-2.01", "1", **at(15, 13)),
    )
    assert [row["status"] for row in said] == [201, 201, 201, 201, 201, 422], "a class is no course"
    assert said[-1]["problem"]["code"] == "dates.reversed"
    marked = (await hours.get("/v1/anomalies", params={"year": 2024})).json()["items"]
    assert [(one["record"], [why["kind"] for why in one["anomalies"]]) for one in marked] == [
        ("B", ["parallel"]),
        ("C", ["day"]),
    ]
    shown = (await hours.get("/v1/records/C")).json()["anomalies"]
    assert shown == [
        {
            "kind": "day",
            "from": "2024-05-06",
            "to": "2024-05-06",
            "hours": "9.00",
            "most": "8.00",
            "records": ["A", "B"],
        }
    ]
    assert (await total(hours, "T1"))["elective"] == "1.00", "it counts until it is taken back"
    other = (await hours.get("/v1/anomalies", headers=calling("school:S9"))).json()["items"]
    assert other == [], "nobody of that school"
    again = await register(hours, record("C", "T1", "GZ-HR-3.01", "1", **one_day))
    assert again[0]["replayed"]
    await hours.post("/v1/records/C/reversal", json={"reason": "核实有误"}, headers=key())
    left = (await hours.get("/v1/anomalies", params={"teacher": "T1"})).json()["items"]
    assert [one["record"] for one in left] == ["B"]
    assert await world.rebuild("hours") == []


async def scrutinise(
    client: httpx.AsyncClient, number: str, caller: str | dict[str, str], conclusion: str = "plausible"
) -> str:
    """What was found, or the code."""
    body = {"conclusion": conclusion, "reason": "平台日志属实"}
    who = calling(caller) if isinstance(caller, str) else caller
    address, headers = f"/v1/anomalies/{number}/scrutiny", {**key(), **who}
    said = (await client.post(address, json=body, headers=headers)).json()
    return str(said.get("code") or said["conclusion"])


async def test_who_stands_above_says_what_a_mark_turns_out_to_be(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="")
    day = {"from": "2024-05-06", "to": "2024-05-06"}
    await register(hours, *(record(one, "T1", "GZ-HR-2.01", "8", **day) for one in "ABC"))

    async def listed(**asked: Any) -> list[str]:
        answer = await hours.get("/v1/anomalies", params=asked, headers=calling("centre:D"))
        return [one["record"] for one in answer.json()["items"]]

    assert await listed() == await listed(open=True) == ["B", "C"]
    refused = [await scrutinise(hours, "B", who) for who in ("school:S", "operator:local", "centre:E")]
    assert refused == ["access.forbidden", "access.forbidden", "anomaly.unknown"]
    assert [await scrutinise(hours, one, "centre:D") for one in ("A", "nothing")] == ["anomaly.unknown"] * 2
    both = await asyncio.gather(*(scrutinise(hours, "B", who) for who in ("centre:D", "city:C")))
    assert sorted(both) == ["anomaly.scrutinised", "plausible"], "once"
    assert (await listed(open=True), await listed(open=False)) == (["C"], ["B"])
    items = (await hours.get("/v1/anomalies")).json()["items"]
    assert [(one["conclusion"], one["why"]) for one in items] == [("plausible", "平台日志属实"), (None, None)]
    assert (await total(hours, "T1"))["professional"] == "24.00", "it goes on counting"
    both = await asyncio.gather(
        *(scrutinise(hours, "C", who, "taken_back") for who in ("centre:D", "city:C"))
    )
    assert sorted(both) == ["anomaly.unknown", "taken_back"], "once"
    assert (await listed(), (await total(hours, "T1"))["professional"]) == (["B"], "16.00")
    gone = (await hours.get("/v1/records/C")).json()
    why = (await hours.get(gone["why"])).json()
    assert (gone["state"], why["inputs"]["registrar"], why["inputs"]["reason"]) == (
        "reversed",
        "centre:D" if both[0] == "taken_back" else "city:C",
        "平台日志属实",
    )
    assert await scrutinise(hours, "C", "city:C", "taken_back") == "anomaly.unknown"
    assert await scrutinise(hours, "B", "city:C", "taken_back") == "taken_back", (
        "it was only thought plausible"
    )
    first = "select partition, seq from journal where type = 'anomaly.scrutinised.v1' order by seq limit 1"
    async with world.apps["hours"].state.database.transaction(reading=True) as tx:
        partition, seq = (await tx.execute(text(first))).one()
    why = (await hours.get(f"/v1/entries/{partition}/{seq}/why")).json()
    assert (why["inputs"]["conclusion"], why["because"][0]["inputs"]["record"]) == ("plausible", "B")
    assert await world.rebuild("hours") == []


async def test_nobody_looks_into_what_their_account_or_office_registered(
    world: World, tmp_path: Path
) -> None:
    open_to_centres = WUHAN_AND_HUBEI.replace(
        'category = "professional"\nregistrars = ["school"]\nthrough = "completion"',
        'category = "professional"\nregistrars = ["school", "centre"]\nthrough = "completion"',
    )
    assert open_to_centres != WUHAN_AND_HUBEI
    hours = await world.serve("hours", HOURS_PACK=pack_file(tmp_path, open_to_centres))
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="")
    day = {"from": "2024-05-06", "to": "2024-05-06", "source_rule": "HB-02.4"}
    both = account("both", "school_administrator@school:S", "district_centre@district:D")
    for who, names in ((both, "AB"), (calling("centre:D"), "C")):
        rows = [record(one, "T1", "GZ-HR-2.01", "8", **day) for one in names]
        answer = await hours.post("/v1/records", json=rows, headers=who)
        assert answer.json()["accepted"] == len(rows), answer.text
    right = record("A2", "T1", "GZ-HR-2.01", "8", **day, activity="另一门课", reason="课程名称有误")
    sent = {**key(), **calling("school:S")}
    corrected = await hours.post("/v1/records/A/correction", json=right, headers=sent)
    assert corrected.status_code == 201, corrected.text
    assert await scrutinise(hours, "A2", both) == "anomaly.own", "their account registered it first"
    for conclusion in ("plausible", "taken_back"):
        assert await scrutinise(hours, "B", both, conclusion) == "anomaly.own", "their account"
        assert await scrutinise(hours, "C", both, conclusion) == "anomaly.own", "their office"
    assert await scrutinise(hours, "B", "centre:D") == "plausible", "somebody else of the district"
    assert await scrutinise(hours, "C", "city:C", "taken_back") == "taken_back"
    assert await world.rebuild("hours") == []
