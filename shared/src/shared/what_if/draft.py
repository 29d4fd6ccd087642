"""A draft of a rule pack (规则草案), as a caller hands it in: read and checked as every pack is."""

import re
from typing import Annotated

from msgspec.structs import replace
from pydantic import AfterValidator, Field

from shared.policy import loader
from shared.policy.errors import PackError
from shared.policy.lines import line_of, lines_of
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.runtime.errors import DomainError
from shared.runtime.fields import clean

MAX_PACK = 1_000_000
_LINE = re.compile(r"at line (\d+)")

EXAMPLE = '[pack]\nid = "a-city"\nversion = "2-draft"\n# and so on\n'
"""How a draft begins; a whole one is hundreds of lines long."""

PackText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_PACK,
        description="A rule pack as TOML, as `make policy-check` takes it.",
        examples=[EXAMPLE],
    ),
    AfterValidator(clean),
]


def read(text: str, in_force: Pack, year: int) -> Pack:
    """The draft, as if it had been in force throughout the year.

    Raises:
        DomainError: `pack.invalid`, with key and line; `pack.other_categories`, where hours were posted into
            categories that it does not know.
    """
    try:
        pack = loader.parse(text, "pack")
    except PackError as error:
        figures = {"key": error.key or "–", "line": _line(text, error), "wrong": error.message}
        raise DomainError.at("/pack", "pack.invalid", **figures) from None
    unknown = [category for category in in_force.posted if category not in pack.posted]
    if unknown:
        names = [item_name(in_force, category) for category in unknown]
        raise DomainError.at("/pack", "pack.other_categories", categories=names)
    header = pack.pack
    return replace(
        pack,
        pack=replace(header, valid_from=min(header.valid_from, pack.years.first_day(year)), valid_to=None),
    )


def _line(text: str, error: PackError) -> int:
    """Where it was written; the first line where nobody knows."""
    if error.key:
        return line_of(lines_of(text), error.key) or 1
    found = _LINE.search(error.message)
    return int(found[1]) if found else 1
