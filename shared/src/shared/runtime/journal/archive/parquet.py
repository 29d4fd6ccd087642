"""One year of recording as a Parquet file: how entries are written and found. All of it may block.

Rows are in the order of partition and number, and no row group holds two partitions, so the statistics of
partition and number say which groups a question can concern. Every page has a checksum.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow import compute, parquet

from shared.runtime.journal.archive.errors import WrongFileError
from shared.runtime.journal.archive.seal import Seal
from shared.runtime.journal.archive.sought import Sought
from shared.runtime.journal.entry import Entry, instant_of, microseconds
from shared.runtime.place import Place

ROWS = 8192
"""Rows of a row group at most: what a lookup reads at least."""
GROUPS_REMEMBERED = 8
"""Row groups that an open file remembers: a stretch is read in pages smaller than them."""

_MOMENT = pa.timestamp("us", tz="UTC")
_SCHEMA = pa.schema(
    [
        pa.field("partition", pa.int16(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("effective_at", _MOMENT, nullable=False),
        pa.field("recorded_at", _MOMENT, nullable=False),
        pa.field("policy", pa.string(), nullable=False),
        pa.field("data", pa.string(), nullable=False),
        pa.field("hash", pa.binary(32), nullable=False),
    ]
)
_REPEATED = ["partition", "type", "subject", "policy"]
_RISING = {"seq": "DELTA_BINARY_PACKED", "recorded_at": "DELTA_BINARY_PACKED"}


class Group(NamedTuple):
    """A row group: its place in the file, and the numbers that it holds without a gap."""

    number: int
    first: int
    last: int


class Writer:
    """Writes a file from the entries of a year, given in the order of partition and number."""

    def __init__(self, place: Place, file: str, service: str, seal: Seal) -> None:
        self._writer = parquet.ParquetWriter(
            place.path(file),
            _SCHEMA.with_metadata(_named(service, seal)),
            filesystem=place.system,
            compression="zstd",
            use_dictionary=_REPEATED,
            column_encoding=_RISING,
            write_statistics=["partition", "seq", "recorded_at"],
            write_page_checksum=True,
        )

    def write(self, entries: Sequence[Entry]) -> None:
        """Write entries of one partition, at most `ROWS`, as a row group."""
        assert 0 < len(entries) <= ROWS
        columns = [list(column) for column in zip(*(entry[1:10] for entry in entries), strict=True)]
        for place in (4, 5):
            columns[place] = [microseconds(moment) for moment in columns[place]]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA), row_group_size=ROWS)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


class YearFile:
    """The file of a sealed year, open for reading by one reader at a time."""

    def __init__(self, place: Place, file: str, service: str, seal: Seal) -> None:
        """Open it.

        Raises:
            WrongFileError: it is not the file of this year of this service under this seal.
            OSError, ValueError: it is missing or cannot be read.
        """
        self._service = service
        self._year = seal.year
        self._file = parquet.ParquetFile(
            place.path(file), filesystem=place.system, pre_buffer=False, page_checksum_verification=True
        )
        self._rows = lru_cache(GROUPS_REMEMBERED)(self._read)
        told = self._file.schema_arrow.metadata or {}
        if {name: told.get(name) for name in _named(service, seal)} != _named(service, seal):
            raise WrongFileError(f"{file} is not {service}'s {seal.year} as it was sealed")
        self.groups = _groups(self._file.metadata)
        held = {partition: (its[0].first, its[-1].last) for partition, its in self.groups.items()}
        if held != {p: (one.first, one.last) for p, one in seal.stretches.items() if one.entries}:
            raise WrongFileError(f"{file} does not hold the entries of {service}'s {seal.year}")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def entries(self, group: Group) -> list[Entry]:
        """All entries of a row group."""
        return self._entries(self._read(group.number, tuple(_SCHEMA.names)))

    def find(self, sought: Sought) -> Iterator[Entry]:
        """What is sought and lies in this file."""
        left = sought.limit
        for group in self.groups.get(sought.partition, ()):
            if group.last <= sought.after or left == 0:
                continue
            rows = self._select(group, sought)
            found = self._entries(rows if left is None else rows.slice(0, left))
            left = left if left is None else left - len(found)
            yield from found

    def _select(self, group: Group, sought: Sought) -> Any:  # noqa: ANN401 - a table of Arrow, which has no types
        """The rows of a group that are sought. Whole rows are read only where a subject and a type fit."""
        skipped = max(0, sought.after + 1 - group.first)
        asked = {"subject": sought.subjects, "type": sought.types}
        wanted = {name: values for name, values in asked.items() if values is not None}
        if not wanted:
            return self._rows(group.number, tuple(_SCHEMA.names)).slice(skipped)
        keys = self._rows(group.number, tuple(wanted)).slice(skipped)
        fits = None
        for name, values in wanted.items():
            among = compute.is_in(keys[name], value_set=pa.array(sorted(values), pa.string()))
            fits = among if fits is None else compute.and_(fits, among)
        if not compute.any(fits).as_py():
            return _SCHEMA.empty_table()
        return self._rows(group.number, tuple(_SCHEMA.names)).slice(skipped).filter(fits)

    def _read(self, index: int, columns: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
        return self._file.read_row_group(index, columns=list(columns), use_threads=False)

    def _entries(self, rows: Any) -> list[Entry]:  # noqa: ANN401 - as above
        columns = [
            [instant_of(moment) for moment in rows[field.name].cast(pa.int64()).to_pylist()]
            if field.type == _MOMENT
            else rows[field.name].to_pylist()
            for field in _SCHEMA
        ]
        return [Entry._make((self._service, *row, self._year)) for row in zip(*columns, strict=True)]


def _named(service: str, seal: Seal) -> dict[bytes, bytes]:
    """What a file says about itself."""
    return {
        b"hourbank.service": service.encode(),
        b"hourbank.year": str(seal.year).encode(),
        b"hourbank.seal": seal.hash.hex().encode(),
    }


def _groups(metadata: Any) -> dict[int, list[Group]]:  # noqa: ANN401 - Parquet's own, which has no types
    """The row groups of each partition, from the statistics.

    Raises:
        WrongFileError: a group holds two partitions, or numbers with a gap in or before it.
    """
    found: dict[int, list[Group]] = defaultdict(list)
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        partition, seq = group.column(0).statistics, group.column(1).statistics
        before = found[partition.min][-1].last if found[partition.min] else seq.min - 1
        whole = seq.max - seq.min + 1 == group.num_rows and seq.min == before + 1
        if partition.min != partition.max or not whole:
            raise WrongFileError(f"row group {index} is not a stretch of one partition")
        found[partition.min].append(Group(index, seq.min, seq.max))
    return dict(found)
