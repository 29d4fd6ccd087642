"""How PostgreSQL finds what points and hours ask of it, on tables with rows in them.

Every statement of the two working services is heard and explained. Whoever asks a journal, a state or an
account names its partition or its subject, and an index finds it: no statement grows with what other people
did, and a split by hash stays possible.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from sqlalchemy import CursorResult, Executable
from sqlalchemy.sql.elements import CompilerElement

from bench.workload import community
from shared.runtime.database import Database, Transaction
from shared.runtime.unnest import POSTGRESQL, tables_of
from shared.runtime.waiting import Arrays
from tests.support.deeds import person, record, withdrawal, workshop
from tests.support.signing import calling
from tests.support.world import World, until

ACTS = 6000
PEOPLE = 400
YEAR = 2025
SMALL, FEW = "S02", 5
"""A school and how many of the people are there."""
FEWEST = 15
"""Different statements of a service, or the work was not heard."""
LARGE = 20
"""Pages from which on reading a whole table shows."""
PAGES = "select relname, relpages from pg_class where relkind = 'r'"
BY_INDEX = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off"
"""Small tables are read whole; how they will be read is asked with these."""
ADDRESSES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "points": {
        "journal": ("partition", "subject"),
        "act": ("source",),
        "object_state": ("subject",),
        "belonging": ("parent", "thing"),
        "award": ("ground", "teacher", "source"),
        "lot": ("teacher", "partition"),
        "burn": ("teacher", "exchange"),
        "exchange": ("request", "teacher"),
        "recall": ("recall", "exchange"),
        "whereabouts": ("teacher", "school", "district"),
        "place": ("organisation", "parent"),
    },
    "hours": {
        "journal": ("partition", "subject"),
        "teacher": ("teacher", "school", "district"),
        "person": ("teacher",),
        "record": ("record", "teacher"),
        "proof": ("record",),
        "line": ("ground", "teacher"),
        "total": ("teacher",),
        "lot": ("teacher",),
        "exchange": ("exchange", "teacher"),
        "carry_over": ("teacher",),
        "declaration": ("declaration", "teacher"),
    },
}
"""What tables grow with the people, and by which columns their rows are addressed."""


class Heard(Transaction):
    """A transaction whose statements are noted by the database that they are for."""

    statements: defaultdict[str, set[str]]

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        assert isinstance(statement, CompilerElement)
        written = statement.compile(dialect=POSTGRESQL, compile_kwargs={"render_postcompile": True})
        self._note(str(written))
        return await super().execute(statement, parameters)

    async def send(self, sql: str, arrays: Arrays) -> list[Any]:
        self._note(sql)
        return await super().send(sql, arrays)

    def _note(self, sql: str) -> None:
        self.statements[self._connection.engine.url.database or ""].add(sql)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Statements by database; other worlds of the process may be at work as well."""
    statements: defaultdict[str, set[str]] = defaultdict(set)
    monkeypatch.setattr(Heard, "statements", statements, raising=False)
    monkeypatch.setattr(Database, "opens", Heard)
    return statements


@pytest.mark.long
async def test_every_hot_statement_names_its_address_and_finds_it_by_an_index(
    world: World, heard: dict[str, set[str]]
) -> None:
    points, hours = await world.serve("points"), await world.serve("hours")
    await load(points, hours)
    await world.heard("hours", "points")
    await world.heard("points", "hours")
    for service in ADDRESSES:
        world.cluster.postgres.sql("analyze", world.databases[service])
    heard.clear()
    await work(points, hours)
    await world.heard("hours", "points")
    await world.heard("points", "hours")
    sent = {service: sorted(heard[world.databases[service]]) for service in ADDRESSES}
    assert min(map(len, sent.values())) > FEWEST
    found = [
        f"{service}: {fault}\n{statement}"
        for service, statements in sent.items()
        for statement in statements
        for fault in faults(world, service, statement)
    ]
    assert not found, "\n\n".join(found)


