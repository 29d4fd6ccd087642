"""Transcripts over HTTP: what stands of a teacher's years, signed, and checked without asking the issuer."""

from hashlib import sha256
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text

from hours.roster.operations.identities import digest_of
from hours.transcripts.domain import transcript as domain
from hours.transcripts.domain.transcript import KIND, Transcript
from shared.runtime.journal import canonical
from shared.runtime.signatures import NotSignedError, PublicKeys
from tests.integration.hours.acts import decide, enrol, exchange, key, record, register
from tests.integration.hours.conftest import Town
from tests.integration.hours.test_persons import KEYS, ONE, OTHER
from tests.support.signing import calling
from tests.support.transcripts import signing_as
from tests.support.world import World

EAST = {**signing_as("east"), "HOURS_PERSON_KEYS": KEYS}
TEACHER, SCHOOL = calling("teacher:T1"), calling("school:S01")


async def issue(
    hours: httpx.AsyncClient, number: str, who: dict[str, str] = TEACHER, **changed: Any
) -> httpx.Response:
    body = {"teacher": "T1", "first": 2024, "last": 2024, **changed}
    return await hours.post("/v1/transcripts", json=body, headers={"Idempotency-Key": number, **who})


async def shown(hours: httpx.AsyncClient, number: str) -> dict[str, Any]:
    answer = await hours.get(f"/v1/transcripts/{number}", headers=TEACHER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_transcript_lists_what_stands_and_is_checked_with_the_public_keys_alone(world: World) -> None:
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    await register(
        hours,
        record("A", "T1", "GZ-HR-2.01", "12"),
        record("B", "T1", "GZ-HR-2.04", "14", provider="教研院"),
        record("C", "T1", "GZ-HR-1.01", "7.5"),
    )
    taken = await hours.post("/v1/records/C/reversal", json={"reason": "重复"}, headers=key())
    assert taken.is_success, taken.text
    answer = await issue(hours, "T1-1")
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert (receipt["lines"], receipt["issuer"], receipt["href"]) == (2, "east", "/v1/transcripts/T1-1")
    assert (await issue(hours, "T1-1")).json() == receipt
    assert (await issue(hours, "T1-1", last=2025)).json()["code"] == "idempotency.conflict"
    assert (await issue(hours, "T1-1", SCHOOL)).json()["code"] == "idempotency.conflict", (
        "a number is taken once"
    )
    assert (await issue(hours, "S01-1", SCHOOL)).status_code == 201

    document = await shown(hours, "T1-1")
    keys = await hours.get("/v1/keys", headers={"Authorization": ""})
    assert keys.status_code == 200
    assert keys.json()["issuer"] == "east"
    assert "d" not in keys.json()["keys"][0]
    content = PublicKeys.read(keys.text).opened(document["signed"], KIND)
    assert sha256(content).hexdigest() == receipt["digest"] == document["digest"]
    assert msgspec.json.decode(content) == document["content"]
    read = domain.read(content)
    assert isinstance(read, Transcript)
    assert [(one.line, one.way, f"{one.registered}", f"{one.counted}", one.unit) for one in read.lines] == [
        ("record:A", "completion", "12.00", "12.00", "hour"),
        ("record:B", "completion", "14.00", "10.00", "hour"),
    ]
    line = read.lines[1]
    assert (line.rule, line.title.zh, line.provider) == ("GZ-HR-2.04", "市、区教研活动", "教研院")
    assert (line.category_name.en, line.category_name.zh) == ("professional", "专业科目")
    (year,) = read.years
    assert (dict(year.counted), str(year.over_cap), year.outcome) == (
        {"professional": line.counted + read.lines[0].counted},
        "4.00",
        "",
    )
    assert read.jurisdiction.policy.startswith("guangzhou@")
    assert read.holder.name == "阿卜杜拉·买买提"
    assert read.holder.digest == digest_of(ONE, bytes.fromhex(read.holder.salt))
    assert ONE not in content.decode()


async def test_what_was_corrected_names_the_line_that_it_began_with(world: World) -> None:
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    first = record("A", "T1", "GZ-HR-2.01", "12")
    await register(hours, first, record("B", "T1", "GZ-HR-2.01", "5"))
    for old, new, amount in (("A", "A2", "11"), ("A2", "A3", "10")):
        right = {**first, "record": new, "hours": amount, "reason": "登记有误"}
        assert (await hours.post(f"/v1/records/{old}/correction", json=right, headers=key())).is_success
    await issue(hours, "T1-1")
    lines = (await shown(hours, "T1-1"))["content"]["lines"]
    found = {one["line"]: (one["counted"], one["first_line"]) for one in lines}
    assert found == {"record:A3": ("10.00", "record:A"), "record:B": ("5.00", "")}


async def test_transcripts_are_listed_page_by_page_for_whom_they_concern(world: World) -> None:
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    await enrol(hours, "T2", school="S02", citizen_id=OTHER)
    assert (await hours.get("/v1/transcripts")).json() == {"items": [], "next": None}
    for number, teacher in (("A", "T1"), ("B", "T1"), ("C", "T2")):
        who = calling(f"teacher:{teacher}")
        assert (await issue(hours, number, who, teacher=teacher)).status_code == 201
    assert [one["transcript"] for one in await every(hours, "/v1/transcripts?limit=1")] == ["A", "B", "C"]
    assert [one["transcript"] for one in await every(hours, "/v1/transcripts?teacher=T2")] == ["C"]
    seen = await hours.get("/v1/transcripts", headers=TEACHER)
    assert [one["transcript"] for one in seen.json()["items"]] == ["A", "B"]
    assert "signed" not in seen.text


async def every(hours: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """The items of all pages."""
    found: list[dict[str, Any]] = []
    url = httpx.URL(path)
    while True:
        answer = (await hours.get(url)).json()
        found += answer["items"]
        if answer["next"] is None:
            return found
        url = url.copy_set_param("cursor", answer["next"])


async def test_the_journal_has_number_and_digest_and_nothing_of_the_person(world: World) -> None:
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    receipt = (await issue(hours, "T1-1")).json()
    async with world.apps["hours"].state.database.transaction() as tx:
        rows = [row.data for row in await tx.execute(text("select data from journal"))]
    (issued,) = [row for row in rows if '"transcript":"T1-1"' in row]
    assert receipt["digest"] in issued
    assert not any("阿卜杜拉" in row or ONE in row for row in rows)
    assert await world.rebuild("hours") == []


async def test_a_changed_sign_another_kind_and_other_keys_are_found(world: World) -> None:
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    await issue(hours, "T1-1")
    signed = (await shown(hours, "T1-1"))["signed"]
    keys = PublicKeys.read((await hours.get("/v1/keys")).text)
    head, body, signature = signed.split(".")
    at = len(body) // 2
    changed = f"{head}.{body[:at]}{'A' if body[at] != 'A' else 'B'}{body[at + 1 :]}.{signature}"
    others = PublicKeys.read(canonical({"keys": [signing_key("west")]}))
    for text_, who, kind in ((changed, keys, KIND), (signed, others, KIND), (signed, keys, "other")):
        with pytest.raises(NotSignedError):
            who.opened(text_, kind)


def signing_key(issuer: str) -> Any:
    return msgspec.json.decode(signing_as(issuer)["TRANSCRIPT_KEYS"])["keys"][0]


async def test_without_key_number_or_with_other_years_none_is_issued(world: World) -> None:
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1")
    assert (await issue(hours, "a")).json()["code"] == "transcript.no_identity"
    for first, last in ((2025, 2024), (2004, 2024)):
        assert (await issue(hours, "b", first=first, last=last)).json()["code"] == "transcript.span"
    nobody = await issue(hours, "c", calling("teacher:T9"), teacher="T9")
    assert nobody.json()["code"] == "teacher.unknown"
    other = await issue(hours, "d", calling("teacher:T2"))
    assert (other.status_code, other.json()["code"]) == (404, "teacher.out_of_reach")
    unknown = await hours.get("/v1/transcripts/x", headers=TEACHER)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "transcript.unknown")
    keyless = await world.beside("hours")
    assert (await issue(keyless, "e")).json()["code"] == "transcript.no_key"
    assert (await keyless.get("/v1/keys")).json() == {"issuer": "", "keys": []}


def of_year(year: int) -> dict[str, Any]:
    days = {"from": f"{year}-05-06", "to": f"{year}-05-10"}
    return record(f"A{year}", "T1", "GZ-HR-2.01", "60", year=year, **days)


async def test_points_a_verdict_and_what_it_carries_are_in_the_transcript(town: Town) -> None:
    hours = await town.world.beside("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    await register(hours, of_year(2024))
    await exchange(town.points, "X1", "T1", "elective", 3)
    figures = {"public": "30", "professional": "60", "elective": "18", "carried_in": "0"}
    await decide(town.verification, "T1", 2024, "passed", figures)
    await town.heard()
    await issue(hours, "T1-1", last=2025)
    content = (await shown(hours, "T1-1"))["content"]
    way = [(one["line"], one["way"], one["counted"], one["activity"]) for one in content["lines"]]
    assert way == [
        ("record:A2024", "completion", "60.00", "activity A2024"),
        ("exchange:X1", "exchange", "3.00", content["lines"][1]["title"]["zh"]),
    ]
    then, now = content["years"]
    assert (then["outcome"], then["carry_out"], then["carried_in"]) == ("pass", "18.00", "0.00")
    assert (now["outcome"], now["carried_in"], now["counted"]) == ("", "18.00", {})


async def test_years_with_more_lines_than_a_transcript_lists_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hours.transcripts.operations.content.MAX_LINES", 1)
    hours = await world.serve("hours", **EAST)
    await enrol(hours, "T1", citizen_id=ONE)
    await register(hours, *(of_year(year) for year in (2023, 2024)))
    assert (await issue(hours, "a", first=2023)).json()["code"] == "transcript.too_long"
    assert (await issue(hours, "b")).status_code == 201
