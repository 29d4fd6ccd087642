"""Deducting from years (扣减), giving back, and keeping what is deducted within what counts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.deduction import Deducted, Deduction, Taken, afresh, together
from hours.ledger.domain.deduction import deduct as take
from hours.ledger.domain.total import counted as less
from hours.ledger.operations.announcing import announce
from hours.ledger.store import deductions as store
from hours.ledger.store import projection
from hours.settings import Context
from shared.contracts.hours import HoursDeducted
from shared.policy.categories import Category
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft

FIRST, CHANGED, WITHDRAWN = "", "changed", "withdrawn"

NOTHING = Taken(hours={}, short=ZERO)


async def deduct(tx: Transaction, context: Context, wanted: Deduction) -> None:
    """Take of a teacher's year what is left after the deductions before; what is not there is short."""
    counted, standing = await store.load_year(tx, wanted.teacher, wanted.year)
    left = less(counted, together(one.hours for one in standing))
    [taken] = take(left, [(wanted.asked, wanted.categories)])
    made = Deducted(of=wanted, most=taken.amount, hours=taken.hours, policy=context.pack.reference)
    await announce(tx, context, [_draft(made, taken, left, FIRST)])


async def restore(tx: Transaction, context: Context, deduction: str, teacher: str, year: int) -> None:
    """Take a deduction back whole; others of the year take what they lost to it, if they did."""
    counted, standing = await store.load_year(tx, teacher, year)
    [gone] = (one for one in standing if one.of.deduction == deduction)
    rest = [one for one in standing if one is not gone]
    none = replace(gone, of=replace(gone.of, asked=ZERO, withholds=False), most=ZERO)
    withdrawn = _draft(none, NOTHING, {}, WITHDRAWN)
    await announce(tx, context, [withdrawn, *_restated(counted, rest)])


async def restate(tx: Transaction, context: Context, years: Collection[tuple[str, int]]) -> None:
    """Say anew what is deducted of teachers' years in which hours moved, where that is another amount."""
    drafts = [
        draft
        for counted, standing in (await store.load_years(tx, years)).values()
        for draft in _restated(counted, standing)
    ]
    if drafts:
        await announce(tx, context, drafts)


def _restated(counted: Mapping[Category, Decimal], standing: Sequence[Deducted]) -> Iterator[Draft]:
    left = counted
    for one, taken in zip(standing, afresh(counted, standing), strict=True):
        if taken.hours != one.hours:
            yield _draft(one, taken, left, CHANGED)
        left = less(left, taken.hours)


def _draft(one: Deducted, taken: Taken, before: Mapping[Category, Decimal], reason: str) -> Draft:
    """What is deducted from now on, as of the day on which that was decided."""
    wanted = one.of
    fact = HoursDeducted(
        deduction=wanted.deduction,
        teacher=wanted.teacher,
        year=wanted.year,
        rule=wanted.rule,
        asked=wanted.asked,
        hours=dict(taken.hours),
        short=taken.short,
        withholds=wanted.withholds,
        reason=reason,
        basis={
            "most": f"{one.most:.2f}",
            "categories": list(wanted.categories),
            "before": {name: f"{before.get(name, ZERO):.2f}" for name in wanted.categories},
            "origin": wanted.origin,
        },
    )
    return Draft(
        type=projection.DEDUCTED,
        subject=f"teacher:{wanted.teacher}",
        effective_at=wanted.at,
        policy=one.policy,
        data=fact,
    )
