"""How PostgreSQL finds who of a school is behind: by the people of the school, whoever else there is."""

from typing import Any

import pytest
from sqlalchemy import CursorResult, Executable
from sqlalchemy.sql.elements import CompilerElement

from shared.runtime.database import Database, Transaction
from shared.runtime.unnest import POSTGRESQL
from tests.integration.plans.test_hot_statements import faults
from tests.support.signing import calling
from tests.support.world import World

LISTS = (
    "outlook?order=gap",
    "outlook?order=teacher",
    "outlook?category=elective",
    "outlook/summary?",
    "expiring?at=2025-01-01T00:00:00Z",
)
FILLED = """
    create temp table people as select 'P' || n as who, n % 400 as place from generate_series(1, 20000) n;
    insert into teacher select who, 'S' || place, 'D' || place, '', '', false, '', '' from people;
    create temp table summed as select who, jsonb_build_object(
        'public', '30', 'professional', (place % 42)::text, 'elective', '17') as hours from people;
    insert into total
        (teacher, year, hours, over_cap, carried_in, used_carried, used_fresh, expired, carry_out)
        select who, 2025, hours, 0, 0, 0, 0, 0, 0 from summed;
    insert into lot select who, '2025-12-31T16:00:00Z', 1 + place from people;
    analyze
"""
"""Four hundred schools with fifty teachers each, and sums and points of all of them."""


class Spelt(Transaction):
    """A transaction whose lists of people are noted with their values: plans follow what is asked for."""

    statements: set[str]

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        assert isinstance(statement, CompilerElement)
        if "AS listed" in str(statement):
            self.statements.add(
                str(statement.compile(dialect=POSTGRESQL, compile_kwargs={"literal_binds": True}))
            )
        return await super().execute(statement, parameters)


async def test_a_school_is_looked_at_without_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    monkeypatch.setattr(Spelt, "statements", asked, raising=False)
    monkeypatch.setattr(Database, "opens", Spelt)
    hours, database = await world.serve("hours"), world.databases["hours"]
    sql = world.cluster.postgres.sql
    sql(f'alter database "{database}" set random_page_cost = 1.1')  # rows lie on no disk that turns
    sql(FILLED, database)
    for address in LISTS:
        answer = await hours.get(f"/v1/{address}&year=2025", headers=calling("school:S7"))
        assert answer.json().get("items") or answer.json()["teachers"] == 50, answer.text
    assert len(asked) == len(LISTS)
    found = [f"{fault}\n{statement}" for statement in asked for fault in faults(world, "hours", statement)]
    assert not found, "\n\n".join(found)
