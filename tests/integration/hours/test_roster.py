"""The roster over HTTP: import by difference, names in batches, nothing personal in the journal."""

import httpx
from sqlalchemy import text

from tests.integration.hours.acts import enrol, key, row
from tests.support.signing import calling
from tests.support.world import World

RARE = "𠮷田·古丽"
"""A middle dot and a character outside the basic plane."""


async def test_a_roster_is_imported_and_bad_rows_are_reported_by_index(hours: httpx.AsyncClient) -> None:
    rows = [row("T1", name=RARE), row("T2", school=""), row("T3", name="a\0b"), row("T4")]
    answer = await hours.post("/v1/roster", json={"teachers": rows}, headers=key())
    body = answer.json()
    assert [result["status"] for result in body["results"]] == [201, 422, 422, 201]
    assert (body["accepted"], body["refused"]) == (2, 2)
    assert body["results"][1]["problem"]["errors"][0]["path"] == "/school"
    assert body["results"][2]["problem"]["errors"][0]["code"] == "text.nul"
    named = (await hours.post("/v1/teachers/lookup", json={"teachers": ["T1", "T2"]})).json()["items"]
    assert [(item["teacher"], item["name"]) for item in named] == [("T1", RARE)]


async def test_an_id_is_one_that_a_token_can_be_bound_to(hours: httpx.AsyncClient) -> None:
    longest, none = "x" * 100, ("T 1", "T\u30001", "T\n", "T:1", "x" * 101)
    teachers = [row(longest), *(row(one) for one in none), *(row("T1", school=one) for one in none)]
    answer = await hours.post("/v1/roster", json={"teachers": teachers}, headers=key())
    districts = [
        {"organisation": one, "level": "province", "name": "湖南省", "division": "430000"} for one in none
    ]
    other = await hours.post("/v1/organisations", json={"organisations": districts}, headers=key())
    results = answer.json()["results"][1:] + other.json()["results"]
    told = [(fault["path"], fault["code"]) for one in results for fault in one["problem"]["errors"]]
    assert told == [(path, "id.invalid") for path in ("/teacher", "/school", "/organisation") for _ in none]
    hidden = [row("T1/statement"), row("T1", school="S/outlook")]
    answer = await hours.post("/v1/roster", json={"teachers": hidden}, headers=key())
    faults = [one["problem"]["errors"][0] for one in answer.json()["results"]]
    assert [(one["path"], one["code"]) for one in faults] == [
        ("/teacher", "id.hidden"),
        ("/school", "id.hidden"),
    ]
    own = await hours.get(f"/v1/teachers/{longest}", headers=calling(f"teacher:{longest}"))
    assert own.status_code == 200


async def test_an_unchanged_row_says_nothing_and_a_changed_one_says_what_is(
    hours: httpx.AsyncClient,
) -> None:
    await enrol(hours, "T1")
    outcomes = []
    for changed in ({}, {"name": "李雷"}, {"school": "S02"}):
        answer = await hours.post("/v1/roster", json={"teachers": [row("T1", **changed)]}, headers=key())
        outcomes.append(answer.json()["results"][0]["outcome"])
    assert outcomes == ["unchanged", "changed", "changed"]
    assert (await hours.get("/v1/teachers/T1")).json()["school"] == "S02"


async def test_the_same_key_gives_the_first_answer_and_another_body_a_conflict(
    hours: httpx.AsyncClient,
) -> None:
    headers = key()
    first = await hours.post("/v1/roster", json={"teachers": [row("T1")]}, headers=headers)
    again = await hours.post("/v1/roster", json={"teachers": [row("T1")]}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await hours.post("/v1/roster", json={"teachers": [row("T2")]}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")
    missing = await hours.post("/v1/roster", json={"teachers": [row("T2")]})
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency.key_missing")


async def test_no_name_is_in_the_journal(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1", name=RARE)
    async with world.apps["hours"].state.database.transaction() as tx:
        data = [row.data for row in await tx.execute(text("select data from journal"))]
    assert len(data) == 1
    assert RARE not in data[0]
    assert "joined" not in data[0]


async def test_teachers_are_listed_page_by_page(hours: httpx.AsyncClient) -> None:
    await enrol(hours, *(f"T{n}" for n in range(7)))
    await enrol(hours, "X1", school="S02", district="荔湾区")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        parameters = {"limit": "3", **({"cursor": cursor} if cursor else {})}
        page = (await hours.get("/v1/teachers", params=parameters)).json()
        seen += [item["teacher"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [*(f"T{n}" for n in range(7)), "X1"]
    there = (await hours.get("/v1/teachers", params={"school": "S02"})).json()["items"]
    assert [item["teacher"] for item in there] == ["X1"]
    unknown = await hours.get("/v1/teachers/nobody")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "teacher.not_listed")


async def test_what_the_roster_knows_of_a_person_is_shown_to_who_reads_the_roster(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1", name=RARE, title="一级教师", joined_on="2015-09-01", stage="中职")
    await enrol(hours, "T2")
    await enrol(hours, "T3", school="S02")
    as_of_old = "update person set joined_on = null where teacher = 'T2'"
    world.cluster.postgres.sql(as_of_old, world.databases["hours"])
    known = {
        **row("T1", name=RARE, title="一级教师", joined_on="2015-09-01", stage="中职"),
        "vocational": True,
    }
    bare = {**row("T2"), "vocational": False, "title": "", "joined_on": ""}
    school = calling("school:S01")
    for teacher, shown in (("T1", known), ("T2", bare)):
        assert (await hours.get(f"/v1/teachers/{teacher}", headers=school)).json() == shown
    listed = await hours.get("/v1/teachers", params={"limit": 2}, headers=school)
    assert listed.json() == {"items": [known, bare], "next": None}
    asked = await hours.post("/v1/teachers/lookup", json={"teachers": ["T1"]})
    printed = {name: value for name, value in known.items() if name not in {"title", "joined_on"}}
    assert asked.json()["items"] == [printed], "who prints a name is told no more"


async def test_everyone_on_the_roster_has_sums(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1", "T2")
    items = (await hours.get("/v1/totals", params={"year": 2024})).json()["items"]
    assert [(item["teacher"], item["hours"]["professional"]) for item in items] == [
        ("T1", "0.00"),
        ("T2", "0.00"),
    ]
