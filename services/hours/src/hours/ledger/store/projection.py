"""Writing the ledger's tables: the one function that turns entries into lines, sums and closed years."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert

from hours.ledger import tables
from hours.ledger.domain.amount import ZERO
from hours.ledger.store import deductions
from hours.ledger.store.totals import YEAR, stating
from shared.contracts.hours import (
    HoursCarriedOver,
    HoursDeducted,
    HoursPosted,
    HoursReversed,
    HoursYearClosed,
    HoursYearReopened,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.unnest import arrays, looked_up

POSTED, REVERSED = "hours.posted.v1", "hours.reversed.v1"
DEDUCTED = "hours.deducted.v1"
CARRIED_OVER, YEAR_CLOSED = "hours.carried_over.v1", "hours.year_closed.v1"
YEAR_REOPENED = "hours.year_reopened.v1"

_SUMMED, _SUM = stating("hours", "over_cap")
_SUMS_OF = looked_up(
    "select total.teacher, total.year, total.hours::text, total.over_cap from total"
    " where total.teacher = rows.teacher and total.year = rows.year",
    YEAR,
)
_USED, _USE = stating("used_carried", "used_fresh", "expired", "carry_out")
_BROUGHT, _BRING = stating("carried_in")

_UNDER = ("held", "cap", "cycle_cap", "cycle_first", "cycle_last", "policy")
"""What a line has only while it is posted, beside its amounts."""
_POSTED = ("counted", "over_cap", "reason", "posting", *_UNDER)
_NOTHING = {"counted": ZERO, "over_cap": ZERO, "posting": None, **dict.fromkeys(_UNDER)}

Movement = tuple[Entry, HoursPosted | HoursReversed]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the ledger's tables up to these entries."""
    movements: list[Movement] = []
    deducted: list[tuple[Entry, HoursDeducted]] = []
    carried: list[HoursCarriedOver] = []
    closings: list[Entry] = []
    reopenings: list[Entry] = []
    for entry in entries:
        match entry.type:
            case "hours.posted.v1":
                movements.append((entry, entry.parse(HoursPosted)))
            case "hours.reversed.v1":
                movements.append((entry, entry.parse(HoursReversed)))
            case "hours.deducted.v1":
                deducted.append((entry, entry.parse(HoursDeducted)))
            case "hours.carried_over.v1":
                carried.append(entry.parse(HoursCarriedOver))
            case "hours.year_closed.v1":
                closings.append(entry)
            case "hours.year_reopened.v1":
                reopenings.append(entry)
            case _:
                pass
    await _lines(tx, movements)
    await _sums(tx, movements)
    await deductions.project(tx, deducted)
    await _carried(tx, carried)
    await _closed(tx, closings)
    await _reopened(tx, reopenings)


async def _lines(tx: Transaction, movements: Iterable[Movement]) -> None:
    posted: dict[str, dict[str, Any]] = {}
    taken_back: dict[str, dict[str, Any]] = {}
    for entry, fact in movements:
        if isinstance(fact, HoursPosted):
            first = posted.get(fact.ground, {}).get("registered", entry.seq)
            posted[fact.ground] = _posted_row(entry, fact, first)
            taken_back.pop(fact.ground, None)
        else:
            taken_back[fact.ground] = {"at": fact.ground, "because": fact.reason}
    if posted:
        statement = insert(tables.line)
        kept = {name: statement.excluded[name] for name in _POSTED}
        await tx.execute(
            statement.on_conflict_do_update(index_elements=["ground"], set_=kept), list(posted.values())
        )
    if taken_back:
        cleared = update(tables.line).where(tables.line.c.ground == bindparam("at"))
        await tx.execute(
            cleared.values(**_NOTHING, reason=bindparam("because")),
            list(taken_back.values()),
        )


