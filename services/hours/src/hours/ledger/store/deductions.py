"""SQL of the deductions: those that stand of some years with what counts there, and their projection."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, SmallInteger, Text, select
from sqlalchemy.dialects.postgresql import insert

from hours.ledger import tables
from hours.ledger.domain.deduction import Deducted, Deduction, together
from hours.ledger.store.totals import YEAR, stating
from shared.contracts.hours import HoursDeducted
from shared.policy.categories import Category, Hours, from_texts, to_texts
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.listed import listed
from shared.runtime.unnest import arrays, looked_up

Year = tuple[dict[Category, Decimal], list[Deducted]]
"""What was posted of a year by category, and its deductions that stand, in the order of their making."""

_STANDING = looked_up(
    "select deducted.*, total.hours as counted from deducted join total"
    " on total.teacher = deducted.teacher and total.year = deducted.year"
    " where deducted.teacher = rows.teacher and deducted.year = rows.year and deducted.asked > 0"
    " order by deducted.registered",
    YEAR,
)
_DEDUCTED, _DEDUCT = stating("deducted")
_SAID = ("asked", "most", "hours", "short", "withholds", "entry")
"""What a later word on a deduction replaces."""

DEDUCTED = select(tables.deducted).subquery("deducted")
"""Deductions as they stand: rows for a list of a room above."""


async def load_years(tx: Transaction, years: Collection[tuple[str, int]]) -> dict[tuple[str, int], Year]:
    """Those of some teachers' years of which something is deducted."""
    wanted = [{"teacher": teacher, "year": year} for teacher, year in sorted(years)]
    found: dict[tuple[str, int], Year] = {}
    for row in await tx.fetch(_STANDING, arrays(YEAR, wanted)) if wanted else ():
        _, standing = found.setdefault((row.teacher, row.year), (dict(from_texts(row.counted)), []))
        standing.append(_deducted(row))
    return found


async def load_year(tx: Transaction, teacher: str, year: int) -> Year:
    """What was posted of a teacher's year, and what is deducted of it."""
    found = (await load_years(tx, [(teacher, year)])).get((teacher, year))
    if found is not None:
        return found
    total = tables.total.c
    query = select(total.hours).where(total.teacher == teacher, total.year == year)
    return dict(from_texts((await tx.execute(query)).scalar() or {})), []


async def project(tx: Transaction, facts: Sequence[tuple[Entry, HoursDeducted]]) -> None:
    """Write what is deducted; the last word on a deduction stands."""
    if not facts:
        return
    rows: dict[str, dict[str, Any]] = {}
    for entry, fact in facts:
        first = rows.get(fact.deduction, {"registered": entry.seq})
        rows[fact.deduction] = {
            "deduction": fact.deduction,
            "teacher": fact.teacher,
            "year": fact.year,
            "rule": fact.rule,
            "registered": first["registered"],
            "origin": fact.basis["origin"],
            "made_at": entry.effective_at,
            "asked": fact.asked,
            "most": fact.basis["most"],
            "categories": fact.basis["categories"],
            "hours": to_texts(fact.hours),
            "short": fact.short,
            "withholds": fact.withholds,
            "entry": entry.id,
            "policy": entry.policy,
        }
    upsert = insert(tables.deducted)
    stated = {name: upsert.excluded[name] for name in _SAID}
    await tx.execute(
        upsert.on_conflict_do_update(index_elements=["deduction"], set_=stated), list(rows.values())
    )
    await _sum(tx, {(fact.teacher, fact.year) for _, fact in facts})


async def _sum(tx: Transaction, years: Collection[tuple[str, int]]) -> None:
    """State what is deducted of years in all."""
    teachers, numbers = zip(*sorted(years), strict=True)
    wanted = listed("wanted", ("teacher", Text, teachers), ("year", SmallInteger, numbers))
    deducted = tables.deducted.c
    query = select(deducted.teacher, deducted.year, deducted.hours).join(
        wanted, (wanted.c.teacher == deducted.teacher) & (wanted.c.year == deducted.year)
    )
    taken: dict[tuple[str, int], list[Hours]] = {year: [] for year in years}
    for row in await tx.execute(query):
        taken[row.teacher, row.year].append(from_texts(row.hours))
    stated = [
        {"teacher": teacher, "year": year, "deducted": canonical(together(hours))}
        for (teacher, year), hours in taken.items()
    ]
    await tx.fetch(_DEDUCT, arrays(_DEDUCTED, stated))


def _deducted(row: Row[Any]) -> Deducted:
    deduction = Deduction(
        deduction=row.deduction,
        teacher=row.teacher,
        year=row.year,
        rule=row.rule,
        asked=row.asked,
        categories=row.categories,
        withholds=row.withholds,
        origin=row.origin,
        at=row.made_at,
    )
    return Deducted(of=deduction, most=row.most, hours=from_texts(row.hours), policy=row.policy)
