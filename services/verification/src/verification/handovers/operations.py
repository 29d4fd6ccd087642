"""What is sent next, what became of it, and saying that an answer is overdue; no network is called."""

from datetime import datetime
from typing import NamedTuple

from shared.policy.workdays import NotAnnouncedError
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from verification.figures import operations as figures
from verification.handovers import signing, store
from verification.handovers.domain import BATCH, Batch, Failure, Pushed
from verification.handovers.signing import Message
from verification.judgements import operations as judgements
from verification.judgements.entries import SUBMITTED
from verification.settings import Context

CHUNK = 500
"""Overdue answers that are said in one transaction."""


class Sending(NamedTuple):
    """What is sent now."""

    batch: Batch
    message: Message


async def next_sending(tx: Transaction, context: Context, sender: str, now: datetime) -> Sending | None:
    """What is to be sent now: what is on its way already, else what was submitted since; None for nothing."""
    seen = await store.load(tx)
    if seen.waits(now) or (seen.batch is None and not await _behind(tx, context, seen)):
        return None
    pushed = await store.hold(tx)
    if pushed.batch is None:
        pushed = await _begin(tx, context, pushed)
        await store.save(tx, pushed)
    if pushed.batch is None:
        return None
    entries = await _entries(tx, context, pushed.batch)
    return Sending(pushed.batch, signing.message(sender, entries))


async def settle(tx: Transaction, batch: Batch, failure: Failure | None, now: datetime) -> None:
    """Write down what became of an attempt, unless another copy of the service has moved on meanwhile."""
    pushed = await store.hold(tx)
    if pushed.batch == batch:
        await store.save(tx, pushed.taken(now) if failure is None else pushed.failed(failure, now))


async def tell_overdue(tx: Transaction, context: Context, now: datetime) -> int:
    """Say of the next submissions that their answer is overdue; of how many.

    Where the working days of the term are not announced, nobody can say so.
    """
    try:
        before = judgements.overdue_before(context, now)
    except NotAnnouncedError:
        return 0
    late = [] if before is None else await judgements.load_late(tx, before, CHUNK)
    await context.journal.lock(tx, {figures.subject(key.teacher) for key in late})
    return len(await judgements.tell_overdue(tx, context, late, now))


async def _behind(tx: Transaction, context: Context, pushed: Pushed) -> dict[int, int]:
    """The heads of those partitions that have something behind the positions."""
    heads = await context.journal.heads(tx, context.journal.partitions("teacher"))
    return {partition: head for partition, head in heads.items() if head > pushed.positions.get(partition, 0)}


async def _begin(tx: Transaction, context: Context, pushed: Pushed) -> Pushed:
    """The first batch behind the positions; what says nothing of a submission is passed over."""
    positions = dict(pushed.positions)
    for partition, head in sorted((await _behind(tx, context, pushed)).items()):
        after = positions.get(partition, 0)
        found = await context.journal.read_partitions(tx, {partition: after}, [SUBMITTED], limit=BATCH)
        if found:
            last = found[-1].seq if len(found) == BATCH else max(head, found[-1].seq)
            return Pushed(
                positions=positions, batch=Batch(partition, after, last), pushed_at=pushed.pushed_at
            )
        positions[partition] = head
    return Pushed(positions=positions, pushed_at=pushed.pushed_at)


async def _entries(tx: Transaction, context: Context, batch: Batch) -> list[Entry]:
    """What a batch holds: the same whenever it is read, for what lies behind it was not there yet."""
    found = await context.journal.read_partitions(
        tx, {batch.partition: batch.after}, [SUBMITTED], limit=BATCH
    )
    return [entry for entry in found if entry.seq <= batch.last]