def _posted_row(entry: Entry, fact: HoursPosted, registered: int) -> dict[str, Any]:
    cycle = fact.basis.get("cycle", {})
    return {
        "ground": fact.ground,
        "teacher": fact.teacher,
        "year": fact.year,
        "category": fact.category,
        "rule": fact.rule,
        "registered": registered,
        "origin": fact.basis["origin"],
        "effective_at": entry.effective_at,
        "counted": fact.hours,
        "over_cap": fact.over_cap,
        "reason": fact.reason,
        "posting": entry.id,
        "held": fact.held,
        "cap": fact.basis["cap"],
        "cycle_cap": cycle.get("cap"),
        "cycle_first": cycle.get("first"),
        "cycle_last": cycle.get("last"),
        "policy": entry.policy,
    }


async def _sums(tx: Transaction, movements: Sequence[Movement]) -> None:
    """State what the sums of teachers' years are now; whoever calls holds their locks."""
    sums = await _sums_of(tx, {(fact.teacher, fact.year) for _, fact in movements})
    for _, fact in movements:
        sign = 1 if isinstance(fact, HoursPosted) else -1
        account = sums[fact.teacher, fact.year]
        account[fact.category] += sign * fact.hours
        account["over_cap"] += sign * fact.over_cap
    rows = [
        {
            "teacher": teacher,
            "year": year,
            "over_cap": account.pop("over_cap"),
            "hours": canonical({category: hours for category, hours in account.items() if hours}),
        }
        for (teacher, year), account in sums.items()
    ]
    if rows:
        await tx.fetch(_SUM, arrays(_SUMMED, rows))


async def _sums_of(
    tx: Transaction, years: Collection[tuple[str, int]]
) -> dict[tuple[str, int], dict[str, Decimal]]:
    """Hours by category, and those over caps, of some teachers' years; zero where nothing was posted."""
    sums: dict[tuple[str, int], dict[str, Decimal]] = {
        year: defaultdict(lambda: ZERO, over_cap=ZERO) for year in years
    }
    wanted = [{"teacher": teacher, "year": year} for teacher, year in sums]
    for teacher, year, hours, over_cap in await tx.fetch(_SUMS_OF, arrays(YEAR, wanted)) if sums else ():
        known = msgspec.json.decode(hours, type=dict[str, Decimal])
        sums[teacher, year].update(known, over_cap=over_cap)
    return sums


async def _carried(tx: Transaction, facts: Iterable[HoursCarriedOver]) -> None:
    """State what verdicts did to their year, and what they bring into the next; a later one replaces."""
    used: dict[tuple[str, int], dict[str, Any]] = {}
    brought: dict[tuple[str, int], dict[str, Any]] = {}
    for fact in facts:
        used[fact.teacher, fact.year] = {
            "teacher": fact.teacher,
            "year": fact.year,
            "used_carried": fact.used_carried,
            "used_fresh": fact.used_fresh,
            "expired": fact.expired,
            "carry_out": fact.hours,
        }
        brought[fact.teacher, fact.to_year] = {
            "teacher": fact.teacher,
            "year": fact.to_year,
            "carried_in": fact.hours,
        }
    for statement, columns, stated in ((_USE, _USED, used), (_BRING, _BROUGHT, brought)):
        if stated:
            await tx.fetch(statement, arrays(columns, list(stated.values())))


async def _closed(tx: Transaction, entries: Iterable[Entry]) -> None:
    rows = []
    for entry in entries:
        fact = entry.parse(HoursYearClosed)
        rows.append(
            {"year": fact.year, "partition": fact.partition, "closed_at": fact.closed_at, "entry": entry.id}
        )
    if rows:
        await tx.execute(insert(tables.closed_year).on_conflict_do_nothing(), rows)


async def _reopened(tx: Transaction, entries: Iterable[Entry]) -> None:
    """State until when a teacher's year is open again; a later word replaces an earlier one."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in entries:
        fact = entry.parse(HoursYearReopened)
        rows[fact.teacher, fact.year] = {
            "teacher": fact.teacher,
            "year": fact.year,
            "until": fact.until,
            "entry": entry.id,
        }
    if rows:
        statement = insert(tables.reopened_year)
        stated = {name: statement.excluded[name] for name in ("until", "entry")}
        await tx.execute(
            statement.on_conflict_do_update(index_elements=["teacher", "year"], set_=stated),
            list(rows.values()),
        )
