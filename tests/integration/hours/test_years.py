"""Closing a year: only after the points service, for everyone, and then nothing is registered any more."""

import asyncio

from hours.ledger import operations as ledger
from shared.runtime.database import Transaction
from tests.integration.hours.acts import AT, close_points, enrol, key, record, register, total
from tests.integration.hours.conftest import Town
from tests.support.signing import calling
from tests.support.world import World, until


async def closed(town: Town, year: int) -> None:
    async def done() -> bool:
        return bool((await town.hours.get(f"/v1/years/{year}")).json()["state"] == "closed")

    await until(done)


async def test_a_year_waits_for_every_share_of_the_points_service(town: Town) -> None:
    early = await town.hours.post("/v1/years/2024/close", headers=key())
    assert (early.status_code, early.json()["code"], early.json()["count"]) == (409, "year.points_open", 32)
    await close_points(town.points, 2024, but=7)
    await town.heard()
    nearly = await town.hours.post("/v1/years/2024/close", headers=key())
    assert (nearly.status_code, nearly.json()["missing"]) == (409, [7])
    assert (await town.hours.get("/v1/years/2024")).json() == {
        "year": 2024,
        "state": "open",
        "closed": 0,
        "partitions": 32,
        "missing": [7],
    }


async def test_a_closed_year_takes_no_record_and_no_reversal(town: Town) -> None:
    await enrol(town.hours, "T1")
    await register(town.hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    await close_points(town.points, 2024)
    await town.heard()
    asked = await town.hours.post("/v1/years/2024/close", headers=key())
    assert asked.status_code == 202
    assert asked.json()["state"] in {"closing", "closed"}
    await closed(town, 2024)
    again = await town.hours.post("/v1/years/2024/close", headers=key())
    assert (again.status_code, again.json()["state"]) == (202, "closed")
    late = await town.hours.post("/v1/records", json=record("R2", "T1", "GZ-HR-2.02", "8"))
    assert (late.status_code, late.json()["code"]) == (409, "year.closed")
    replay = await town.hours.post("/v1/records", json=record("R1", "T1", "GZ-HR-2.02", "8"))
    assert (replay.status_code, replay.headers["Idempotent-Replayed"]) == (201, "true")
    back = await town.hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    assert (back.status_code, back.json()["code"]) == (409, "year.closed")
    dated = {"year": 2025, "from": "2025-05-06", "to": "2025-05-10"}
    (next_year,) = await register(town.hours, record("R3", "T1", "GZ-HR-2.02", "8", **dated))
    assert next_year["status"] == 201
    assert (await total(town.hours, "T1"))["professional"] == "8.00"


async def test_a_closing_goes_on_after_a_restart(town: Town) -> None:
    await close_points(town.points, 2024)
    await town.heard()
    await town.hours.post("/v1/years/2024/close", headers=key())
    await town.world.stop("hours")
    hours = await town.world.serve("hours")

    async def done() -> bool:
        return bool((await hours.get("/v1/years/2024")).json()["state"] == "closed")

    await until(done)


async def test_only_the_operator_closes_a_year(town: Town) -> None:
    answer = await town.hours.post("/v1/years/2024/close", headers={**key(), **calling("school:S01")})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden")


async def test_two_copies_close_a_share_once(world: World) -> None:
    await world.serve("hours")
    state = world.apps["hours"].state
    partition = state.service.journal.partitions("teacher")[8]

    async def close(tx: Transaction) -> None:
        await ledger.close_year(tx, state.service.context, 2024, partition, AT)

    await asyncio.gather(state.database.run(close), state.database.run(close))
    async with state.database.transaction() as tx:
        assert await state.service.journal.heads(tx, [partition]) == {partition: 1}
