"""The hours side of the exchange: answered once, refused with a reason, taken back at a recall."""

from datetime import UTC, datetime

from shared.contracts.points import (
    ActivityRef,
    LotChange,
    PointsExchangeRefunded,
    PointsReversed,
)
from shared.runtime.journal import Draft
from shared.runtime.journal.consumer import redrive
from tests.integration.hours.acts import (
    AT,
    EXPIRY,
    awarded,
    close_points,
    enrol,
    exchange,
    exchanged,
    key,
    recall,
    total,
)
from tests.integration.hours.conftest import Town
from tests.support.world import until


async def answers(town: Town, teacher: str) -> list[tuple[str, dict[str, object]]]:
    """What hours said about a teacher's exchanges, as others hear it."""
    partition = town.world.apps["hours"].state.service.journal.partition(f"teacher:{teacher}")
    events = (await town.hours.get(f"/v1/journal/{partition}")).json()["items"]
    return [
        (event["type"], event["data"])
        for event in events
        if event["subject"] == f"teacher:{teacher}" and event["type"].startswith("hours.")
    ]


async def test_an_exchange_is_posted_and_said(town: Town) -> None:
    await enrol(town.hours, "T1")
    await exchange(town.points, "X1", "T1", "professional", 10)
    await exchange(town.points, "X2", "T1", "elective", 7)
    await town.heard()
    sums = await total(town.hours, "T1")
    assert (sums["professional"], sums["elective"]) == ("10.00", "7.00")
    shown = (await town.hours.get("/v1/exchanges/X1")).json()
    assert (shown["state"], shown["hours"], shown["year"]) == ("posted", "10.00", 2024)
    said = await answers(town, "T1")
    kinds = [kind for kind, _ in said]
    assert kinds == ["hours.posted.v1", "hours.exchange_posted.v1"] * 2


async def test_refusals_have_a_reason_and_post_nothing(town: Town) -> None:
    await enrol(town.hours, "T1")
    await exchange(town.points, "X1", "nobody", "professional", 1)
    await exchange(town.points, "X2", "T1", "public", 1)
    await exchange(town.points, "X3", "T1", "professional", 6)
    await exchange(town.points, "X4", "T1", "professional", 6)
    await exchange(town.points, "X5", "T1", "professional", 4)
    await town.heard()
    found = [(await town.hours.get(f"/v1/exchanges/X{n}")).json() for n in range(1, 6)]
    assert [(item["state"], item["reason"]) for item in found] == [
        ("refused", "teacher.unknown"),
        ("refused", "category.not_exchangeable"),
        ("posted", ""),
        ("refused", "cap.reached"),
        ("posted", ""),
    ]
    assert (await total(town.hours, "T1"))["professional"] == "10.00"
    why = (await town.hours.get(found[3]["why"], headers={"Accept-Language": "zh"})).json()
    assert why["rules"][0]["rule"] == "GZ-EX-01"
    assert why["arithmetic"] == ["6.00 > 4.00"]
    assert "已达到本项年度最高限额" in why["words"]
    unknown = await town.hours.get("/v1/exchanges/X9")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "exchange.unknown")


async def test_an_exchange_that_is_said_twice_is_answered_once(town: Town) -> None:
    await enrol(town.hours, "T1")
    await exchange(town.points, "X1", "T1", "professional", 3)
    await exchange(town.points, "X1", "T1", "professional", 3)
    await town.heard()
    assert (await total(town.hours, "T1"))["professional"] == "3.00"
    assert len(await answers(town, "T1")) == 2
    assert (await town.hours.get("/v1/positions")).json()["parked"] == 0


async def test_a_recall_takes_back_part_and_then_the_rest(town: Town) -> None:
    await enrol(town.hours, "T1")
    await exchange(town.points, "X1", "T1", "professional", 5)
    await recall(town.points, "X1", "T1", 2)
    await recall(town.points, "X1", "T1", 2)
    await town.heard()
    assert (await total(town.hours, "T1"))["professional"] == "3.00"
    partly = (await town.hours.get("/v1/exchanges/X1")).json()
    assert (partly["state"], partly["taken_back"]) == ("posted", "2.00")
    await recall(town.points, "X1", "T1", 4, number=2)
    await town.heard()
    assert (await total(town.hours, "T1"))["professional"] == "0.00"
    assert (await town.hours.get("/v1/exchanges/X1")).json()["state"] == "reversed"
    said = [(kind, data.get("hours")) for kind, data in await answers(town, "T1")]
    assert said == [
        ("hours.posted.v1", "5.00"),
        ("hours.exchange_posted.v1", "5.00"),
        ("hours.reversed.v1", "5.00"),
        ("hours.posted.v1", "3.00"),
        ("hours.exchange_reversed.v1", 2),
        ("hours.reversed.v1", "3.00"),
        ("hours.exchange_reversed.v1", 3),
    ]


