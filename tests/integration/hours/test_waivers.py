"""Waivers over HTTP: asked for, decided by others, their grounds under seal, and judged in verification."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.integration.hours.acts import enrol, key, record, register
from tests.integration.hours.test_evidence import PAPER, see, send
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_persons import KEYS
from tests.support.city import SERVICES, City
from tests.support.signing import calling, signed
from tests.support.waivers import with_waivers
from tests.support.world import World

SECRET = "孕期,预产期八月"
ASK = {"teacher": "T1", "kind": "childbirth", "first": 2024, "last": 2025, "statement": SECRET}


@pytest.fixture
def pack(tmp_path: Path) -> str:
    return with_waivers(tmp_path)


async def town(city: City) -> None:
    await post(city.hours, *WHOLE)
    await enrol(city.hours, "T1", "T2", school="S", district="")


async def serve(world: World, folder: Path, pack: str) -> City:
    settings = {"HOURS_PACK": pack, "HOURS_PERSON_KEYS": KEYS, "EVIDENCE_URL": str(folder / "evidence")}
    city = await City.serve(world, **settings)
    await town(city)
    return city


async def ask(client: httpx.AsyncClient, number: str, caller: str, **changed: Any) -> tuple[int, str]:
    headers = {"Idempotency-Key": number, **calling(caller)}
    answer = await client.post("/v1/waivers", json={**ASK, **changed}, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["state"]


async def decide(
    hours: httpx.AsyncClient, number: str, caller: str, what: str = "approval", **more: Any
) -> tuple[int, str]:
    body = {"reason": "病历属实", **more}
    answer = await hours.post(f"/v1/waivers/{number}/{what}", json=body, headers={**key(), **calling(caller)})
    return answer.status_code, answer.json().get("code") or answer.json()["state"]


async def told(hours: httpx.AsyncClient, number: str, caller: str) -> str | None:
    """The statement as somebody is shown it; None where they are not."""
    answer = await hours.get(f"/v1/waivers/{number}", headers=calling(caller))
    assert answer.status_code == 200, answer.text
    ground = answer.json()["ground"]
    return None if ground is None else str(ground["statement"])


@pytest.mark.long
async def test_a_waiver_is_decided_by_others_and_judged(world: World, tmp_path: Path, pack: str) -> None:
    city = await serve(world, tmp_path, pack)
    hours, paper = city.hours, sha256(PAPER).hexdigest()
    await send(hours, PAPER)
    await register(
        hours,
        record("p", "T1", "GZ-HR-1.01", "30"),
        record("f", "T1", "GZ-HR-2.01", "34"),
        record("e", "T1", "GZ-HR-3.01", "8"),
    )
    await world.heard("verification", "hours")
    await city.verify(2024)
    assert (await city.result("T1", 2024))["outcome"] == "fail"

    assert await ask(hours, "W1", "teacher:T1") == (422, "evidence.missing")
    assert await ask(hours, "W1", "teacher:T1", files=["0" * 64]) == (422, "evidence.not_handed_in")
    assert await ask(hours, "W1", "teacher:T1", files=[paper]) == (201, "pending")
    assert await ask(hours, "W2", "school:S", files=[paper], teacher="T2") == (409, "evidence.claimed")
    for caller in ("district:D", "city:X", "teacher:T1", "school:S"):
        status, _ = await decide(hours, "W1", caller)
        assert status in {403, 404}, caller
    assert await decide(hours, "W1", "district:D") == (403, "waiver.not_decider")
    assert await decide(hours, "W1", "city:X") == (404, "waiver.unknown")
    assert await decide(hours, "W1", "city:C") == (200, "approved")
    assert await decide(hours, "W1", "city:C") == (409, "waiver.over")
    await world.heard("verification", "hours")
    found = await city.result("T1", 2024)
    assert (found["outcome"], found["revision"]) == ("pass", 2)
    assert found["required"] == {
        "public": "30.00",
        "professional": "32.00",
        "elective": "0.00",
        "total": "62.00",
    }
    why = (await city.verification.get("/v1/teachers/T1/years/2024/why")).json()
    assert "(42.00 h required, 10.00 h waived)" in why["because"][0]["checks"][1]["words"]
    certificate = await city.certificate("T1", 2024)

    assert [await told(hours, "W1", one) for one in ("teacher:T1", "city:C")] == [SECRET] * 2
    assert [await told(hours, "W1", one) for one in ("school:S", "district:D", "operator:local")] == [
        None
    ] * 3
    own = f"/v1/waivers/W1/files/{paper}"
    for who in ("teacher:T1", "city:C", "school:S", "district:D", "teacher:T2", "operator:local"):
        got = await hours.get(own, headers=calling(who))
        assert got.status_code == (200 if who in {"teacher:T1", "city:C"} else 404), who
        assert await see(hours, paper, who) == (200 if who == "operator:local" else 404), "who handed it in"
    other = f"/v1/waivers/W1/files/{'0' * 64}"
    assert (await hours.get(other, headers=calling("city:C"))).json()["code"] == "evidence.unknown"
    (listed,) = (await hours.get("/v1/waivers", headers=calling("school:S"))).json()["items"]
    assert "ground" not in listed
    assert (await hours.get("/v1/waivers", headers=calling("teacher:T2"))).json()["items"] == []
    claimed = "select data from journal where type = 'evidence.claimed.v1'"
    async with world.apps["hours"].state.database.transaction(reading=True) as tx:
        assert "T1" not in (await tx.execute(text(claimed))).scalar_one(), "nor ties the paper to anybody"
    await nowhere_in_the_open(world)

    assert await decide(hours, "W1", "city:C", "end", year=2027) == (422, "waiver.span")
    assert await decide(hours, "W1", "city:C", "end", year=2024) == (200, "ended")
    suspended = await city.certificate("T1", 2024, "suspended")
    assert suspended["number"] == certificate["number"]
    assert (await city.result("T1", 2024))["outcome"] == "fail"
    for service in SERVICES:
        assert await world.rebuild(service) == [], service


async def nowhere_in_the_open(world: World) -> None:
    """No journal and no kept answer says why; neither does any event say on what ground."""
    for service in SERVICES:
        async with world.apps[service].state.database.transaction(reading=True) as tx:
            for table, column in (("journal", "data"), ("kept_answer", "body")):
                for secret in ("孕期", "病历", "childbirth"):
                    query = text(f"select count(*) from {table} where {column} like :secret")  # noqa: S608 - our own names
                    found = (await tx.execute(query, {"secret": f"%{secret}%"})).scalar_one()
                    assert found == 0, (service, table, secret)


async def test_what_is_not_within_the_rules_is_refused(world: World, tmp_path: Path, pack: str) -> None:
    settings = {"HOURS_PERSON_KEYS": KEYS, "EVIDENCE_URL": str(tmp_path / "evidence")}
    hours = await world.serve("hours", HOURS_PACK=pack, **settings)
    await post(hours, *WHOLE)
    await enrol(hours, "T1", "T2", school="S", district="")
    alone = {"kind": "secondment", "last": 2024}
    assert await ask(hours, "W0", "teacher:T1", **alone) == (403, "waiver.not_applicant")
    assert await ask(hours, "W0", "teacher:T2", **alone) == (422, "teacher.unknown")
    assert await ask(hours, "W0", "school:S", kind="secondment") == (422, "waiver.span")
    assert await ask(hours, "W0", "school:S", kind="secondment", last=2023) == (422, "waiver.span")
    assert await ask(hours, "W0", "school:S", kind="illness") == (409, "waiver.incomplete")
    many = {"hours": {"elective": "18.5"}, "files": ["0" * 64]}
    assert await ask(hours, "W0", "teacher:T1", **many) == (422, "waiver.too_much")
    for name, code in (("sports", "category.unknown"), ("Sports!", "body.invalid"), ("\0", "body.invalid")):
        asked = {"hours": {name: "1"}, "files": ["0" * 64]}
        assert await ask(hours, "W0", "school:S", **alone, **asked) == (422, code), name
    assert await ask(hours, "W1", "school:S", **alone) == (201, "pending")
    assert await ask(hours, "W1", "operator:local", **alone) == (409, "idempotency.conflict")
    assert await decide(hours, "W1", "district:D", "refusal") == (200, "refused")
    assert await ask(hours, "W2", "school:S", **alone) == (201, "pending")
    assert await ask(hours, "W3", "school:S", **alone) == (201, "pending")
    assert await ask(hours, "W4", "operator:local", **alone) == (201, "pending")
    assert await decide(hours, "W4", "operator:local") == (403, "access.forbidden"), "it would not see why"
    same = signed("operator@deployment:local", "city_department@city:C")
    refused = await hours.post("/v1/waivers/W4/approval", json={"reason": "属实"}, headers={**key(), **same})
    assert refused.json()["code"] == "waiver.not_decider", "the account asked for it"
    assert await decide(hours, "W2", "city:C", "end", year=2024) == (409, "waiver.over")
    assert await decide(hours, "W2", "city:C") == (200, "approved")
    assert await decide(hours, "W3", "city:C") == (409, "waiver.overlaps")
    shown = (await hours.get("/v1/waivers/W2", headers=calling("city:C"))).json()
    assert (shown["whole"], shown["hours"], shown["decided_by"]) == (True, {}, "city:C")
    assert await world.rebuild("hours") == []
    await world.stop("hours")
    shipped = await world.serve("hours", **settings)
    assert await ask(shipped, "W9", "teacher:T1") == (409, "waiver.incomplete"), "no figure is invented"
    await world.stop("hours")
    keyless = await world.serve("hours", HOURS_PACK=pack)
    assert await ask(keyless, "W9", "school:S", **alone) == (409, "waiver.no_key")
