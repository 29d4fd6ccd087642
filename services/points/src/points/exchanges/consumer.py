"""Events in: what `hours` says about exchanges."""

from collections.abc import Sequence

from points.exchanges import operations
from points.exchanges.operations import Answer
from points.settings import Context
from shared.contracts.catalogue import parse
from shared.contracts.envelope import Event
from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.runtime.database import Transaction
from shared.runtime.journal.consumer import Handle

_ANSWERS = {"hours.exchange_posted.v1", "hours.exchange_refused.v1", "hours.exchange_reversed.v1"}


def hears_hours(context: Context) -> Handle:
    """The handler of what `hours` says; other types are not for this service."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        answers: list[tuple[Event, Answer]] = []
        for event in events:
            fact = parse(event) if event.type in _ANSWERS else None
            if isinstance(fact, HoursExchangePosted | HoursExchangeRefused | HoursExchangeReversed):
                answers.append((event, fact))
        if answers:
            await operations.answer_all(tx, context, answers)

    return handle
