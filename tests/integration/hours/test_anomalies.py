"""Completed courses that cannot be, over HTTP: registered, marked and listed, until they are taken back."""

from tests.integration.hours.acts import enrol, key, record, register, total
from tests.support.signing import calling
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
