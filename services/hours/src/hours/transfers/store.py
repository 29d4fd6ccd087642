"""SQL of the transfers: how far each is, who is awaited, and their projection."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Row, Text, bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from hours.approvals.domain import Approvals, Approver
from hours.approvals.operations import still_to_approve
from hours.transfers import tables
from hours.transfers.domain import State, Transfer, TransferApproved, TransferRefused, TransferRequested
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

AWAITED = still_to_approve(tables.transfer, tables.transfer.c.transfer)
"""Who is still to approve which transfer."""

REQUESTED, APPROVED, REFUSED = "transfer.requested.v1", "transfer.approved.v1", "transfer.refused.v1"


async def load(tx: Transaction, number: str) -> Transfer | None:
    """One transfer."""
    query = select(tables.transfer).where(tables.transfer.c.transfer == number)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _transfer(row)


async def is_pending(tx: Transaction, teacher: str) -> bool:
    """Whether a teacher has a transfer that is not over."""
    transfer = tables.transfer.c
    query = select(exists().where(transfer.teacher == teacher, transfer.state == "pending"))
    return bool((await tx.execute(query)).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which transfers are asked for: of a teacher, in a state, or that await somebody, by `of`."""

    within: Collection[str] | None
    """Schools, of which either side is one; None for all."""
    of: Mapping[str, str | None]


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Transfer]:
    """Transfers in order of number, at most `limit`."""
    transfer, within = tables.transfer.c, None
    if wanted.within is not None:
        ids = bindparam("within", sorted(wanted.within), ARRAY(Text))
        within = or_(transfer.from_school == ids.any_(), transfer.to_school == ids.any_())
    query = narrowed(select(tables.transfer), transfer.transfer, after, wanted.of, within).limit(limit)
    return [_transfer(row) for row in await tx.execute(query)]


def _transfer(row: Row[Any]) -> Transfer:
    return Transfer(
        transfer=row.transfer,
        teacher=row.teacher,
        from_school=row.from_school,
        to_school=row.to_school,
        state=row.state,
        approvals=Approvals(
            approvers=msgspec.json.decode(row.approvers, type=list[Approver]), approved=row.approved
        ),
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the transfers up to these entries."""
    for entry in entries:
        match entry.type:
            case "transfer.requested.v1":
                fact = entry.parse(TransferRequested)
                await _put(
                    tx,
                    Transfer(
                        transfer=fact.transfer,
                        teacher=fact.teacher,
                        from_school=fact.from_school,
                        to_school=fact.to_school,
                        state="pending",
                        approvals=Approvals(approvers=fact.approvers),
                    ),
                )
            case "transfer.approved.v1":
                known = await _known(tx, entry.parse(TransferApproved).transfer)
                approvals = known.approvals.next
                state: State = "pending" if approvals.awaited else "approved"
                await _put(tx, replace(known, approvals=approvals, state=state))
            case "transfer.refused.v1":
                known = await _known(tx, entry.parse(TransferRefused).transfer)
                await _put(tx, replace(known, state="refused"))
            case _:
                pass


async def _known(tx: Transaction, number: str) -> Transfer:
    found = await load(tx, number)
    assert found is not None, "a transfer is requested first"
    return found


async def _put(tx: Transaction, transfer: Transfer) -> None:
    row = {
        "transfer": transfer.transfer,
        "teacher": transfer.teacher,
        "from_school": transfer.from_school,
        "to_school": transfer.to_school,
        "approvers": canonical(transfer.approvals.approvers),
        "approved": transfer.approvals.approved,
        "state": transfer.state,
        "awaits": transfer.awaited.by if transfer.awaited else None,
    }
    await tx.execute(
        insert(tables.transfer).values(row).on_conflict_do_update(index_elements=["transfer"], set_=row)
    )
