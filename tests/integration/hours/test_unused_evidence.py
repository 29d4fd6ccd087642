"""Evidence that nothing uses is erased: the entry first, then the file, and never what somebody rests on."""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from hours.app import create_app
from hours.evidence import operations as evidence
from hours.evidence.jobs import Erasing
from hours.evidence.operations import File, Use
from shared.access import Caller
from shared.access.matrix import Binding
from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.errors import AwayError
from shared.runtime.settings import Settings
from tests.integration.hours.acts import paper
from tests.integration.hours.test_appeals import CITY, act, appeal, refuse, reverse
from tests.integration.hours.test_declarations import (
    CENTRE,
    SCHOOL_OF,
    TEACHER,
    decide,
    declaration,
    declare,
    village,
)
from tests.integration.hours.test_persons import KEYS
from tests.integration.hours.test_waivers import ask
from tests.support import papers
from tests.support.past import record_at
from tests.support.waivers import with_waivers
from tests.support.world import World, until

DAYS = 31
WAITING = "select count(*) from pg_locks where not granted"


async def served(world: World, folder: Path) -> tuple[httpx.AsyncClient, dict[str, str]]:
    settings = {"EVIDENCE_URL": str(folder / "evidence"), "EVIDENCE_DAYS": str(DAYS)}
    own = {**settings, "HOURS_PACK": with_waivers(folder), "HOURS_PERSON_KEYS": KEYS}
    return await village(world, **own), own


async def idle(world: World, own: dict[str, str]) -> FastAPI:
    """The same service, without its jobs: the test says when files are looked at."""
    return create_app(Settings.from_environment("hours", {**await world.environment("hours"), **own}))


async def erase(app: FastAPI, now: datetime) -> int:
    """Step until nothing waits; how many steps found something."""
    work, steps = Erasing(app.state.database, app.state.service.context), 0
    while await work.step(now):
        steps += 1
    return steps


async def erased(app: FastAPI) -> list[str]:
    query = text("select subject from journal where type = 'evidence.erased.v1' order by seq, subject")
    async with app.state.database.transaction(reading=True) as tx:
        return [one.removeprefix("evidence:") for one in (await tx.execute(query)).scalars()]


async def appealed(hours: httpx.AsyncClient, number: str) -> tuple[str, str]:
    """The file of a refused declaration and that of the appeal about it."""
    refused, better = await refuse(hours, number), await paper(hours, f"{number}, better", TEACHER)
    assert await appeal(hours, number, f"declaration:{number}", files=[better]) == "open"
    return refused, better


