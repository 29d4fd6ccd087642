"""A run that was stopped goes on behind its cursor: nobody is left out, nobody is judged twice."""

import asyncio
from datetime import UTC, datetime

import pytest

from shared.adoptions.operations import Adoptions
from shared.policy.loader import editions
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Journal
from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import enrolment, finish, posting, said
from verification.figures.domain.roster import Scope
from verification.runs import operations
from verification.runs.domain.run import Asked
from verification.settings import LAYOUT, Context

NOW = datetime(2025, 1, 31, 10, tzinfo=UTC)
PEOPLE, SIZE = 700, 300


class PowerCutError(Exception):
    """The process dies in the middle of a transaction."""


@pytest.fixture
async def database(local: Office) -> Database:
    environment = await local.world.environment("verification")
    return Database(environment["VERIFICATION_DATABASE_URL"])


async def test_a_run_goes_on_where_it_was_stopped(local: Office, database: Database) -> None:
    teachers = [f"T{n:05}" for n in range(PEOPLE)]
    await local.ledger.say([enrolment(teacher) for teacher in teachers])
    await local.ledger.say([posting(teacher, 2024, "public", "30") for teacher in teachers])
    await local.ledger.heard()
    await local.world.stop("verification")

    context = Context(journal=Journal(LAYOUT), adoptions=Adoptions(editions()), authority="local")
    asked = Asked(run="run-stopped", year=2024, scope=Scope(kind="everyone"), at=NOW, by="operator:local")

    async def begin(tx: Transaction) -> None:
        await operations.request(tx, context, asked, NOW)
        await operations.aim(tx, context, asked.run, {}, NOW)
        await operations.start(tx, context, asked.run, NOW)
        await operations.judge_chunk(tx, context, asked.run, NOW, SIZE)

    async def half(tx: Transaction) -> None:
        await operations.judge_chunk(tx, context, asked.run, NOW, SIZE)
        raise PowerCutError

    await database.run(begin)
    with pytest.raises(PowerCutError):
        await database.run(half)
    cut_off = asyncio.create_task(
        database.run(lambda tx: operations.judge_chunk(tx, context, asked.run, NOW, SIZE))
    )
    await asyncio.sleep(0)
    cut_off.cancel()
    await asyncio.gather(cut_off, return_exceptions=True)
    await database.dispose()

    client = await local.world.serve("verification", VERIFICATION_AUTHORITY="local")
    run = await finish(client, asked.run)
    assert (run["total"], run["done"], run["failed"], run["changed"]) == (PEOPLE, PEOPLE, PEOPLE, PEOPLE)
    failed = await said(client, "verification.failed.v1")
    assert sorted(event["data"]["teacher"] for event in failed) == teachers
    assert {event["data"]["revision"] for event in failed} == {1}
    assert await local.world.rebuild("verification") == []
