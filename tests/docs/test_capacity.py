"""The page on capacity shows what the command prints on the figures that are kept with it."""

from dataclasses import fields

from bench.capacity.__main__ import PAGE, TABLE, printed
from bench.capacity.assumptions import Assumptions
from bench.capacity.measured import kept


def test_the_page_shows_the_table_that_the_command_prints() -> None:
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == printed(kept(), {})


def test_every_assumption_has_its_row_and_its_value() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for one in fields(Assumptions):
        value = "" if one.default == 0 else f"{one.default:g}"
        assert any(
            line.startswith(f"| `{one.name.upper()}=` |") and f"| {value} |".replace("|  |", "| |") in line
            for line in page.splitlines()
        ), one.name
