"""Answering the points service: hours posted or refused once for each exchange, taken back at a recall."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from hours.exchanges import store
from hours.exchanges.domain import Asked, Grounds, Recalled, Refusal, refusal, taken_back
from hours.exchanges.store import Answered
from hours.ledger import operations as ledger
from hours.ledger.domain.claim import Account, Claim
from hours.ledger.domain.closing import Closing
from hours.ledger.operations import Change, Reduce, Register
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry

Ask = Asked | Recalled

LOTS = store.LOTS
"""What teachers could still exchange, and when it expires: rows for a statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What stands when a batch begins; the roster and closed years cannot change under its locks."""

    listed: frozenset[str]
    closed: Mapping[str, Closing]


async def answer(tx: Transaction, context: Context, asks: Sequence[Ask], now: datetime) -> None:
    """Answer exchanges and recalls in order; each teacher's one after the other.

    Raises:
        DomainError: `year.closed`, when exchanged hours of a closed year are called back: that takes an
            authorised reopening, and the event waits for it.
    """
    teachers = {ask.teacher for ask in asks}
    await context.journal.lock(tx, {roster.subject(teacher) for teacher in teachers})
    known = _Known(
        listed=frozenset(await roster.find(tx, teachers)),
        closed=await ledger.closings(tx, context, teachers, now),
    )
    for together in _rounds(asks):
        await _answer_round(tx, context, together, known)


def _rounds(asks: Sequence[Ask]) -> Iterator[list[Ask]]:
    """Asks that can be answered together: at most one of each teacher, in their order."""
    waiting = list(asks)
    while waiting:
        now: dict[str, Ask] = {}
        later: list[Ask] = []
        for ask in waiting:
            if ask.teacher in now:
                later.append(ask)
            else:
                now[ask.teacher] = ask
        yield list(now.values())
        waiting = later


async def _answer_round(tx: Transaction, context: Context, asks: Sequence[Ask], known: _Known) -> None:
    answered = await store.load(tx, {ask.exchange for ask in asks})
    new = [ask for ask in asks if isinstance(ask, Asked) and ask.exchange not in answered]
    left = await _left(tx, context, new)
    drafts: list[Draft] = []
    changes: list[Change] = []
    to_post: list[Asked] = []
    for asked in new:
        grounds = Grounds(
            listed=asked.teacher in known.listed,
            closed=asked.year in known.closed[asked.teacher],
            left=left.get(asked.exchange),
        )
        reason = refusal(asked, grounds)
        if reason is None:
            to_post.append(asked)
            changes.append(Register(claim=_claim(context, asked)))
        else:
            drafts.append(_refused(context, asked, reason, grounds))
    recalls = [ask for ask in asks if isinstance(ask, Recalled)]
    done = await store.load_recalls(tx, [recalled.recall for recalled in recalls])
    for recalled in recalls:
        if recalled.recall not in done:
            for change, draft in _take_back(context, recalled, answered.get(recalled.exchange), known):
                changes.append(change)
                drafts.append(draft)
    postings = await ledger.settle(tx, context, changes)
    drafts += [_posted(context, asked, postings[_ground(asked.exchange)]) for asked in to_post]
    await store.project(tx, await context.journal.append(tx, drafts))


async def _left(tx: Transaction, context: Context, asks: Sequence[Asked]) -> dict[str, Decimal]:
    """Hours left under the cap for each exchange into a category that is a target."""
    targets = {ask.exchange: _account(context, ask) for ask in asks if ask.category in context.pack.targets}
    left = await ledger.room_left(tx, context, set(targets.values()))
    return {exchange: left[account] for exchange, account in targets.items()}


def _take_back(
    context: Context, recalled: Recalled, answered: Answered | None, known: _Known
) -> Iterator[tuple[Change, Draft]]:
    """Reduce what stands of an exchange. A refused one has nothing: its points go back with the refusal."""
    assert answered is not None, f"{recalled.recall}: the exchange was heard before its recall"
    standing = answered.hours - answered.taken_back
    hours = taken_back(recalled, standing)
    if answered.state == "refused" or not hours:
        return
    if answered.year in known.closed[recalled.teacher]:
        raise DomainError("year.closed", year=answered.year)
    change = Reduce(
        ground=_ground(recalled.exchange),
        account=_account(context, answered),
        hours=standing - hours,
        reason="recalled",
        at=recalled.at,
    )
    fact = HoursExchangeReversed(
        recall=recalled.recall, exchange=recalled.exchange, teacher=recalled.teacher, hours=int(hours)
    )
    yield change, _draft(context, store.REVERSED, recalled.at, recalled.teacher, fact)


def _ground(exchange: str) -> str:
    return f"exchange:{exchange}"


def _account(context: Context, of: Asked | Answered) -> Account:
    return Account(teacher=of.teacher, year=of.year, rule=context.pack.exchanged_by.id, category=of.category)


def _claim(context: Context, asked: Asked) -> Claim:
    return Claim(
        ground=_ground(asked.exchange),
        account=_account(context, asked),
        hours=asked.hours,
        reason="",
        origin=asked.event,
        effective_at=asked.at,
    )


def _posted(context: Context, asked: Asked, posting: Entry) -> Draft:
    fact = HoursExchangePosted(
        exchange=asked.exchange,
        teacher=asked.teacher,
        category=asked.category,
        hours=asked.hours,
        posting=posting.id,
        year=asked.year,
        points=asked.points,
    )
    return _draft(context, store.POSTED, asked.at, asked.teacher, fact)


def _refused(context: Context, asked: Asked, reason: Refusal, grounds: Grounds) -> Draft:
    fact = HoursExchangeRefused(
        exchange=asked.exchange,
        teacher=asked.teacher,
        reason=reason,
        year=asked.year,
        category=asked.category,
        hours=asked.hours,
        basis={
            "points": asked.points,
            "left": None if grounds.left is None else f"{grounds.left:.2f}",
            "origin": asked.event,
        },
    )
    return _draft(context, store.REFUSED, asked.at, asked.teacher, fact)


def _draft(context: Context, kind: str, at: datetime, teacher: str, fact: msgspec.Struct) -> Draft:
    return Draft(
        type=kind,
        subject=roster.subject(teacher),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )


async def lots_of(tx: Transaction, teachers: Iterable[str]) -> Mapping[str, Sequence[tuple[datetime, int]]]:
    """What some teachers could still exchange, the earliest expiry first; without those who have nothing."""
    return await store.load_lots(tx, teachers)


async def note_points(tx: Transaction, changes: Mapping[tuple[str, datetime], int]) -> None:
    """Keep what teachers could still exchange, by the instant at which it expires."""
    await store.add_points(tx, changes)


async def note_closed(tx: Transaction, marks: Iterable[tuple[int, int]]) -> None:
    """Keep that nothing of a year changes any more in a partition of the points service."""
    await store.mark_years(tx, marks)


async def unmarked(tx: Transaction, context: Context, year: int) -> list[int]:
    """Which shares of the teachers, 0 to width - 1, the points service has not closed for `year` yet.

    Both services put a teacher into the same share of their partitions.
    """
    width = context.journal.layout.width
    closed = {partition % width for partition in await store.load_marks(tx, year)}
    return sorted(set(range(width)) - closed)
