"""SQL of the carry-overs: what stands, and the projection of `hours.carried_over`."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ARRAY, Text, bindparam, select

from hours.carryovers import tables
from hours.carryovers.domain.consumption import Consumption
from shared.contracts.hours import HoursCarriedOver
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.unnest import arrays, insert_rows

CARRIED_OVER = "hours.carried_over.v1"

_STATED = [column.name for column in tables.carry_over.columns if not column.primary_key]
_STATE = insert_rows(
    tables.carry_over,
    f"on conflict (teacher, year) do update set {', '.join(f'{name} = excluded.{name}' for name in _STATED)}",
)


async def load(tx: Transaction, teachers: Iterable[str]) -> dict[tuple[str, int], Consumption]:
    """What stands for each year of some teachers."""
    wanted = bindparam("teachers", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.carry_over).where(tables.carry_over.c.teacher == wanted.any_()),
        {"teachers": list(teachers)},
    )
    return {
        (row.teacher, row.year): Consumption(
            carried_in=row.carried_in,
            used_carried=row.used_carried,
            used_fresh=row.used_fresh,
            expired=row.expired,
            carry_out=row.carry_out,
        )
        for row in rows
    }


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the carry-overs up to these entries; a later one for the same year replaces the earlier."""
    rows = {}
    for entry in entries:
        if entry.type != CARRIED_OVER:
            continue
        fact = entry.parse(HoursCarriedOver)
        rows[fact.teacher, fact.year] = {
            "teacher": fact.teacher,
            "year": fact.year,
            "carried_in": fact.carried_in,
            "used_carried": fact.used_carried,
            "used_fresh": fact.used_fresh,
            "expired": fact.expired,
            "carry_out": fact.hours,
            "verdict": fact.verdict,
            "entry": entry.id,
        }
    if not rows:
        return
    await tx.fetch(_STATE, arrays(list(tables.carry_over.columns), list(rows.values())))
