"""Two jurisdictions of one deployment, isolated by tenant, and a teacher who moves between them.

They share one PostgreSQL and one broker, and nothing else: a signed transcript is all that crosses.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.issuer.own import OwnIssuer
from tests.integration.hours.packs import SHIPPED
from tests.integration.hours.recognising import line, signed, transcript
from tests.integration.hours.test_persons import KEYS, ONE, OTHER
from tests.support.deeds import person, record, workshop
from tests.support.signing import OPERATOR
from tests.support.transcripts import signing_as, trusting
from tests.support.versions import as_version
from tests.support.world import Cluster, World, until

pytestmark = pytest.mark.long

WEST = OwnIssuer.open("http://127.0.0.1:8106")
"""Who says in the west who somebody is."""
RULE = """
[[hours]]
kind = "recognised_elsewhere"
id = "T-RC-1"
clause = "七"
words = "外地学时须经认定"
title = "Hours of elsewhere"
title_zh = "外地学时认定"
category = "professional"
registrars = ["teacher"]
through = "declaration"

[[hours.factors]]
issuers = ["east"]
unit = "hour"
category = "professional"
numerator = 1
denominator = 3

"""
"""A figure of no city."""


@pytest.fixture
async def east(cluster: Cluster) -> AsyncIterator[World]:
    made = World(cluster)
    yield made
    await made.close()


@pytest.fixture
async def west(cluster: Cluster) -> AsyncIterator[World]:
    made = World(cluster)
    yield made
    await made.close()


async def serve_west(west: World, folder: Path, address: str) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    """Points and hours of the west, with people and rules of their own."""
    pack = folder / "west.toml"
    text = SHIPPED.replace("[[requirements]]", f"{RULE}[[requirements]]", 1)
    pack.write_text(as_version(text), encoding="utf-8")
    own = {
        "HOURS_PACK": str(pack),
        "HOURS_PERSON_KEYS": KEYS,
        **signing_as("west"),
        **trusting(folder / "trust", "east"),
    }
    points = await west.serve("points", **WEST.told(address, "points"))
    hours = await west.serve("hours", **WEST.told(address, "hours"), **own)
    for client in (points, hours):
        client.headers["Authorization"] = WEST.bearer([OPERATOR])
    return points, hours


async def enrol(hours: httpx.AsyncClient, *rows: dict[str, Any]) -> None:
    answer = await hours.post("/v1/roster", json={"teachers": list(rows)}, headers={"Idempotency-Key": "r"})
    assert answer.json()["refused"] == 0, answer.text


async def professional(hours: httpx.AsyncClient, teacher: str, year: int) -> str:
    rows = (await hours.get("/v1/totals", params={"year": year, "teacher": teacher})).json()["items"]
    return str(rows[0]["hours"]["professional"])


async def earn_in_the_east(east: World) -> httpx.AsyncClient:
    """T1 has 12 and 10 professional hours of records, 5 of points, and 7.5 public ones."""
    points = await east.serve("points")
    hours = await east.serve("hours", HOURS_PERSON_KEYS=KEYS, **signing_as("east"))
    await enrol(hours, person("T1", citizen_id=ONE))
    await east.heard("points", "hours")
    rows = [
        record("R1", "T1", "GZ-HR-2.01", "12"),
        record("R2", "T1", "GZ-HR-2.04", "14"),
        record("R3", "T1", "GZ-HR-1.01", "7.5"),
    ]
    assert (await hours.post("/v1/records", json=rows)).json()["refused"] == 0
    assert (await points.post("/v1/activities", json=workshop("w", "T1", "2024-03-01"))).is_success
    asked = {"request": "x-1", "teacher": "T1", "category": "professional", "hours": 5}
    await points.post("/v1/exchanges", json={**asked, "at": "2024-12-20T10:00:00+08:00"})

    async def settled() -> bool:
        return bool((await points.get("/v1/exchanges/x-1")).json().get("state") == "settled")

    await until(settled)
    assert await professional(hours, "T1", 2024) == "27.00"
    return hours


async def test_a_teacher_moves_with_a_transcript_and_nothing_else_crosses(
    east: World, west: World, tmp_path: Path
) -> None:
    with WEST.serving(tmp_path / "issuer.log") as address:
        there_points, there = await serve_west(west, tmp_path, address)
        await enrol(there, person("T1", citizen_id=OTHER), person("T9", citizen_id=ONE))
        await west.heard("points", "hours")
        here = await earn_in_the_east(east)
        own = {"teacher": "T1", "first": 2024, "last": 2024}
        issued = await here.post("/v1/transcripts", json=own, headers={"Idempotency-Key": "moving"})
        assert issued.status_code == 201, issued.text
        text = (await here.get("/v1/transcripts/moving")).json()["signed"]

        await nothing_crossed(here, there, there_points)
        await refused(there, text)
        await recognised(there, text)
        assert await professional(here, "T1", 2024) == "27.00", "who takes a copy along leaves the hours"
        for world in (east, west):
            for service in ("points", "hours"):
                assert await world.rebuild(service) == []


async def nothing_crossed(
    here: httpx.AsyncClient, there: httpx.AsyncClient, points: httpx.AsyncClient
) -> None:
    """Tokens, data and events of one are nothing in the other, although ids are the same."""
    for client, other in ((there, here), (here, there)):
        foreign = {"Authorization": other.headers["Authorization"]}
        answer = await client.get("/v1/teachers/T1", headers=foreign)
        assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid")
    assert (await there.get("/v1/transcripts/moving")).json()["code"] == "transcript.unknown"
    assert (await there.get("/v1/records/R1")).status_code == 404
    assert await professional(there, "T1", 2024) == "0.00"
    assert (await points.get("/v1/teachers/T1/balance")).json()["balance"] == 0
    positions = (await there.get("/v1/positions")).json()
    assert (positions["parked"], positions["ahead"]) == (0, {})


async def hand_in(there: httpx.AsyncClient, text: str, teacher: str, key: str) -> httpx.Response:
    headers = {"Idempotency-Key": key, "Authorization": WEST.bearer([f"teacher@person:{teacher}"])}
    return await there.post("/v1/recognitions", json={"teacher": teacher, "signed": text}, headers=headers)


async def refused(there: httpx.AsyncClient, text: str) -> None:
    """What is tampered with, of nobody who is known, or another person's."""
    head, _, signature = text.split(".")
    tampered = signed(transcript(line("record:R1", "99"), issuer="east")).split(".")[1]
    stranger = signed(transcript(line("record:R1", "99"), issuer="north"))
    for given, teacher, code in (
        (f"{head}.{tampered}.{signature}", "T9", "transcript.not_genuine"),
        (stranger, "T9", "transcript.issuer_unknown"),
        (text, "T1", "transcript.other_person"),
    ):
        assert (await hand_in(there, given, teacher, code)).json()["code"] == code
    assert await professional(there, "T9", 2024) == "0.00"


async def recognised(there: httpx.AsyncClient, text: str) -> None:
    """A third of each line, rounded once: 4.00, 3.33, 1.67 of points; public ones have no factor."""
    answer = (await hand_in(there, text, "T9", "moving")).json()
    found = {one["line"]: one.get("hours") or one["problem"]["code"] for one in answer["results"]}
    assert found == {
        "record:R1": "4.00",
        "record:R2": "3.33",
        "record:R3": "recognition.no_factor",
        "exchange:x-1": "1.67",
    }
    assert await professional(there, "T9", 2024) == "9.00"
    again = (await hand_in(there, text, "T9", "again")).json()
    codes = [one["problem"]["code"] for one in again["results"]]
    assert sorted(codes) == ["recognition.no_factor", *["recognition.taken"] * 3]
    assert await professional(there, "T9", 2024) == "9.00"
