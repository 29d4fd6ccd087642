"""Hears the hours service: who lies where, and news of the roster, upon which failed work is tried again."""

from collections.abc import Callable, Sequence

from certificates.issuing import operations
from shared.contracts.envelope import Event
from shared.places import hearing as places
from shared.runtime.database import Transaction
from shared.runtime.journal.consumer import Consumer, in_turn

NEWS = frozenset({"teacher.registered.v1", "teacher.changed.v1", "teacher.transferred.v1"})


def hearing(url: str, wake: Callable[[], None]) -> Consumer:
    """The consumer of roster news; `wake` is called after a commit."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        teachers = sorted({event.subject.partition(":")[2] for event in events if event.type in NEWS})
        if teachers and await operations.retry(tx, teachers):
            tx.on_commit(wake)

    return Consumer(source="hours", url=url, handle=in_turn(places.hear, handle))