async def load(points: httpx.AsyncClient, hours: httpx.AsyncClient) -> None:
    """Put rows into every table."""
    for body in community(ACTS, source="filling", year=YEAR).arrays(1000):
        assert (await points.post("/v1/activities", content=body)).json()["refused"] == 0
    people = [person(f"P{n:04}", school=SMALL if n < FEW else "S01") for n in range(PEOPLE)]
    await put(hours, "/v1/roster", {"teachers": people}, "people")
    await put(hours, "/v1/records", [written(f"f{n}", f"P{n:04}") for n in range(PEOPLE)])


async def work(points: httpx.AsyncClient, hours: httpx.AsyncClient) -> None:
    """Do once what goes on all day."""
    deeds = [deed for n in range(3) for deed in workshop(f"w{n}", "P0001", f"{YEAR}-0{n + 1}-01")]
    await put(points, "/v1/activities", deeds)
    await put(points, "/v1/activities", deeds)
    for body in community(300, source="working", year=YEAR).arrays(100):
        assert (await points.post("/v1/activities", content=body)).json()["refused"] == 0
    asked = {
        "request": "x",
        "teacher": "P0001",
        "category": "professional",
        "hours": 5,
        "at": f"{YEAR}-06-01T00:00:00Z",
    }
    await put(points, "/v1/exchanges", asked)

    async def settled() -> bool:
        return bool((await points.get("/v1/exchanges/x")).json()["state"] == "settled")

    await until(settled)
    await put(points, "/v1/activities", [withdrawal("found-w0", "P0001", f"{YEAR}-07-01T00:00:00+08:00")])
    await put(hours, "/v1/records", [written("w1", "P0001")])
    for client, path in (
        (points, "/v1/teachers/P0001/balance"),
        (points, f"/v1/teachers/P0001/balance?as_of={YEAR}-05-01T00:00:00Z"),
        (points, "/v1/teachers/P0001/forecast"),
        (points, "/v1/teachers/P0001/statement"),
        (points, "/v1/activities/gz-community/found-w1"),
        (hours, f"/v1/teachers/P0001/statement?year={YEAR}"),
        (hours, "/v1/teachers/P0001"),
        (hours, f"/v1/teachers/P0001/outlook?year={YEAR}"),
        (hours, "/v1/records/w1"),
        (hours, "/v1/exchanges/x"),
    ):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.text)
    for name in ("accounts", "awards", "exchanges"):
        answer = await points.get(f"/v1/{name}?year={YEAR}", headers=calling(f"school:{SMALL}"))
        assert answer.json()["items"], answer.text


def written(name: str, teacher: str) -> dict[str, Any]:
    """A record of hours."""
    return record(name, teacher, "GZ-HR-2.01", "10", YEAR)


async def put(client: httpx.AsyncClient, path: str, body: Any, key: str = "") -> None:
    answer = await client.post(path, json=body, headers={"Idempotency-Key": key} if key else {})
    assert answer.is_success, answer.text
    assert not answer.json().get("refused"), answer.text


def faults(world: World, service: str, statement: str) -> Iterator[str]:
    """Rows that are found otherwise than by their address."""
    sql, database = world.cluster.postgres.sql, world.databases[service]
    explain = f"explain (generic_plan, format json) {statement}"
    pages = dict(row.split("|") for row in sql(PAGES, database).splitlines())
    for node in nodes(json.loads(sql(explain, database))[0]["Plan"]):
        if node["Node Type"] == "Seq Scan" and int(pages[node["Relation Name"]]) > LARGE:
            yield f"reads all of {node['Relation Name']}"
        if (table := _parent(node.get("Relation Name", ""))) and table not in tables_of(statement):
            yield f"names {table}, and what waits for it would not go out before"
    for node in nodes(json.loads(sql(f"{BY_INDEX}; {explain}", database))[0]["Plan"]):
        table = node.get("Relation Name", "")
        addresses = ADDRESSES[service].get(_parent(table))
        if addresses is None or node["Node Type"] == "ModifyTable" or pages[table] == "0":
            continue
        condition = node.get("Index Cond") or node.get("Recheck Cond") or "nothing"
        if not any(re.search(rf"\b{column}\b", condition) for column in addresses):
            yield f"{node['Node Type']} on {table} by {condition}"


def _parent(table: str) -> str:
    """The table that a year of it belongs to."""
    return re.sub(r"_\d{4}$", "", table)


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)
