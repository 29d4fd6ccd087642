"""Runs over a scope: they wait for their cut, judge everyone once, and can be asked for twice."""

from sqlalchemy import text

from shared.runtime.database import Database
from shared.runtime.pages import encode_cursor
from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, SHORT, ask, finish, judge, result, said
from tests.support.world import until

VERDICTS = ("verification.passed.v1", "verification.failed.v1", "verification.revoked.v1")


async def test_everyone_on_the_roster_is_judged_also_without_any_hours(local: Office) -> None:
    await local.ledger.enrol("T1", "T2", "T3")
    await local.ledger.post("T1", PASSING)
    await local.ledger.post("T2", SHORT)
    await local.ledger.heard()
    run = await judge(local.client, "k1")
    assert (run["total"], run["done"], run["passed"], run["failed"], run["changed"]) == (3, 3, 1, 2, 3)
    assert run["cut"]
    first = await result(local.client, "T1")
    assert (first["outcome"], first["authority"], first["revision"]) == ("pass", "local", 1)
    assert first["figures"] == {
        "public": "30.00",
        "professional": "50.00",
        "elective": "18.00",
        "carried_in": "0.00",
        "total": "98.00",
    }
    assert (await result(local.client, "T2"))["shortfall"] == {"elective": "1.00"}
    assert (await result(local.client, "T3"))["shortfall"] == {
        "public": "30.00",
        "professional": "42.00",
        "elective": "18.00",
        "total": "90.00",
    }
    assert await local.world.rebuild("verification") == []


