"""The certificate number (证书编号): division, year, kind, serial and a check character, 18 in all.

`DDDDDD YYYY K SSSSSS C`; the check is ISO 7064 MOD 11-2 over the 17 digits, as in the citizen number. Kinds
begin at 5, so that digits 11 and 12 are never a month and no scrubber takes a certificate for a person.
"""

import re
from dataclasses import dataclass
from typing import Literal, Self

from stdnum.iso7064 import mod_11_2

LAST_SERIAL = 999_999
"""Six digits: the series of a year ends here, loudly."""

FIRST_KIND = 5
LAST_KIND = 9

_FORM = re.compile(r"[0-9]{17}[0-9X]")
_DIVISION = re.compile(r"[1-9][0-9]{5}")
_SERIES = re.compile(r"(?P<division>[1-9][0-9]{5})-(?P<year>[0-9]{4})-(?P<kind>[5-9])")


class SeriesExhaustedError(ValueError):
    """A series has given out all its numbers; nothing may be issued in it any more."""

    def __init__(self, series: "Series") -> None:
        super().__init__(f"series {series.key} ends at serial {LAST_SERIAL}")
        self.series = series


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The numbers of one issuing authority, year and kind (编号序列); each starts at serial 1."""

    division: str
    """GB/T 2260 code of the issuing authority."""
    year: int
    """Training year, or first year of the cycle."""
    kind: int
    """5 annual verification, 6 project, 7 single record, 8 cycle, 9 test."""

    def __post_init__(self) -> None:
        assert _DIVISION.fullmatch(self.division), f"not a division code: {self.division!r}"
        assert 1000 <= self.year <= 9999, f"not a year: {self.year}"
        assert FIRST_KIND <= self.kind <= LAST_KIND, f"not a kind of certificate: {self.kind}"

    @property
    def key(self) -> str:
        """`<division>-<year>-<kind>`, its name in the ledger."""
        return f"{self.division}-{self.year}-{self.kind}"

    @classmethod
    def of_key(cls, key: str) -> Self:
        """The series that a key names."""
        parts = _SERIES.fullmatch(key)
        assert parts, f"not a series: {key!r}"
        return cls(division=parts["division"], year=int(parts["year"]), kind=int(parts["kind"]))

    def number(self, serial: int) -> "Number":
        """The number with this serial.

        Raises:
            SeriesExhaustedError: the serial no longer fits.
        """
        if serial > LAST_SERIAL:
            raise SeriesExhaustedError(self)
        return Number(series=self, serial=serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a series; its text is what people see."""

    series: Series
    serial: int

    def __post_init__(self) -> None:
        assert 1 <= self.serial <= LAST_SERIAL, f"not a serial: {self.serial}"

    def __str__(self) -> str:
        body = f"{self.series.division}{self.series.year:04}{self.series.kind}{self.serial:06}"
        return body + mod_11_2.calc_check_digit(body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """A text that is no certificate number, and what about it is wrong."""

    fault: Literal["form", "check", "series"]
    """Not 18 characters of the right kind; a typing error; a division, kind or serial that cannot be."""


def normalise(text: str) -> str:
    """Without the blanks and hyphens people type between groups, and with a capital `X`."""
    return re.sub(r"[\s-]", "", text).upper()


def read(text: str) -> Number | Misread:
    """The number that a text holds, or why it holds none."""
    number = normalise(text)
    if not _FORM.fullmatch(number):
        return Misread(fault="form")
    if mod_11_2.checksum(number) != 1:
        return Misread(fault="check")
    division, year, kind, serial = number[:6], int(number[6:10]), int(number[10]), int(number[11:17])
    if division.startswith("0") or year < 1000 or kind < FIRST_KIND or serial < 1:
        return Misread(fault="series")
    return Number(series=Series(division=division, year=year, kind=kind), serial=serial)
