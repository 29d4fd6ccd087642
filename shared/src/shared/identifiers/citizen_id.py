"""The citizen identity number (公民身份号码) of GB 11643-1999: 18 characters, the last one a check.

Address 6 digits, birth date 8, sequence 3, check by ISO 7064 MOD 11-2. Numbers of the 15-digit kind lost
their validity in 2013 and are refused. The address is not looked up: codes are abolished, people keep theirs.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.iso7064 import mod_11_2

Fault = Literal["length", "form", "check", "date"]
"""Why a text is no citizen number: another length (15 digits), other signs, a typing error, no such day."""

OLDEST = 130
"""Years after which a birth year is implausible; nobody reached them."""

_FORM = re.compile(r"[0-9]{17}[0-9X]")
_BORN = "(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
"""A day of birth in a century from which somebody may be alive: few other numbers hold one there."""
_IN_TEXT = re.compile(f"(?<![0-9])[1-9][0-9]{{5}}{_BORN}[0-9]{{3}}(?:X|[0-9](?![0-9]))", re.IGNORECASE)
_LENGTH = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenId:
    """A well-formed number: its check character holds and its birth date exists."""

    number: str
    """Normalised: a final `x` is `X`."""
    born_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotACitizenId:
    """What is wrong with a text; never the text itself, it may be a person's number but for a digit."""

    fault: Fault


def normalise(text: str) -> str:
    """Without surrounding blanks, and with a capital `X`."""
    return text.strip().upper()


def read(text: str) -> CitizenId | NotACitizenId:
    """The number that a text holds, or why it holds none."""
    number = normalise(text)
    if len(number) != _LENGTH:
        return NotACitizenId(fault="length")
    if not _FORM.fullmatch(number):
        return NotACitizenId(fault="form")
    if mod_11_2.checksum(number) != 1:
        return NotACitizenId(fault="check")
    born_on = _birth_date(number)
    if born_on is None:
        return NotACitizenId(fault="date")
    return CitizenId(number=number, born_on=born_on)


def stands_in(text: str) -> bool:
    """Whether a number stands anywhere in a text, also in full-width signs.

    An id of eighteen digits that is none is taken for one about once in ten thousand.
    """
    if text.isascii():
        if len(text) < _LENGTH:
            return False
        told = text
    else:
        told = unicodedata.normalize("NFKC", text)
    return any(isinstance(read(found), CitizenId) for found in _IN_TEXT.findall(told))


def plausible(person: CitizenId, on: date) -> bool:
    """Whether someone born then can be alive on that day: asked apart from the standard."""
    return person.born_on <= on and on.year - person.born_on.year <= OLDEST


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
