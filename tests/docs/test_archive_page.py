"""The commands with which a year is sealed and archived do what the page on operating says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.runtime import clock
from shared.runtime.journal.entry import year_of_recording
from tests.support.deeds import workshop
from tests.support.documents import ROOT, blocks, commands
from tests.support.past import record_at
from tests.support.processes import Processes
from tests.support.world import World

PAGE = ROOT / "docs" / "how-to" / "operate.md"
SECTION = "## Seal and archive a year"


def written() -> list[str]:
    """The commands of the section, in their order."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = lines.index(SECTION) + 1
    end = next(number for number, line in enumerate(lines, 1) if number > start and line.startswith("## "))
    return [line for block in blocks(PAGE) if start < block.line < end for line in commands(block)]


@pytest.mark.long
async def test_the_commands_of_the_page_seal_and_archive_a_year(
    world: World, processes: Processes, tmp_path: Path
) -> None:
    service = await world.serve("points")
    record_at(world, "points", datetime(2025, 6, 1, tzinfo=UTC))
    assert (await service.post("/v1/activities", json=workshop("w", "T1", "2025-05-01"))).is_success
    await world.stop("points")
    processes.settings = {"ARCHIVE_URL": str(tmp_path / "archive")}
    assert [line.split()[3] for line in written()] == ["seal", "archive", "verify-archive"]
    for line in written():
        status, said = await processes.command("points", line.removeprefix("python -m points "))
        assert status == 0, said
        assert "2025" in said
    assert (tmp_path / "archive" / "points-2025.parquet").exists()
    this_year = year_of_recording(clock.now())
    status, said = await processes.command("points", f"seal {this_year}")
    assert (status, said) == (
        2,
        f"points: {this_year} is not over in China; only a year that is can be sealed\n",
    )
    await processes.start("points")
    statement = (await processes.clients["points"].get("/v1/teachers/T1/statement")).json()["items"]
    assert [line["points"] for line in statement] == [50, 500]
    status, said = await processes.command("points", "rebuild")
    assert status == 0, said
