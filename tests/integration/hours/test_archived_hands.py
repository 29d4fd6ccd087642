"""The accounts of who had a hand in a record, through migrations, where its year is archived."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from tests.integration.hours.acts import enrol, record, register
from tests.support.past import archive, record_at
from tests.support.signing import OPERATOR
from tests.support.steps import take
from tests.support.world import World

STEP = "2026_11_30_0035"
IN_2025 = datetime(2025, 11, 1, tzinfo=UTC)


async def test_what_the_journal_holds_no_more_is_taken_from_the_record(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    hours = await world.serve("hours", ARCHIVE_URL=str(folder))
    record_at(world, "hours", IN_2025)
    await enrol(hours, "T1", school="S1", district="D1")
    await register(hours, record("A", "T1", "GZ-HR-2.01", "6"))
    record_at(world, "hours", None)
    await archive(world, "hours", 2025, folder)
    await register(hours, record("B", "T1", "GZ-HR-3.01", "1"))
    await take(world, "hours", STEP, "downgrade")
    async with world.apps["hours"].state.database.transaction(reading=True) as tx:
        rows = (await tx.execute(text("select record, account from record"))).all()
    assert {row.record: row.account for row in rows} == {"A": OPERATOR, "B": OPERATOR}
    await take(world, "hours", STEP)
    assert await world.rebuild("hours") == []
