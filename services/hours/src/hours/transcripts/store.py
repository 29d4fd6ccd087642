"""SQL of the transcripts: by number, their signed texts, and the projection of their entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from hours.transcripts import tables
from hours.transcripts.entries import TranscriptIssued
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.pages import narrowed

ISSUED = "transcript.issued.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A transcript on file."""

    transcript: str
    teacher: str
    issuer: str
    first: int
    last: int
    lines: int
    digest: str
    key: str
    issued_at: datetime
    entry: str


async def load(tx: Transaction, number: str) -> Issued | None:
    """One transcript."""
    query = select(tables.transcript).where(tables.transcript.c.transcript == number)
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else Issued(**row)


async def page(
    tx: Transaction, within: ColumnElement[bool], teacher: str | None, *, after: str | None, limit: int
) -> list[Issued]:
    """Transcripts in order of number, at most `limit`."""
    t = tables.transcript
    query = narrowed(select(t), t.c.transcript, after, {"teacher": teacher}, within).limit(limit)
    return [Issued(**row) for row in (await tx.execute(query)).mappings()]


async def save_signed(tx: Transaction, number: str, signed: str) -> None:
    """Keep the signed text of a transcript."""
    await tx.execute(insert(tables.transcript_document).values(transcript=number, signed=signed))


async def load_signed(tx: Transaction, number: str) -> str | None:
    """The signed text of a transcript; None once it was erased."""
    document = tables.transcript_document.c
    query = select(document.signed).where(document.transcript == number)
    return (await tx.execute(query)).scalar_one_or_none()


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the transcripts up to these entries."""
    rows = [_row(entry, entry.parse(TranscriptIssued)) for entry in entries if entry.type == ISSUED]
    if rows:
        await tx.execute(insert(tables.transcript), rows)


def _row(entry: Entry, fact: TranscriptIssued) -> dict[str, object]:
    said = {name: getattr(fact, name) for name in ("transcript", "teacher", "issuer", "first", "last")}
    signed = {"lines": fact.lines, "digest": fact.digest, "key": fact.key}
    return {**said, **signed, "issued_at": entry.effective_at, "entry": entry.id}
