"""Numbers of records (登记编号): who registers chooses one, or a room makes it of what the record is of.

What a room makes begins with its own word and a colon, and nobody chooses a number that does.
"""

from typing import Literal, get_args
from urllib.parse import quote

Maker = Literal["declaration", "plan", "class", "appeal", "transcript"]
"""What makes numbers of its own."""

RESERVED = tuple(f"{maker}:" for maker in get_args(Maker))
"""How numbers begin that nobody chooses."""


def made(maker: Maker, *ids: str) -> str:
    """The number that a room makes of ids, always as many of them: no two rows of ids make the same.

    A slash stands between ids; one inside of an id is escaped, save in the last one.
    """
    *first, last = ids
    escaped = [one.replace("%", "%25").replace("/", "%2F") for one in first]
    return f"{maker}:" + "/".join([*escaped, last])


def parted(name: str) -> tuple[str, str]:
    """The two ids of which a name is made as `made` makes it: the first one unescaped, the last as it is."""
    first, _, last = name.partition("/")
    return first.replace("%2F", "/").replace("%25", "%"), last


def address(number: str) -> str:
    """Where a record is shown."""
    return f"/v1/records/{quote(number, safe='/:')}"
