"""Tables in files (表格文件): CSV and XLSX read whole into texts, within limits, and CSV written for people.

A file is what its content is, never what it is called. A formula is refused in every column that is read, and
none is written: whoever opens the table later would run it. Columns that are passed over may hold any.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from shared.runtime.errors import DomainError, Fault
from shared.runtime.fields import MAX_ROWS

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = (CSV, XLSX)

MAX_COLUMNS = 100
MAX_CELL = 1000
MAX_EXPANDED = 50 * 2**20
"""Bytes that a workbook may have once it is unpacked."""
MAX_PARTS = 1000
EXACT = 10**15
"""Numbers below are kept digit by digit by office programs, which know 15 of them."""
SHOWN = 20
"""Places that a refusal names at most."""

_ZIP = b"PK\x03\x04"
_WORKBOOK = {"[Content_Types].xml", "xl/workbook.xml"}
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠].", re.DOTALL)
_NO_FORMULA = re.compile(r"[+-]?\d+(\.\d+)?|\+\d{1,3}( \d{3,})+|[-－]+", re.ASCII)
"""A number with a sign, one of a telephone in groups (`+86 13800138000`), dashes that stand for nothing.

Computing them gives nothing else, unlike `+86-13800138000`, `-无` and `@qq`: a sum and two names.
"""
_RUN = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""How texts begin that office programs take for a formula."""
_GUESSED = re.compile(rf"{_RUN.pattern}|\s*\d")
"""The same, or for a number or a date."""

Cell = str | Decimal | int | date | None
"""A cell that is written: a text, a number, a day or an instant, or nothing."""


class Line(NamedTuple):
    """A row of a table with the number that it has in the file, from 1."""

    number: int
    cells: Sequence[str]
    cut: frozenset[int] = frozenset()
    """Places of numbers of which a program may have kept the first digits only."""


Row = tuple[int, Mapping[str, str]]
"""What is read of a row: its number in the file, and its cells by the name of their column."""


def read(content: bytes, kind: str) -> list[Line]:
    """The rows of a table that are not empty, the head among them, every cell as a text without outer blanks.

    Raises:
        DomainError: `file.not_its_type`, `file.encoding`, `file.unreadable`, `file.expands`, `file.too_long`.
    """
    if (kind == XLSX) != content.startswith(_ZIP) or (kind == CSV and b"\0" in content):
        raise DomainError("file.not_its_type", kind=kind)
    lines = _bounded(_workbook(content) if kind == XLSX else _text(content))
    return [line for line in lines if any(line.cells)]


def named(lines: Sequence[Line], known: Mapping[str, str], wanted: Iterable[str]) -> list[Row]:
    """What stands below the head in the columns that are `known`, by their names; the others are passed over.

    Raises:
        DomainError: `file.columns_missing`, `file.column_twice`, `file.formula`, `file.long_number`.
    """
    head, *below = lines or [Line(1, [])]
    places = columns_of(head, known, wanted)
    faults = [
        Fault(f"/{line.number}/{get_column_letter(place + 1)}", code)
        for line in below
        for place in sorted(places.values())
        if (code := _wrong(line, place))
    ]
    if faults:
        raise DomainError(faults[0].code, faults=faults[:SHOWN])
    return [(line.number, {name: _at(line, place) for name, place in places.items()}) for line in below]


def _at(line: Line, place: int) -> str:
    """A cell; empty behind the last one that is filled."""
    return line.cells[place] if place < len(line.cells) else ""


def _wrong(line: Line, place: int) -> str | None:
    """Why a cell is not taken: an office program would compute it, or may have cut it."""
    if place in line.cut:
        return "file.long_number"
    cell = _at(line, place)
    return "file.formula" if _FORMULA.match(cell) and not _NO_FORMULA.fullmatch(cell) else None


def write(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV, UTF-8 with a mark, by which office programs know it.

    Numbers, days and instants are written as such. A text stays one: what a program would run, or make a
    number of, has an apostrophe before it, such as `=1+1` and an id of eighteen digits.
    """
    kept = StringIO(newline="")
    writer = csv.writer(kept, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return kept.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str | Decimal | int:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and _GUESSED.match(cell) else cell


def inert(text: str) -> str:
    """A text that no office program runs, for tables that machines read: ids and figures stay as they are."""
    return f"'{text}" if _RUN.match(text) and not _NO_FORMULA.fullmatch(text) else text


def columns_of(head: Line, known: Mapping[str, str], wanted: Iterable[str]) -> dict[str, int]:
    """Where each known column stands, by its name in `known`; the head may call it by any of the keys.

    Raises:
        DomainError: `file.columns_missing`, `file.column_twice`.
    """
    found: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        name = known.get(cell.lower())
        if name in found:
            raise DomainError("file.column_twice", column=cell)
        if name is not None:
            found[name] = place
    missing = [name for name in wanted if name not in found]
    if missing:
        raise DomainError("file.columns_missing", columns=missing)
    return found


def _bounded(lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        if line.number > MAX_ROWS + 1:
            raise DomainError("file.too_long", rows=MAX_ROWS, columns=MAX_COLUMNS, cell=MAX_CELL)
        if len(line.cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in line.cells):
            raise DomainError("file.too_long", rows=MAX_ROWS, columns=MAX_COLUMNS, cell=MAX_CELL)
        yield line


def _text(content: bytes) -> Iterator[Line]:
    reader = csv.reader(StringIO(_decoded(content), newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            yield Line(number, [cell.strip() for cell in cells])
    except csv.Error:
        raise DomainError("file.unreadable") from None


def _decoded(content: bytes) -> str:
    """UTF-8, with or without a mark; else GB 18030, in which Chinese office programs write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError("file.encoding")


def _workbook(content: bytes) -> Iterator[Line]:
    _check_size(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        with closing(book):
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
                cut = frozenset(place for place, cell in enumerate(row) if _is_long(cell.value))
                yield Line(number, _trimmed([_cell(cell.value, cell.data_type) for cell in row]), cut)
    except DomainError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the library raise
        raise DomainError("file.unreadable") from error


def _check_size(content: bytes) -> None:
    """No part gives more than it declares: `zipfile` stops reading there."""
    try:
        with ZipFile(BytesIO(content)) as parts:
            listed = parts.infolist()
    except (BadZipFile, ValueError, NotImplementedError):  # the last for versions of ZIP that `zipfile` lacks
        raise DomainError("file.unreadable") from None
    if len(listed) > MAX_PARTS or sum(part.file_size for part in listed) > MAX_EXPANDED:
        raise DomainError("file.expands", limit=MAX_EXPANDED)
    if not {part.filename for part in listed} >= _WORKBOOK:
        raise DomainError("file.not_its_type", kind=XLSX)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_long(value: object) -> bool:
    """Whether a cell is a number of more digits than office programs keep: the others become zeros."""
    return isinstance(value, int | float) and abs(value) >= EXACT


def _cell(value: object, kind: str) -> str:
    if kind == "f":
        return f"={value}"
    if isinstance(value, date):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
