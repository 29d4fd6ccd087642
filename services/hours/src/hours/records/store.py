"""SQL of the records: by natural key, by programme of study, and the projection of their entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ARRAY, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.records import tables
from hours.records.domain.entries import RecordRegistered, RecordReversed
from shared.policy.pack import Category
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical

REGISTERED, REVERSED = "record.registered.v1", "record.reversed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record on file."""

    record: str
    teacher: str
    year: int
    rule: str
    category: Category
    programme: str
    hours: Decimal
    reason: str
    digest: str
    recogniser: str
    matter: str
    state: str
    entry: str
    recorded_at: datetime
    reversal: str | None


async def load(tx: Transaction, records: Iterable[str]) -> dict[str, Kept]:
    """Records by natural key."""
    wanted = bindparam("records", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.record).where(tables.record.c.record == wanted.any_()), {"records": list(records)}
    )
    return {row.record: Kept(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


async def load_claims(
    tx: Transaction, teachers: Iterable[str], rules: Iterable[str]
) -> dict[tuple[str, str], set[str]]:
    """Under which of `rules` each (teacher, programme) is claimed by a record that stands."""
    wanted, among = bindparam("teachers", type_=ARRAY(Text)), bindparam("rules", type_=ARRAY(Text))
    columns = tables.record.c
    query = select(columns.teacher, columns.programme, columns.rule).where(
        columns.teacher == wanted.any_(), columns.rule == among.any_(), columns.state == "registered"
    )
    claims: dict[tuple[str, str], set[str]] = {}
    for row in await tx.execute(query, {"teachers": list(teachers), "rules": list(rules)}):
        claims.setdefault((row.teacher, row.programme), set()).add(row.rule)
    return claims


async def save_proofs(tx: Transaction, proofs: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the data of stamped proofs by record."""
    if proofs:
        rows = [{"record": record, "data": canonical(data)} for record, data in proofs.items()]
        await tx.execute(insert(tables.proof), rows)


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the records up to these entries."""
    registered = [_row(entry) for entry in entries if entry.type == REGISTERED]
    if registered:
        await tx.execute(insert(tables.record), registered)
    reversals = [
        {"of": entry.parse(RecordReversed).record, "by": entry.id}
        for entry in entries
        if entry.type == REVERSED
    ]
    if reversals:
        taken_back = update(tables.record).where(tables.record.c.record == bindparam("of"))
        await tx.execute(taken_back.values(state="reversed", reversal=bindparam("by")), reversals)


def _row(entry: Entry) -> dict[str, object]:
    fact = entry.parse(RecordRegistered)
    return {
        "record": fact.record,
        "teacher": fact.teacher,
        "year": fact.year,
        "rule": fact.rule,
        "category": fact.category,
        "programme": fact.programme,
        "hours": fact.hours,
        "reason": fact.reason,
        "digest": fact.digest,
        "recogniser": fact.recogniser,
        "matter": fact.matter,
        "state": "registered",
        "entry": entry.id,
        "recorded_at": entry.recorded_at,
        "reversal": None,
    }
