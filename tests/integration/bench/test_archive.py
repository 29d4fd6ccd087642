"""The measure of an archived year fills, seals, archives and reads a year, and says what that took."""

from pathlib import Path

import pytest

from bench.archive.__main__ import main


@pytest.mark.long
def test_an_archived_year_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(400, tmp_path)
    table, before, archive, after = capsys.readouterr().out.splitlines()
    assert "entries, " in table
    assert "times less; sealed in " in archive
    for line in (before, after):
        assert line.startswith("  a subject: ")
        assert line.endswith(" entries/s")
