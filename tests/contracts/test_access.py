"""The page of roles and acts is the matrix."""

from pathlib import Path

from shared.access.__main__ import page
from shared.access.matrix import read

PAGE = Path(__file__).parents[2] / "docs" / "access.md"


def test_the_page_of_roles_is_the_matrix() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read()), "run `make contracts`"
