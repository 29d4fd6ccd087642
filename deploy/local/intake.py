"""Reads the folder of a run, a table a file, and the activities. Every row is either read or reported.

Values are passed on as they are and judged by the service that they are for, in one place and with its words.
Here a row is refused only where it has more or fewer fields than its header.
"""

import csv
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from deploy.local import columns
from shared.policy.calendar import Years
from shared.startup import StartUpError

BOM = b"\xef\xbb\xbf"
DETAILS = "details."
"""Begins the name of a column that says a detail of a record, such as `details.grade`."""
WHOLE = re.compile(r"-?[0-9]{1,9}")
TRUTH = {
    "true": True,
    "1": True,
    "yes": True,
    "是": True,
    "false": False,
    "0": False,
    "no": False,
    "否": False,
}


class FolderError(StartUpError):
    """A folder that cannot be a run's: the message names file, line and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row that was not taken, where it stands and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as the body that will be sent, and its line in the file."""

    line: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table file holds."""

    file: str
    rows: Sequence[Row]
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of a run. `exchanges` is None where the file is missing, which is not the same as empty."""

    path: Path
    activities: Path | None
    """None where the folder has no acts."""
    organisations: Table
    roster: Table
    hours: Table
    exchanges: Table | None

    @property
    def faults(self) -> list[Fault]:
        """Every row that could not be read."""
        tables = (self.organisations, self.roster, self.hours, self.exchanges)
        return [fault for table in tables if table is not None for fault in table.faults]

    def years(self, years: Years, now: datetime) -> list[int]:
        """The years to run: that of the latest act, or without acts those of the hours that have begun.

        Raises: FolderError where there is none.
        """
        if self.activities is not None:
            return [years.of(latest_act(self.activities, now))]
        said = {row.body["year"] for row in self.hours.rows}
        begun = sorted(year for year in said if isinstance(year, int) and year <= years.of(now))
        if not begun:
            raise FolderError(f"{self.path.name} has neither acts nor hours of a year: say YEAR=.")
        return begun


def read(path: Path) -> Folder:
    """Read a folder; the activities are opened later, line by line.

    Raises: FolderError where a file is missing, has no such columns, or is not UTF-8.
    """
    if not path.is_dir():
        raise FolderError(f"{path} is not a folder.")
    return Folder(
        path=path,
        activities=_activities(path),
        organisations=_optional(path / "organisations.csv", columns.ORGANISATIONS, _organisation)
        or _nothing("organisations.csv"),
        roster=_table(path / "roster.csv", columns.ROSTER, _teacher),
        hours=_optional(path / "hours.csv", columns.HOURS, _record) or _nothing("hours.csv"),
        exchanges=_optional(path / "exchanges.csv", columns.EXCHANGES, _exchange),
    )


def lines(activities: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of an NDJSON file with their numbers; blank ones are none.

    Raises: FolderError where a compressed file is damaged.
    """
    try:
        with _opened(activities) as file:
            for number, line in enumerate(file, start=1):
                bare = (line.removeprefix(BOM) if number == 1 else line).strip()
                if bare:
                    yield number, bare
    except (gzip.BadGzipFile, EOFError) as error:
        raise FolderError(f"{activities.name} is damaged: {error}") from error


def latest_act(activities: Path, now: datetime) -> datetime:
    """Return the instant of the latest act that has already happened.

    Raises: FolderError where there is none.
    """
    latest: datetime | None = None
    decoder = msgspec.json.Decoder(_Dated)
    for _, line in lines(activities):
        try:
            at = datetime.fromisoformat(decoder.decode(line).occurred_at)
        except (msgspec.MsgspecError, ValueError):
            continue  # its service refuses it and says why
        if at.tzinfo is not None and at <= now and (latest is None or at > latest):
            latest = at
    if latest is None:
        raise FolderError(f"{activities.name} holds no act that has happened: say YEAR=.")
    return latest


def digest(path: Path) -> str:
    """Return a short digest of a folder's path."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]


def content_digest(folder: Folder) -> str:
    """Return a short digest of everything that a folder's files hold."""
    whole = hashlib.sha256()
    names = ("organisations.csv", "roster.csv", "hours.csv", "exchanges.csv")
    acts = () if folder.activities is None else (folder.activities.name,)
    for name in (*acts, *names):
        path = folder.path / name
        if path.is_file():
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        whole.update(name.encode())
    return whole.hexdigest()[:16]


class _Dated(msgspec.Struct):
    occurred_at: str


def _activities(path: Path) -> Path | None:
    names = ("activities.ndjson", "activities.ndjson.gz")
    return next((path / name for name in names if (path / name).is_file()), None)


def _opened(activities: Path) -> BinaryIO:
    if activities.suffix == ".gz":
        return cast("BinaryIO", gzip.open(activities, "rb"))
    return activities.open("rb")


Convert = Callable[[dict[str, str]], dict[str, Any]]


def _optional(path: Path, required: Sequence[str], convert: Convert) -> Table | None:
    return _table(path, required, convert) if path.exists() else None


def _nothing(file: str) -> Table:
    return Table(file=file, rows=(), faults=())


def _table(path: Path, required: Sequence[str], convert: Convert) -> Table:
    rows, faults, header = [], [], None
    for line, cells in _cells(path):
        if header is None:
            header = [name.strip() for name in cells]
            _check_header(path.name, header, required)
        elif len(cells) == len(header):
            rows.append(Row(line, convert(dict(zip(header, cells, strict=True)))))
        elif any(cells):
            reason = f"{len(cells)} fields where the header has {len(header)}"
            faults.append(Fault(file=path.name, line=line, reason=reason))
    if header is None:
        raise FolderError(f"{path.name} is empty.")
    return Table(file=path.name, rows=rows, faults=faults)


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file, each with the line on which it ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                for cells in reader:
                    yield reader.line_num, cells
            except csv.Error as error:
                raise FolderError(f"{path.name}, line {reader.line_num}: {error}") from error
    except FileNotFoundError:
        raise FolderError(f"{path.parent} has no {path.name}.") from None
    except UnicodeDecodeError as error:
        raise FolderError(f"{path.name} is not UTF-8: {error}") from error


def _check_header(file: str, header: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise FolderError(f"{file}, line 1: missing columns {', '.join(missing)}.")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise FolderError(f"{file}, line 1: columns {', '.join(twice)} stand there twice.")


def _organisation(cells: dict[str, str]) -> dict[str, Any]:
    return _with_more(cells, columns.ORGANISATIONS)


def _teacher(cells: dict[str, str]) -> dict[str, Any]:
    body = _with_more(cells, columns.ROSTER)
    if "vocational" in body:
        body["vocational"] = _truth(body["vocational"])
    return body


def _with_more(cells: dict[str, str], required: Sequence[str]) -> dict[str, Any]:
    """Further columns go along when they say something; empty ones are as good as absent."""
    return {name: value for name, value in cells.items() if name in required or value}


def _record(cells: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: cells[name] for name in columns.HOURS}
    body["year"] = _number(cells["year"])
    if not body["hours"]:
        del body["hours"]
    details = {name: value for name, value in cells.items() if name.startswith(DETAILS) and value}
    if details:
        body["details"] = {name.removeprefix(DETAILS): value for name, value in details.items()}
    return body


def _exchange(cells: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: cells[name] for name in columns.EXCHANGES}
    body["hours"] = _number(cells["hours"])
    if not body["at"]:
        del body["at"]
    return body


def _number(text: str) -> int | str:
    return int(text) if WHOLE.fullmatch(text) else text


def _truth(text: str) -> bool | str:
    return TRUTH.get(text.strip().lower(), text)
