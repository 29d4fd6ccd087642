"""What is known of a person: sealed, compared by a keyed digest, in no entry, answer or log."""

import asyncio
import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import select, table, text

from hours.roster.domain import digest_of
from shared.runtime.journal import canonical
from shared.runtime.sealing import KEY_BYTES, Vault
from tests.integration.hours.acts import enrol, key, row
from tests.integration.hours.test_organisations import SCHOOL, WHOLE, post
from tests.support.signing import signed
from tests.support.world import World

SECRET = b"k" * KEY_BYTES
KEYS = urlsafe_b64encode(SECRET).decode()
TABLES = text(
    "select relname as name from pg_class where relkind in ('r', 'p') and not relispartition"
    " and relnamespace = 'public'::regnamespace"
)
ONE, OTHER = "11010519491231002X", "34052419800101001X"


async def put(hours: httpx.AsyncClient, *rows: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    answer = await hours.post("/v1/roster", json={"teachers": list(rows)}, headers={**key(), **headers})
    assert answer.status_code == 200, answer.text
    assert ONE not in answer.text
    assert OTHER not in answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    return [one["outcome"] if "outcome" in one else one["problem"]["errors"][0]["code"] for one in results]


async def test_a_number_is_stored_sealed_and_is_nowhere_else(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    assert outcomes(await put(hours, row("T1", citizen_id=f" {ONE.lower()} ", title="高级教师"))) == [
        "registered"
    ]
    async with world.apps["hours"].state.database.transaction() as tx:
        person = (await tx.execute(text("select * from person"))).one()
        names = [one.name for one in await tx.execute(TABLES)]
        stored = [
            str(tuple(found))
            for name in names
            for found in await tx.execute(select(text("*")).select_from(table(name)))
        ]
    assert Vault([SECRET]).open(person.citizen_id, "T1") == ONE
    assert (person.title, person.joined_on) == ("高级教师", "")
    assert [found for found in stored if ONE in found or ONE.encode().hex() in found] == []
    assert ONE not in caplog.text
    assert ONE not in (await hours.get("/v1/teachers/T1")).text
    assert await world.rebuild("hours") == []


async def test_an_auditor_is_not_told_who_a_person_is(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    known = {"name": "欧阳娜娜", "title": "高级教师", "joined_on": "2015-09-01"}
    await put(hours, row("T1", school="S", district="", **known))
    office = {"city_department@city:C": known, "teacher@person:T1": known}
    masked = {"name": "欧**娜", "title": "", "joined_on": ""}
    levels = ("deployment:local", "province:P", "city:C", "district:D", "school:S")
    for role, told in {**office, **{f"auditor@{place}": masked for place in levels}}.items():
        one = await hours.get("/v1/teachers/T1", headers=signed(role))
        assert {field: one.json()[field] for field in known} == told, role
        if not role.startswith("teacher"):
            listed = await hours.get("/v1/teachers", headers=signed(role))
            assert listed.json()["items"] == [one.json()], role
    read = await hours.get("/v1/teachers/T1/reads", headers=signed("teacher@person:T1"))
    assert sum(one["by"].startswith("auditor:") for one in read.json()["items"]) == 2 * len(levels)


async def test_a_row_that_says_nothing_of_the_number_leaves_it(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    await put(hours, row("T1", citizen_id=ONE))
    assert outcomes(await put(hours, row("T1"))) == ["unchanged"]
    assert outcomes(await put(hours, row("T1", citizen_id=ONE))) == ["unchanged"]
    assert outcomes(await put(hours, row("T1", title="一级教师"))) == ["changed"]
    assert outcomes(await put(hours, row("T1", title="一级教师", joined_on="2015-09-01"))) == ["changed"]
    assert outcomes(await put(hours, row("T2", citizen_id=ONE))) == ["citizen_id.taken"]
    assert outcomes(await put(hours, row("T1", citizen_id=OTHER), row("T2", citizen_id=ONE))) == [
        "changed",
        "registered",
    ]
    swapped = (row("T2", citizen_id=OTHER), row("T1", citizen_id=ONE))
    assert outcomes(await put(hours, *swapped)) == ["citizen_id.taken", "citizen_id.taken"]


async def test_what_is_no_number_is_refused_unsaid(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    wrong: list[object] = [f"{ONE[:-1]}1", "440524188001010014", 11010519491231002, ["x"]]
    results = await put(
        hours, *(row(f"T{n}", citizen_id=number) for n, number in enumerate(wrong)), row("T9", citizen_id="")
    )
    assert outcomes(results) == [
        "citizen_id.invalid",
        "citizen_id.implausible",
        *["citizen_id.invalid"] * 2,
        "registered",
    ]
    assert outcomes(await put(hours, row("T9", joined_on="2015-9-1"))) == ["date.invalid"]


async def test_without_keys_no_number_is_taken_in_and_the_others_are(world: World) -> None:
    hours = await world.serve("hours")
    results = await put(hours, row("T1", citizen_id=ONE), row("T2"))
    assert outcomes(results) == ["citizen_id.no_key", "registered"]
    assert (await hours.get("/v1/teachers/T1")).status_code == 404


async def test_two_schools_cannot_list_one_person_at_the_same_time(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    bodies = [{"teachers": [row(f"T{n}", citizen_id=ONE)]} for n in range(8)]
    sent = [hours.post("/v1/roster", json=body, headers=key()) for body in bodies]
    answers = await asyncio.gather(*sent)
    assert sorted(outcomes([answer.json()["results"][0] for answer in answers])) == [
        *["citizen_id.taken"] * 7,
        "registered",
    ]


async def test_a_kept_answer_cannot_be_searched_for_a_number(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    body = {"teachers": [row("T1", citizen_id=ONE)]}
    await hours.post("/v1/roster", json=body, headers={"Idempotency-Key": "k"})
    again = await hours.post("/v1/roster", json=body, headers={"Idempotency-Key": "k"})
    assert again.status_code == 200
    assert again.headers["Idempotent-Replayed"] == "true"
    async with world.apps["hours"].state.database.transaction() as tx:
        kept = (await tx.execute(text("select digest from kept_answer"))).scalar_one()
    assert bytes(kept) != sha256(canonical(body).encode()).digest()


async def test_a_school_of_the_tree_says_in_which_district_it_lies(world: World) -> None:
    hours = await world.serve("hours")
    await post(
        hours, *WHOLE, {**SCHOOL, "organisation": "M", "parent": "C", "school_code": "", "credit_code": ""}
    )
    results = await put(
        hours,
        row("T1", school="S", district=""),
        row("T2", school="S", district="福田区"),
        row("T3", school="S", district="荔湾区"),
        row("T4", school="D"),
        row("T5", school="M", district=""),
    )
    assert outcomes(results) == [
        "registered",
        "registered",
        "school.other_district",
        "school.not_a_school",
        "registered",
    ]
    listed = (await hours.get("/v1/teachers")).json()["items"]
    assert [(one["teacher"], one["district"]) for one in listed] == [
        ("T1", "福田区"),
        ("T2", "福田区"),
        ("T5", ""),
    ]


async def test_a_digest_of_before_holds_for_a_row_of_before(world: World) -> None:
    """What joined the roster later is in the digest only where it is known."""
    hours = await world.serve("hours")
    await enrol(hours, "T1")
    async with world.apps["hours"].state.database.transaction() as tx:
        salt = bytes((await tx.execute(text("select salt from person"))).scalar_one())
        digest = (await tx.execute(text("select digest from teacher"))).scalar_one()
    given = row("T1")
    fields = [given[name] for name in ("teacher", "school", "district", "stage", "role")]
    assert digest == digest_of(salt, [*fields, "False", given["name"], "joined_on="])
