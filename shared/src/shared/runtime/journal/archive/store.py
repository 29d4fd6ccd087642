"""SQL of seals and archives, and of what sealing and archiving do to the tables of the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, text, update

from shared.runtime.database import Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.archive.seal import Seal, Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A year that lies in a file."""

    seal: Seal
    file: str
    size: int
    digest: bytes
    kept: bool
    """Whether its entries lie in the journal's table as well."""


async def load_seals(tx: Transaction) -> list[Seal]:
    """Every seal, the oldest first."""
    stretches: dict[int, dict[int, Stretch]] = {}
    order = [tables.stretch.c.year, tables.stretch.c.partition]
    for row in await tx.execute(select(tables.stretch).order_by(*order)):
        stretches.setdefault(row.year, {})[row.partition] = _stretch(row)
    return [
        Seal(year=row.year, hash=row.hash, stretches=stretches[row.year])
        for row in await tx.execute(select(tables.seal).order_by(tables.seal.c.year))
    ]


def _stretch(row: Row[Any]) -> Stretch:
    return Stretch(partition=row.partition, first=row.first, last=row.last, before=row.before, head=row.head)


async def save_seal(tx: Transaction, seal: Seal, now: datetime) -> None:
    """Keep a seal."""
    await tx.execute(insert(tables.seal), {"year": seal.year, "hash": seal.hash, "sealed_at": now})
    rows = [
        (seal.year, one.partition, one.first, one.last, one.before, one.head)
        for one in seal.stretches.values()
    ]
    await tx.copy(tables.stretch, rows)


async def load_archived(tx: Transaction) -> list[Archived]:
    """Every archived year, the oldest first."""
    rows = {row.year: row for row in await tx.execute(select(tables.archive))}
    if not rows:
        return []
    return [
        Archived(seal=seal, file=row.file, size=row.size, digest=row.digest, kept=row.kept)
        for seal in await load_seals(tx)
        if (row := rows.get(seal.year)) is not None
    ]


async def save_archived(tx: Transaction, archived: Archived, now: datetime) -> None:
    """Note that a year lies in a file as well."""
    values = {
        "year": archived.seal.year,
        "file": archived.file,
        "size": archived.size,
        "digest": archived.digest,
        "kept": archived.kept,
        "archived_at": now,
    }
    await tx.execute(insert(tables.archive), values)


async def remove_year(tx: Transaction, seal: Seal) -> None:
    """Take a year out of the journal's table. Nothing is left there to write into, of it or of years before.

    What was not relayed yet is not relayed any more: who has not heard it reads it over HTTP.
    """
    await tx.execute(update(tables.archive).where(tables.archive.c.year == seal.year).values(kept=False))
    reached = select(tables.stretch.c.last).where(
        tables.stretch.c.year == seal.year, tables.stretch.c.partition == tables.relayed.c.partition
    )
    seq = func.greatest(tables.relayed.c.seq, reached.scalar_subquery())
    await tx.execute(update(tables.relayed).values(seq=seq))
    for table in await years_until(tx, seal.year):
        await tx.execute(text(f"alter table journal detach partition {table}"))
        await tx.execute(text(f"drop table {table}"))


async def years_until(tx: Transaction, year: int) -> list[str]:
    """The tables of the years up to one, by name."""
    query = text(
        "select relname from pg_inherits join pg_class on pg_class.oid = inhrelid"
        " where inhparent = 'journal'::regclass and relname <= :last order by relname"
    )
    return list((await tx.execute(query, {"last": tables.year_table(year)})).scalars())


async def refuse_writes(tx: Transaction, year: int) -> None:
    """Let the database itself refuse whatever would change a year."""
    rows, whole = "insert or update or delete", "truncate"
    for table in await years_until(tx, year):
        for events, each in ((rows, "row"), (whole, "statement")):
            await tx.execute(
                text(
                    f"create or replace trigger sealed_{each} before {events} on {table}"
                    f" for each {each} execute function refuse_sealed('{table[-4:]}')"
                )
            )


async def begin_after(tx: Transaction, start: datetime) -> None:
    """Let nothing be recorded before an instant any more, whatever clock a writer has."""
    await tx.execute(
        text(
            "update part set recorded_at = :start where partition in"
            " (select partition from part where recorded_at < :start order by partition for update)"
        ),
        {"start": start},
    )


async def earliest_year(tx: Transaction) -> int | None:
    """The first year in which anything was recorded that lies in the journal's table."""
    return (await tx.execute(select(func.min(tables.journal.c.year)))).scalar()


async def read_year(tx: Transaction, year: int, partition: int, after: int, limit: int) -> Sequence[Row[Any]]:
    """Rows of one year and partition behind a number, in order."""
    columns = tables.journal.c
    query = select(tables.journal).where(
        columns.year == year, columns.partition == partition, columns.seq > after
    )
    return (await tx.execute(query.order_by(columns.seq).limit(limit))).all()


async def read_next(tx: Transaction, year: int, partition: int) -> Row[Any] | None:
    """The first entry of a partition that was recorded in a later year."""
    columns = tables.journal.c
    query = select(tables.journal).where(columns.year > year, columns.partition == partition)
    return (await tx.execute(query.order_by(columns.seq).limit(1))).first()


async def load_head(tx: Transaction, partition: int) -> Row[Any]:
    """The number and the hash with which a partition ends."""
    query = select(tables.part.c.seq, tables.part.c.head).where(tables.part.c.partition == partition)
    return (await tx.execute(query)).one()
