"""Reading the ledger: lines of an account in order of registration, sums, closed years."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Row, SmallInteger, Text, bindparam, exists, func, select, text

from hours.ledger import tables
from hours.ledger.domain.cap import BY_CAPS
from hours.ledger.domain.claim import Account, Claim, CycleLimit, Limit, Line, Pool, Posting, Standing
from hours.ledger.domain.total import Total, counted
from shared.policy.categories import from_texts
from shared.policy.cycles import Span
from shared.runtime.database import Transaction

_ACCOUNTS = text(
    "select line.* from line join unnest(:teachers, :years, :rules, :categories)"
    " as account(teacher, year, rule, category) using (teacher, year, rule, category)"
    " where line.posting is not null order by line.registered"
).bindparams(
    bindparam("teachers", type_=ARRAY(Text)),
    bindparam("years", type_=ARRAY(SmallInteger)),
    bindparam("rules", type_=ARRAY(Text)),
    bindparam("categories", type_=ARRAY(Text)),
)


_POOLS = text(
    "select line.* from line join unnest(:teachers, :rules, :categories)"
    " as pool(teacher, rule, category) using (teacher, rule, category)"
    " where line.posting is not null order by line.registered"
).bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("teachers", "rules", "categories")))


async def load_accounts(tx: Transaction, accounts: Collection[Account]) -> dict[Account, list[Line]]:
    """The live lines of some accounts, in order of registration."""
    found: dict[Account, list[Line]] = {account: [] for account in accounts}
    if not found:
        return found
    parameters = {
        "teachers": [account.teacher for account in found],
        "years": [account.year for account in found],
        "rules": [account.rule for account in found],
        "categories": [account.category for account in found],
    }
    for row in await tx.execute(_ACCOUNTS, parameters):
        line = _line(row)
        found[line.claim.account].append(line)
    return found


async def load_pools(tx: Transaction, pools: Collection[Pool]) -> dict[Pool, list[Line]]:
    """The live lines of all years of some pools, in order of registration."""
    found: dict[Pool, list[Line]] = {pool: [] for pool in pools}
    if not found:
        return found
    teachers, rules, categories = map(list, zip(*found, strict=True))
    parameters = {"teachers": teachers, "rules": rules, "categories": categories}
    for row in await tx.execute(_POOLS, parameters):
        line = _line(row)
        found[line.claim.account.pool].append(line)
    return found


async def load_years(tx: Transaction, teachers: Sequence[str], years: Collection[int]) -> list[Line]:
    """Everything that stands of some teachers' years, in order of registration."""
    wanted = bindparam("teachers", type_=ARRAY(Text))
    line = tables.line.c
    query = select(tables.line).where(
        line.teacher == wanted.any_(), line.year.in_(sorted(years)), line.posting.is_not(None)
    )
    rows = await tx.execute(query.order_by(line.registered), {"teachers": list(teachers)})
    return [_line(row) for row in rows]


async def load_lines(tx: Transaction, teacher: str, first: int, last: int, limit: int) -> list[Line]:
    """What stands of a teacher's years, in order of year and registration, at most `limit`."""
    line = tables.line.c
    query = select(tables.line).where(
        line.teacher == teacher, line.year.between(first, last), line.posting.is_not(None)
    )
    rows = await tx.execute(query.order_by(line.year, line.registered).limit(limit))
    return [_line(row) for row in rows]


async def posted_in(tx: Transaction, year: int) -> bool:
    """Whether anything was ever posted of a year."""
    query = select(exists().where(tables.total.c.year == year))
    return bool((await tx.execute(query)).scalar_one())


async def load_grounds(tx: Transaction, grounds: Sequence[str]) -> dict[str, Standing]:
    """What the ledger says about some grounds now, those taken back included."""
    wanted = bindparam("grounds", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.line).where(tables.line.c.ground == wanted.any_()), {"grounds": list(grounds)}
    )
    return {
        row.ground: Standing(
            counted=row.counted, over_cap=row.over_cap, reason=row.reason, posting=row.posting
        )
        for row in rows
    }


async def load_totals(tx: Transaction, year: int, teachers: Iterable[str]) -> dict[str, Total]:
    """Sums of some teachers' year; a teacher without entries is not among them."""
    wanted = bindparam("teachers", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.total).where(tables.total.c.year == year, tables.total.c.teacher == wanted.any_()),
        {"teachers": list(teachers)},
    )
    return {row.teacher: _total(row) for row in rows}


async def load_years_of(tx: Transaction, teacher: str, years: Collection[int]) -> dict[int, Total]:
    """Sums of some years of a teacher; a year without entries is not among them."""
    total = tables.total.c
    query = select(tables.total).where(total.teacher == teacher, total.year.in_(sorted(years)))
    return {row.year: _total(row) for row in await tx.execute(query)}


def _total(row: Row[Any]) -> Total:
    posted, deducted = from_texts(row.hours), from_texts(row.deducted)
    sums = {"hours": counted(posted, deducted), "deducted": deducted}
    return Total(**{**row._mapping, **sums})  # noqa: SLF001 - SQLAlchemy's public name


SUMS = select(tables.total).subquery("sums")
"""Sums of teachers' years, for the statement of a room above."""


async def load_closed(tx: Transaction, partitions: Iterable[int]) -> Mapping[int, set[int]]:
    """Closed years of some partitions."""
    wanted = bindparam("partitions", type_=ARRAY(SmallInteger))
    rows = await tx.execute(
        select(tables.closed_year.c.partition, tables.closed_year.c.year).where(
            tables.closed_year.c.partition == wanted.any_()
        ),
        {"partitions": list(partitions)},
    )
    closed: dict[int, set[int]] = {}
    for row in rows:
        closed.setdefault(row.partition, set()).add(row.year)
    return closed


async def load_reopened(
    tx: Transaction, teachers: Iterable[str], today: date
) -> Mapping[str, Mapping[int, str]]:
    """By teacher, and by year that is open again today, the entry that opened it."""
    wanted = bindparam("teachers", type_=ARRAY(Text))
    opened = tables.reopened_year.c
    query = select(opened.teacher, opened.year, opened.entry).where(
        opened.teacher == wanted.any_(), opened.until >= today
    )
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for row in await tx.execute(query, {"teachers": list(teachers)}):
        found[row.teacher][row.year] = row.entry
    return found


async def count_closed(tx: Transaction, year: int) -> int:
    """How many partitions are closed for a year."""
    query = select(func.count()).select_from(tables.closed_year).where(tables.closed_year.c.year == year)
    return int((await tx.execute(query)).scalar_one())


def _line(row: Row[Any]) -> Line:
    claim = Claim(
        ground=row.ground,
        account=Account(teacher=row.teacher, year=row.year, rule=row.rule, category=row.category),
        hours=row.counted + row.over_cap,
        held=row.held,
        reason="" if row.reason in BY_CAPS else row.reason,
        origin=row.origin,
        effective_at=row.effective_at,
    )
    return Line(
        claim=claim,
        limit=Limit(row.cap, _cycle(row)),
        policy=row.policy,
        posting=Posting(event=row.posting, counted=row.counted, over_cap=row.over_cap),
    )


def _cycle(row: Row[Any]) -> CycleLimit | None:
    if row.cycle_cap is None:
        return None
    return CycleLimit(row.cycle_cap, Span(row.cycle_first, row.cycle_last))