async def test_a_run_waits_for_what_was_said_before_it_was_asked_for(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.heard()
    environment = await local.world.environment("verification")
    database = Database(environment["VERIFICATION_DATABASE_URL"])
    async with database.transaction() as deaf:
        await deaf.execute(text("select 1 from position for update"))  # said from here on, but not heard
        await local.ledger.post("T1", PASSING)
        asked = (await ask(local.client, "k1")).json()["run"]

        async def aimed() -> bool:
            return (await local.client.get(f"/v1/runs/{asked}")).json()["cut"] is not None

        await until(aimed)
        for _ in range(20):
            waiting = (await local.client.get(f"/v1/runs/{asked}")).json()
            assert (waiting["state"], waiting["total"], waiting["done"]) == ("waiting", None, 0)
    await database.dispose()
    assert (await finish(local.client, asked))["passed"] == 1
    assert (await result(local.client, "T1"))["revision"] == 1


async def test_a_second_run_with_nothing_changed_posts_nothing(local: Office) -> None:
    await local.ledger.enrol("T1", "T2")
    await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    await judge(local.client, "k1")
    before = await said(local.client, *VERDICTS, "verification.predicted.v1")
    run = await judge(local.client, "k2")
    assert (run["done"], run["changed"]) == (2, 0)
    assert await said(local.client, *VERDICTS, "verification.predicted.v1") == before


async def test_scopes_judge_their_own_and_nobody_else(local: Office) -> None:
    await local.ledger.enrol("T1", "T2", school="S01", district="天河区")
    await local.ledger.enrol("T3", school="S02", district="天河区")
    await local.ledger.enrol("T4", school="S03", district="越秀区")
    await local.ledger.heard()
    assert (await judge(local.client, "school", kind="school", id="S01"))["done"] == 2
    assert (await judge(local.client, "district", kind="district", id="天河区"))["done"] == 3
    assert (await judge(local.client, "teacher", kind="teacher", id="T3"))["done"] == 1
    listed = (await local.client.get("/v1/results", params={"year": 2024})).json()["items"]
    assert [row["teacher"] for row in listed] == ["T1", "T2", "T3"]
    assert (await judge(local.client, "all"))["changed"] == 1


async def test_an_empty_roster_is_done_with_nobody(local: Office) -> None:
    run = await judge(local.client, "k1")
    assert (run["total"], run["done"]) == (0, 0)
    assert run["finished_at"] is not None


async def test_an_unknown_scope_is_refused_in_the_readers_language(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.heard()
    for kind in ("school", "district", "teacher"):
        answer = await ask(local.client, f"k-{kind}", kind=kind, id="nowhere")
        assert (answer.status_code, answer.json()["code"]) == (404, "scope.unknown")
    body = {"year": 2024, "scope": {"kind": "school", "id": "nowhere"}}
    headers = {"Idempotency-Key": "zh", "Accept-Language": "zh-CN"}
    chinese = await local.client.post("/v1/runs", json=body, headers=headers)
    assert chinese.headers["content-type"] == "application/problem+json"
    assert chinese.json()["title"] == "本机构没有该范围"
    assert chinese.json()["detail"].startswith("在已获知的名册中，没有教师属于该范围（学校：nowhere），或")
    assert chinese.json()["kind"] == "school"


async def test_malformed_requests_name_the_place(local: Office) -> None:
    async def refused(body: object, key: str = "k") -> tuple[int, list[tuple[str, str]]]:
        answer = await local.client.post("/v1/runs", json=body, headers={"Idempotency-Key": key})
        problem = answer.json()
        return answer.status_code, [(e["path"], e["code"]) for e in problem.get("errors", [])]

    assert await refused({"scope": {"kind": "everyone"}}) == (422, [("/year", "field.missing")])
    assert await refused({"year": 2024, "scope": {"kind": "school"}}) == (
        422,
        [("/scope", "scope.id_missing")],
    )
    assert await refused({"year": 2024, "scope": {"kind": "everyone", "id": "x"}}) == (
        422,
        [("/scope", "scope.id_unexpected")],
    )
    assert await refused({"year": 2024, "scope": {"kind": "planet", "id": "x"}}) == (
        422,
        [("/scope/kind", "field.not_allowed")],
    )
    future = {"year": 2024, "scope": {"kind": "everyone"}, "at": "2099-01-01T00:00:00+08:00"}
    assert await refused(future) == (422, [("/at", "run.in_future")])
    offset = {"year": 2024, "scope": {"kind": "everyone"}, "at": "2025-01-01T00:00:00"}
    assert await refused(offset) == (422, [("/at", "instant.offset_missing")])
    nul = {"year": 2024, "scope": {"kind": "school", "id": "S\0"}}
    assert await refused(nul) == (422, [("/scope/id", "text.nul")])


async def test_years_without_requirement_or_not_begun_are_refused(local: Office) -> None:
    early = await ask(local.client, "k1", year=2009)
    assert (early.status_code, early.json()["code"]) == (422, "year.without_requirement")
    ahead = await ask(local.client, "k2", year=2024, at="2023-12-31T23:59:59+08:00")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "year.not_begun")
    begun = await ask(local.client, "k3", year=2024, at="2023-12-31T16:00:00Z")
    assert begun.status_code == 202


async def test_a_key_gives_the_first_answer_again_and_refuses_another_body(local: Office) -> None:
    missing = await local.client.post("/v1/runs", json={"year": 2024, "scope": {"kind": "everyone"}})
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency.key_missing")
    first = await ask(local.client, "same")
    assert first.headers["location"] == f"/v1/runs/{first.json()['run']}"
    await finish(local.client, first.json()["run"])
    again = await ask(local.client, "same")
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert again.json() == first.json()
    other = await ask(local.client, "same", year=2023)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")
    assert len((await local.client.get("/v1/runs")).json()["items"]) == 1


async def test_the_business_time_of_a_run_is_that_of_its_verdicts(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.heard()
    asked = await ask(local.client, "k1", at="2025-01-31T18:00:00+08:00")
    await finish(local.client, asked.json()["run"])
    found = await result(local.client, "T1")
    assert found["decided_at"] == "2025-01-31T10:00:00Z"
    assert found["verdict"] == asked.json()["run"]


async def test_lists_go_on_behind_the_cursor(local: Office) -> None:
    await local.ledger.enrol(*(f"T{n}" for n in range(5)))
    await local.ledger.post("T3", PASSING)
    await local.ledger.heard()
    await judge(local.client, "k1")
    await judge(local.client, "k2")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"year": 2024, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await local.client.get("/v1/results", params=params)).json()
        seen += [row["teacher"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["T0", "T1", "T2", "T3", "T4"]
    passed = (await local.client.get("/v1/results", params={"outcome": "pass"})).json()["items"]
    assert [row["teacher"] for row in passed] == ["T3"]
    none = (await local.client.get("/v1/results", params={"outcome": "undecided"})).json()["items"]
    assert none == []
    first = (await local.client.get("/v1/runs", params={"limit": 1})).json()
    second = (await local.client.get("/v1/runs", params={"limit": 1, "cursor": first["next"]})).json()
    assert first["items"][0]["requested_at"] > second["items"][0]["requested_at"]
    assert second["next"] is None
    for wrong in ("!", encode_cursor(["T1", 2024]), encode_cursor([2024])):
        answer = await local.client.get("/v1/results", params={"cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor.invalid")


async def test_unknown_things_are_404(local: Office) -> None:
    for address, code in (
        ("/v1/runs/none", "run.unknown"),
        ("/v1/verdicts/none", "verdict.unknown"),
        ("/v1/teachers/none/years/2024", "result.unknown"),
        ("/v1/teachers/none/years/2024/why", "result.unknown"),
        ("/v1/entries/40/1/why", "entry.unknown"),
        ("/v1/entries/99/1/why", "entry.unknown"),
    ):
        answer = await local.client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