async def test_only_what_nothing_rests_on_is_erased_and_that_once(world: World, tmp_path: Path) -> None:
    hours, own = await served(world, tmp_path)
    now, folder = clock.now(), tmp_path / "evidence"
    later = now + timedelta(days=DAYS + 1)
    kept = {
        "claimed": await paper(hours, "claimed", TEACHER),
        "drafted": await paper(hours, "draft", TEACHER),
    }
    assert (await declare(hours, declaration("C", files=[kept["claimed"]])))[1] == "declared"
    drafted = declaration("D", files=[kept["drafted"]], declared=False)
    assert (await declare(hours, drafted))[1] == "draft"
    kept["at issue"], kept["attached"] = await appealed(hours, "A")
    kept["reversed"] = await paper(hours, "reversed", TEACHER)
    assert (await declare(hours, declaration("R", files=[kept["reversed"]])))[1] == "declared"
    assert await decide(hours, SCHOOL_OF, "R") == "reviewed"
    assert await decide(hours, CENTRE, "R") == "posted"
    await reverse(hours, "declaration:R", CENTRE)
    assert await appeal(hours, "r", "record:declaration:R") == "open"
    kept["waived"] = await paper(hours, "waived", TEACHER)
    assert (await ask(hours, "W", "teacher:T1", files=[kept["waived"]]))[1] == "pending"
    kept["regranted"], kept["granted"] = await appealed(hours, "G")
    assert await act(hours, "G/grant", CITY) == "granted"
    over = await appealed(hours, "over")
    assert await act(hours, "over/withdrawal", TEACHER) == "withdrawn"
    kept["of late"], kept["better of late"] = await appealed(hours, "late")
    refused = await refuse(hours, "X")
    gone = {refused, *over, *[await paper(hours, f"idle {one}", TEACHER) for one in range(2)]}
    kept["released"] = await paper(hours, "released", TEACHER)
    assert (await declare(hours, declaration("Y", files=[kept["released"]])))[1] == "declared"
    record_at(world, "hours", later - timedelta(days=DAYS))
    assert await decide(hours, SCHOOL_OF, "Y", "refuse", reason="材料不清") == "refused"
    assert await act(hours, "late/withdrawal", TEACHER) == "withdrawn"
    kept["young"] = await paper(hours, "young", TEACHER)
    record_at(world, "hours", None)

    app = await idle(world, own)
    assert await erase(app, later - timedelta(days=2)) == 0, "nothing is old enough"
    assert await erase(app, later) > 0
    assert set(await erased(app)) == gone
    assert {one.name for one in folder.iterdir()} == set(kept.values())
    assert await erase(app, later) == 0, "a second run does nothing"
    assert len(await erased(app)) == len(gone)
    for digest in gone:
        assert (await hours.get(f"/v1/evidence/{digest}", headers=TEACHER)).json()[
            "code"
        ] == "evidence.unknown"
    one = await paper(hours, "idle 0", TEACHER)
    assert one in gone
    assert (await hours.get(f"/v1/evidence/{one}", headers=TEACHER)).is_success, "handed in anew"
    unknown = gone - {one}
    assert await declare(hours, declaration("N", files=[min(unknown)])) == (422, "evidence.not_handed_in")
    assert await appeal(hours, "n", "declaration:X", files=[min(unknown)]) == "evidence.not_handed_in"
    assert (await declare(hours, declaration("Z", files=[one])))[1] == "declared"
    assert (await declare(hours, declaration("X", files=[refused])))[1] == "refused", "it says nothing new"
    await app.state.database.dispose()
    assert await world.rebuild("hours") == []


async def test_what_a_crash_left_is_finished_and_no_file_is_lost_by_that(
    world: World, tmp_path: Path
) -> None:
    hours, own = await served(world, tmp_path)
    content = papers.pdf(b"(x)")
    digest, file = sha256(content).hexdigest(), tmp_path / "evidence" / sha256(content).hexdigest()
    assert await paper(hours, "x", TEACHER) == digest
    await world.stop("hours")
    app = await idle(world, own)
    context, database = app.state.service.context, app.state.database
    later = clock.now() + timedelta(days=DAYS + 1)
    assert await Erasing(database, context).step(later), "it ends here, between the entry and the file"
    assert (await erased(app), file.exists()) == ([digest], True)
    again = File(digest=digest, media_type="application/pdf", size=len(content))
    binding = Binding(role="teacher", level="person", id="T1")
    caller = Caller(subject="T1", binding=binding, kind="teacher", persons=frozenset({"T1"}))
    with pytest.raises(AwayError):
        await database.run(lambda tx: evidence.hand_in(tx, context, again, caller, later))
    hours = await village(world, **{**own, "EVIDENCE_DAYS": ""})
    await until(lambda: asyncio.to_thread(lambda: not file.exists()))
    assert len(await erased(app)) == 1
    file.write_bytes(b"left by a copy whose time was over")
    assert await paper(hours, "x", TEACHER) == digest
    assert file.read_bytes() == content
    await database.dispose()
    assert await world.rebuild("hours") == []


async def test_a_claim_at_the_same_instant_wins(world: World, tmp_path: Path) -> None:
    hours, own = await served(world, tmp_path)
    digest = await paper(hours, "x", TEACHER)
    app = await idle(world, own)
    context, database, now = app.state.service.context, app.state.database, clock.now()
    use = Use(digest=digest, matter="declaration:1", rule="GZ-HR-2.03", teacher="T1", school="S", year=2026)
    async with database.transaction() as tx:
        await context.journal.lock(tx, [use.matter, evidence.subject(digest)])
        erasing = asyncio.create_task(erase(app, now + timedelta(days=DAYS + 1)))
        await until(lambda: waiting(database))
        assert await evidence.claim(tx, context, [use], now) == [None]
    await erasing
    assert await erased(app) == []
    assert (tmp_path / "evidence" / digest).exists()
    await database.dispose()


async def waiting(database: Database) -> bool:
    async with database.transaction(reading=True) as tx:
        return bool((await tx.execute(text(WAITING))).scalar())
