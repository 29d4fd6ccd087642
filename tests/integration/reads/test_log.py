"""The log of reads: who read of a teacher stands in it before the answer is out, and the teacher reads it."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.runtime import clock
from tests.integration.hours.acts import enrol
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.documents import ROOT, blocks
from tests.support.signing import ISSUER, signed
from tests.support.world import World

SCHOOL, OTHER_SCHOOL = "school_administrator@school:S", "school_administrator@school:N"
DISTRICT_AUDITOR, AUDITOR = "auditor@district:D", "auditor@deployment:local"
SERVICE = "service@deployment:certificates"
ONE, TWO = "teacher@person:T1", "teacher@person:T2"
STATEMENT = "/v1/teachers/T1/statement?year=2024"
FULL = """
create function refuse() returns trigger language plpgsql as
$$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$;
create trigger no_space before insert on shown execute function refuse()
"""
"""Makes the log like one whose disk is full."""


@pytest.fixture
async def hours(world: World) -> httpx.AsyncClient:
    """Two teachers at a school of the tree."""
    client = await world.serve("hours")
    await post(client, *WHOLE)
    await enrol(client, "T1", "T2", school="S", district="")
    return client


async def get(hours: httpx.AsyncClient, role: str, path: str, **headers: str) -> httpx.Response:
    return await hours.get(path, headers={**signed(role), **headers})


async def log(
    hours: httpx.AsyncClient, role: str = ONE, of: str = "T1", **asked: Any
) -> list[dict[str, Any]]:
    """What somebody finds in the log of a teacher, the newest first."""
    answer = await hours.get(f"/v1/teachers/{of}/reads", params=asked, headers=signed(role))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def who(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(item["by"], item["route"].partition(" ")[2]) for item in items]


async def test_a_teacher_sees_everybody_who_read_and_nothing_else(hours: httpx.AsyncClient) -> None:
    await get(hours, SCHOOL, "/v1/teachers", **{"X-Request-Id": "r-1"})
    await get(hours, SCHOOL, STATEMENT)
    for role, path in ((ONE, STATEMENT), (OTHER_SCHOOL, STATEMENT), (OTHER_SCHOOL, "/v1/teachers")):
        await get(hours, role, path)
    await get(hours, SCHOOL, "/v1/organisations")
    await get(hours, SCHOOL, "/v1/teachers?school=N")
    await get(hours, SCHOOL, f"{STATEMENT}&cursor=rubbish")
    await hours.post("/v1/teachers/lookup", json={"teachers": ["T1", "T9"]}, headers=signed(SERVICE))
    lookup, statement, listed = await log(hours)
    assert who([lookup, statement]) == [
        ("service:certificates", "/v1/teachers/lookup"),
        ("school:S", "/v1/teachers/{teacher}/statement"),
    ]
    at = listed.pop("at")
    assert datetime.fromisoformat(at) <= clock.now()
    assert listed == {
        "by": "school:S",
        "token_subject": SCHOOL,
        "act": "roster.list",
        "words": "list the roster",
        "route": "GET /v1/teachers",
        "request_id": "r-1",
    }
    assert [read["request_id"] for read in (lookup, statement)] == [None, None]
    assert who(await log(hours, TWO, "T2")) == [("school:S", "/v1/teachers")]
    chinese = await hours.get("/v1/teachers/T1/reads", headers={**signed(ONE), "Accept-Language": "zh"})
    assert [read["words"] for read in chinese.json()["items"]] == [
        "查询证书所印姓名",
        "查询教师学时",
        "查询名册列表",
    ]


async def test_the_log_is_for_the_teacher_and_for_those_who_oversee_it(hours: httpx.AsyncClient) -> None:
    await get(hours, SCHOOL, STATEMENT)
    for role, status in ((SCHOOL, 403), (SERVICE, 403), (TWO, 404), ("auditor@district:E", 404)):
        assert (await get(hours, role, "/v1/teachers/T1/reads")).status_code == status, role
    read = ("school:S", "/v1/teachers/{teacher}/statement")
    seen = ("auditor:D", "/v1/teachers/{teacher}/reads")
    assert who(await log(hours)) == [read]
    assert who(await log(hours, DISTRICT_AUDITOR)) == [read]
    assert who(await log(hours)) == [seen, read], "an auditor who reads the log stands in it"


async def test_the_log_goes_on_where_a_page_ended_and_is_narrowed_by_time(hours: httpx.AsyncClient) -> None:
    for number in range(5):
        await get(hours, SCHOOL, STATEMENT, **{"X-Request-Id": str(number)})
    whole = await log(hours)
    assert [read["request_id"] for read in whole] == ["4", "3", "2", "1", "0"]
    pages: list[list[dict[str, Any]]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await hours.get("/v1/teachers/T1/reads", params={"limit": 2, **cursor}, headers=signed(ONE))
        pages.append(answer.json()["items"])
        if answer.json()["next"] is None:
            break
        cursor = {"cursor": answer.json()["next"]}
    assert pages == [whole[:2], whole[2:4], whole[4:]]
    window = {"since": whole[3]["at"], "until": whole[1]["at"]}
    assert await log(hours, **window) == whole[2:4]
    assert await log(hours, until=whole[4]["at"]) == []


async def test_a_token_that_is_a_persons_as_well_reads_of_this_person_unlogged(
    hours: httpx.AsyncClient,
) -> None:
    await get(hours, SCHOOL, "/v1/teachers", Authorization=ISSUER.bearer([SCHOOL, ONE]))
    assert await log(hours) == []
    assert who(await log(hours, TWO, "T2")) == [("school:S", "/v1/teachers")]


async def test_what_services_hear_is_not_logged_and_what_others_read_of_the_journal_is(
    hours: httpx.AsyncClient,
) -> None:
    heads = (await hours.get("/v1/journal/heads")).json()["heads"]
    for role in (SERVICE, AUDITOR):
        for partition, head in heads.items():
            if head:
                assert (await get(hours, role, f"/v1/journal/{partition}")).json()["items"]
    assert who(await log(hours)) == [("auditor:local", "/v1/journal/{partition}")]


async def test_nobody_elses_data_are_read_where_the_log_cannot_be_written(
    world: World, hours: httpx.AsyncClient
) -> None:
    world.cluster.postgres.sql(FULL, world.databases["hours"])
    paths = {STATEMENT: 503, "/v1/teachers": 503, "/v1/organisations": 200, "/v1/teachers?school=N": 200}
    for path, status in paths.items():
        answer = await get(hours, SCHOOL, path)
        assert answer.status_code == status, path
        assert status == 200 or (answer.json()["code"], "T1" in answer.text) == ("store.away", False)
    assert (await get(hours, ONE, STATEMENT)).status_code == 200
    assert await log(hours) == []
    world.cluster.postgres.sql("drop trigger no_space on shown", world.databases["hours"])
    assert (await get(hours, SCHOOL, STATEMENT)).status_code == 200


async def test_the_service_adds_to_the_log_and_changes_nothing_of_it(
    world: World, hours: httpx.AsyncClient
) -> None:
    await get(hours, SCHOOL, STATEMENT)
    for table in ("reading", "shown"):
        for change in (f"update {table} set at = now()", f"delete from {table}", f"truncate {table}"):  # noqa: S608 - ours
            with pytest.raises(DBAPIError, match="permission denied"):
                async with world.apps["hours"].state.database.transaction() as tx:
                    await tx.execute(text(change))
    assert len(await log(hours)) == 1


async def test_what_operations_are_told_to_delete_is_what_is_old(
    world: World, hours: httpx.AsyncClient
) -> None:
    for _ in range(2):
        await get(hours, SCHOOL, STATEMENT)
    here = world.databases["hours"]
    for table in ("reading", "shown"):
        aged = f"update {table} set at = at - interval '37 months' where at = (select min(at) from {table})"  # noqa: S608 - ours
        world.cluster.postgres.sql(aged, here)
    assert len(await log(hours)) == 2
    page = blocks(ROOT / "docs" / "how-to" / "operate.md")
    [told] = [block.text for block in page if block.info == ("sql",) and "shown" in block.text]
    world.cluster.postgres.sql(told, here)
    assert len(await log(hours)) == 1
    counts = "select (select count(*) from reading), (select count(*) from shown)"
    assert world.cluster.postgres.sql(counts, here) == "1|1"
