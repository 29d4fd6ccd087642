"""Codes of administrative divisions (行政区划代码) of GB/T 2260: six digits, two for each level.

Structure only: which codes are in use changes every year, and people and schools keep what they were given.
"""

import re
from typing import Literal

Level = Literal["province", "city", "district"]

_REGIONS = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))

PROVINCES = frozenset(str(number) for numbers in (*_REGIONS, (71, 81, 82)) for number in numbers)
"""The first two digits that the standard gives to provinces and what ranks with them."""

_FORM = re.compile(r"[0-9]{6}")


def level_of(code: str) -> Level | None:
    """The level that a code is of; None for what is no code."""
    if not _FORM.fullmatch(code) or code[:2] not in PROVINCES:
        return None
    if code.endswith("0000"):
        return "province"
    if code[2:4] == "00":
        return None
    return "city" if code.endswith("00") else "district"


def province_of(code: str) -> str:
    """The two digits of the province that a code lies in."""
    return code[:2]


def inside(code: str, outer: str) -> bool:
    """Whether a division lies in another one, or is it."""
    digits: dict[Level | None, int] = {"province": 2, "city": 4, "district": 6}
    return code.startswith(outer[: digits.get(level_of(outer), 6)])