async def test_a_recall_of_a_refused_exchange_says_nothing(town: Town) -> None:
    await exchange(town.points, "X1", "nobody", "professional", 5)
    await recall(town.points, "X1", "nobody", 2)
    await town.heard()
    assert [kind for kind, _ in await answers(town, "nobody")] == ["hours.exchange_refused.v1"]
    assert (await town.hours.get("/v1/positions")).json()["parked"] == 0


async def test_a_closed_year_refuses_exchanges_and_parks_a_recall(town: Town) -> None:
    await enrol(town.hours, "T1", "T2")
    await exchange(town.points, "X1", "T1", "professional", 5)
    await close_points(town.points, 2024)
    await town.heard()
    assert (await town.hours.post("/v1/years/2024/close", headers=key())).status_code == 202

    async def closed() -> bool:
        return bool((await town.hours.get("/v1/years/2024")).json()["state"] == "closed")

    await until(closed)
    await exchange(town.points, "X2", "T1", "professional", 1)
    await exchange(town.points, "X3", "T1", "professional", 1, year=2025)
    await recall(town.points, "X1", "T1", 1)
    await exchange(town.points, "X4", "T2", "elective", 1, year=2025)
    await town.heard()
    assert (await town.hours.get("/v1/exchanges/X2")).json()["reason"] == "year.closed"
    assert (await town.hours.get("/v1/exchanges/X3")).json()["state"] == "posted"
    assert (await town.hours.get("/v1/exchanges/X4")).json()["state"] == "posted"
    assert (await total(town.hours, "T1"))["professional"] == "5.00"
    assert (await town.hours.get("/v1/positions")).json()["parked"] == 1
    body = {"teacher": "T1", "until": "2099-12-31", "reason": "积分收回"}
    reopened = await town.hours.post("/v1/years/2024/reopenings", json=body, headers=key())
    assert reopened.status_code == 201, reopened.text
    state = town.world.apps["hours"].state
    (hearing,) = (one for one in state.service.consumers if one.source == "points")
    assert await redrive(state.database, hearing) == 1
    assert (await total(town.hours, "T1"))["professional"] == "4.00"


async def test_points_that_could_still_be_exchanged_are_mirrored(town: Town) -> None:
    taken = PointsReversed(
        teacher="T1",
        reverses="points/0/1",
        rule="GZ-BP-04",
        ground="resource:gz/1",
        activity=ActivityRef(source="gz", id="1"),
        year=2024,
        asked=20,
        points=20,
        expires_at=EXPIRY,
        reason="withdrawn",
    )
    refunded = PointsExchangeRefunded(
        exchange="X1",
        teacher="T1",
        year=2024,
        hours=1,
        points=100,
        restored=[LotChange(expires_at=EXPIRY, points=100)],
        reason="teacher.unknown",
    )
    await town.points.say("points.awarded.v1", "teacher:T1", awarded("T1", 320), AT)
    await town.points.say("points.reversed.v1", "teacher:T1", taken, AT)
    await exchange(town.points, "X1", "T1", "professional", 1)
    await town.points.say("points.exchange_refunded.v1", "teacher:T1", refunded, AT)
    await exchange(town.points, "X2", "T1", "professional", 2)
    await town.heard()
    (lot,) = (await town.hours.get("/v1/exchangeable", params={"teacher": "T1"})).json()["items"]
    assert lot["points"] == 100
    assert datetime.fromisoformat(lot["expires_at"]) == datetime(2024, 12, 31, 16, tzinfo=UTC)


async def test_lots_are_mirrored_alike_however_much_is_heard_at_once(town: Town) -> None:
    """Also one that what is heard at once fills and empties."""
    said = [
        [
            Draft("points.awarded.v1", f"teacher:{who}", AT, "test@1", awarded(who, 100)),
            Draft(
                "points.exchanged.v1",
                f"teacher:{who}",
                AT,
                "test@1",
                exchanged(f"X-{who}", who, "professional", 1),
            ),
        ]
        for who in ("T1", "T2")
    ]
    await enrol(town.hours, "T1", "T2")
    await town.points.say_all(said[0])
    await town.heard()
    for draft in said[1]:
        await town.points.say_all([draft])
        await town.heard()
    lots = (await town.hours.get("/v1/exchangeable")).json()["items"]
    assert [(lot["teacher"], lot["points"]) for lot in lots] == [("T1", 0), ("T2", 0)]
