"""SQL of the swaps: how far each is, who is awaited, and their projection."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import ARRAY, ColumnElement, RowMapping, Text, bindparam, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from hours.approvals.domain import Approvals, Approver
from hours.approvals.operations import still_to_approve
from hours.classes import entries, tables
from hours.classes.domain.swaps import OF_THE_OTHER, Swap
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

_SWAP = tables.swap
AWAITED = still_to_approve(_SWAP, _SWAP.c.swap)
"""Who is still to agree to which swap."""


async def load(tx: Transaction, swap: str) -> Swap | None:
    """One swap."""
    row = (await tx.execute(select(_SWAP).where(_SWAP.c.swap == swap))).mappings().one_or_none()
    return None if row is None else _swap(row)


async def pending(tx: Transaction, number: str, teachers: Collection[str]) -> str | None:
    """A swap of a class that is not over and that one of the teachers has a part in."""
    those = bindparam("teachers", sorted(teachers), ARRAY(Text))
    concerned = or_(_SWAP.c.leaving == those.any_(), _SWAP.c.replacement == those.any_())
    query = select(_SWAP.c.swap).where(_SWAP.c["class"] == number, _SWAP.c.state == "pending", concerned)
    found: str | None = (await tx.execute(query.limit(1))).scalar()
    return found


async def pending_of(tx: Transaction, number: str) -> list[Swap]:
    """The swaps of a class that are not over, in order of their key."""
    query = select(_SWAP).where(_SWAP.c["class"] == number, _SWAP.c.state == "pending")
    return [_swap(row) for row in (await tx.execute(query.order_by(_SWAP.c.swap))).mappings()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which swaps are asked for: of a class or in a state, by `of`, or that await somebody."""

    within: Collection[str] | None
    """Schools, of which either side is one; None for all."""
    teacher: str | None
    """Whose own they are, where it is a teacher who asks."""
    of: Mapping[str, str | None]
    awaits: str | None
    """As who asks is told it; None for anybody."""

    @property
    def told(self) -> ColumnElement[str]:
        """Who is awaited, as who asks is told it: a teacher not where the other one works (`Swap.told`)."""
        if self.teacher is None:
            return _SWAP.c.awaits
        step = cast(_SWAP.c.approvers, JSONB)[_SWAP.c.approved]["step"].astext
        kind = func.split_part(_SWAP.c.awaits, ":", 1)
        return case((step.in_(sorted(OF_THE_OTHER)), kind), else_=_SWAP.c.awaits)


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Swap]:
    """Swaps in order of their key, at most `limit`."""
    reached = None
    if wanted.within is not None:
        schools = bindparam("within", sorted(wanted.within), ARRAY(Text))
        reached = or_(
            _SWAP.c.leaving_school == schools.any_(),
            _SWAP.c.replacement_school == schools.any_(),
            _SWAP.c.leaving == (wanted.teacher or ""),
        )
    query = narrowed(select(_SWAP), _SWAP.c.swap, after, wanted.of, reached)
    if wanted.awaits is not None:
        query = query.where(wanted.told == wanted.awaits)
    return [_swap(row) for row in (await tx.execute(query.limit(limit))).mappings()]


def _swap(row: RowMapping) -> Swap:
    said = dict(row)
    approvers = msgspec.json.decode(said.pop("approvers"), type=list[Approver])
    approvals = Approvals(approvers=approvers, approved=said.pop("approved"))
    del said["awaits"]
    return Swap(number=said.pop("class"), approvals=approvals, **said)


async def project(tx: Transaction, entry: Entry) -> None:
    """Bring a swap up to an entry, where it is about one."""
    match entry.type:
        case entries.SWAP_REQUESTED:
            await _put(tx, _requested(entry.parse(entries.SwapRequested)))
        case entries.SWAP_APPROVED:
            known = await _known(tx, entry.parse(entries.SwapApproved).swap)
            approvals = known.approvals.next
            await _put(
                tx, replace(known, approvals=approvals, state="pending" if approvals.awaited else "approved")
            )
        case entries.SWAP_REFUSED:
            refused = entry.parse(entries.SwapRefused)
            known = await _known(tx, refused.swap)
            await _put(tx, replace(known, state="refused", reason=refused.reason))
        case entries.SWAP_CALLED_OFF:
            called_off = entry.parse(entries.SwapCalledOff)
            known = await _known(tx, called_off.swap)
            await _put(tx, replace(known, state="cancelled", reason=called_off.reason))
        case entries.SWAP_WITHDRAWN:
            known = await _known(tx, entry.parse(entries.SwapWithdrawn).swap)
            await _put(tx, replace(known, state="withdrawn"))
        case _:
            pass


def _requested(fact: entries.SwapRequested) -> Swap:
    return Swap(
        swap=fact.swap,
        number=fact.class_,
        leaving=fact.leaving,
        replacement=fact.replacement,
        leaving_school=fact.leaving_school,
        replacement_school=fact.replacement_school,
        form=fact.form,
        override=fact.override,
        state="pending",
        approvals=Approvals(approvers=fact.approvers),
    )


async def _known(tx: Transaction, swap: str) -> Swap:
    found = await load(tx, swap)
    assert found is not None, "a swap is requested first"
    return found


async def _put(tx: Transaction, swap: Swap) -> None:
    row = {
        "swap": swap.swap,
        "class": swap.number,
        "leaving": swap.leaving,
        "replacement": swap.replacement,
        "leaving_school": swap.leaving_school,
        "replacement_school": swap.replacement_school,
        "form": swap.form,
        "override": swap.override,
        "state": swap.state,
        "reason": swap.reason,
        "approvers": canonical(swap.approvals.approvers),
        "approved": swap.approvals.approved,
        "awaits": swap.awaited.by if swap.awaited else None,
    }
    await tx.execute(insert(_SWAP).values(row).on_conflict_do_update(index_elements=["swap"], set_=row))
