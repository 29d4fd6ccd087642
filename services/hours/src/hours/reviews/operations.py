"""What is done with reviews: opened, marked, answered, signed off. None of it changes an hour."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hours.reviews import store
from hours.reviews.domain import (
    Drawn,
    Item,
    Looked,
    Mark,
    Review,
    ReviewAnswered,
    ReviewDrawn,
    ReviewMarked,
    ReviewOpened,
    ReviewSignedOff,
    Sample,
    drawn,
    why_not_signed_off,
)
from hours.settings import Context
from shared.access import Caller, matrix
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft

Fact = ReviewOpened | ReviewDrawn | ReviewMarked | ReviewAnswered | ReviewSignedOff
KINDS = {
    ReviewOpened: store.OPENED,
    ReviewDrawn: store.DRAWN,
    ReviewMarked: store.MARKED,
    ReviewAnswered: store.ANSWERED,
    ReviewSignedOff: store.SIGNED_OFF,
}
PORTION = 1000
"""Records in one entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody wants to look at what a place registered in a year."""

    number: str
    caller: Caller
    place: str
    below: Collection[str]
    """The place and all that stand below it."""
    year: int
    sample: Sample | None
    seed: str
    at: datetime


async def open_review(tx: Transaction, context: Context, wanted: Opening) -> Review:
    """Open a review of the records that stand now, but for those for which who opens it answers.

    Raises:
        DomainError: `review.own`; `idempotency.conflict` for a number that somebody else has taken.
    """
    await context.journal.lock(tx, [_subject(wanted.number)])
    if await store.load(tx, wanted.number) is not None:
        raise DomainError("idempotency.conflict", key=wanted.number)
    others = {*_bodies(wanted.below)} - {wanted.caller.name}
    registered = await store.load_registered(tx, others, wanted.year)
    if any(wanted.caller.subject in one.accounts for one in registered):
        raise DomainError("review.own")
    answerable = {one.record: one.answerable for one in registered}
    items = drawn(answerable, wanted.sample, wanted.number, wanted.seed)
    opened = ReviewOpened(
        review=wanted.number,
        place=wanted.place,
        year=wanted.year,
        sample=wanted.sample,
        seed=wanted.seed,
        registered=len(answerable),
        items=len(items),
        by=wanted.caller.name,
        account=wanted.caller.subject,
    )
    named = [Drawn(record=record, answerable=answerable[record]) for record in items]
    portions = [
        ReviewDrawn(review=wanted.number, items=named[start : start + PORTION])
        for start in range(0, len(named), PORTION)
    ]
    await _say(tx, context, [opened, *portions], wanted.at)
    return await _found(tx, wanted.number)


def _bodies(organisations: Collection[str]) -> Iterator[str]:
    """Who may answer for records there, as journals name them: `school:S01`, `centre:D01`."""
    known = matrix.read()
    roles = {cell.partition("@")[0] for cell in known.acts["review.answer"].allowed}
    for kind in {known.roles[role].kind for role in roles}:
        yield from (f"{kind}:{organisation}" for organisation in organisations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a reviewer says of one record."""

    record: str
    mark: Mark
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An item after a row, and whether the row said what was said before."""

    item: Item
    replayed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """A reviewer marks records of a review."""

    number: str
    caller: Caller
    rows: Sequence[Judged]
    at: datetime


async def mark(tx: Transaction, context: Context, wanted: Marking) -> list[Said | DomainError]:
    """Mark records of a review, each for itself; marked otherwise until the review is signed off.

    Raises:
        DomainError: `review.unknown`, `review.not_reviewer`, `review.over`; of a row `review.item_unknown`,
            `review.own`.
    """
    number, caller = wanted.number, wanted.caller
    await _reviewed(tx, context, number, caller)
    items = await store.load_items(tx, [(number, row.record) for row in wanted.rows])
    outcomes: list[Said | DomainError] = []
    facts: list[Fact] = []
    for row in wanted.rows:
        item = items.get((number, row.record))
        if item is None:
            outcomes.append(DomainError.at("/record", "review.item_unknown", record=row.record))
        elif caller.subject in item.accounts:
            outcomes.append(DomainError("review.own"))
        elif (item.mark, item.reason) == (row.mark, row.reason):
            outcomes.append(Said(item=item, replayed=True))
        else:
            said = {"review": number, "record": row.record, "by": caller.name, "account": caller.subject}
            facts.append(ReviewMarked(**said, mark=row.mark, reason=row.reason))
            item = replace(item, mark=row.mark, reason=row.reason, answer="")
            items[number, row.record] = item
            outcomes.append(Said(item=item, replayed=False))
    await _say(tx, context, facts, wanted.at)
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What who answers for a record says to an objection."""

    review: str
    record: str
    words: str


async def answer(
    tx: Transaction, context: Context, caller: Caller, rows: Sequence[Answered], now: datetime
) -> list[Said | DomainError]:
    """Answer objections, each for itself; the last words before the sign-off stay.

    Raises: DomainError of a row: `objection.unknown`, `review.over`.
    """
    await context.journal.lock(tx, {_subject(row.review) for row in rows})
    reviews = await store.load_many(tx, {row.review for row in rows})
    items = await store.load_items(tx, [(row.review, row.record) for row in rows])
    outcomes: list[Said | DomainError] = []
    facts: list[Fact] = []
    for row in rows:
        item = items.get((row.review, row.record))
        if item is None or item.mark != "objected" or item.answerable != caller.name:
            unknown = {"review": row.review, "record": row.record}
            outcomes.append(DomainError.at("/record", "objection.unknown", **unknown))
        elif item.answer == row.words:
            outcomes.append(Said(item=item, replayed=True))
        elif reviews[row.review].state == "signed_off":
            outcomes.append(DomainError("review.over", review=row.review))
        else:
            said = {"review": row.review, "record": row.record, "words": row.words}
            facts.append(ReviewAnswered(**said, by=caller.name, account=caller.subject))
            items[row.review, row.record] = item = replace(item, answer=row.words)
            outcomes.append(Said(item=item, replayed=False))
    await _say(tx, context, facts, now)
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """A review is to be over."""

    number: str
    caller: Caller
    override: str
    """Why it does not wait for answers; empty where it does."""
    at: datetime


async def sign_off(tx: Transaction, context: Context, wanted: SignOff) -> Review:
    """End a review; what it objects to and nobody changed is named.

    Raises:
        DomainError: `review.unknown`, `review.not_reviewer`, `review.over`, `review.own`,
            `review.unmarked`, `review.awaits_answers`.
    """
    number, caller = wanted.number, wanted.caller
    await _reviewed(tx, context, number, caller)
    items = await store.page_items(tx, number, None, after=None, limit=None)
    if any(caller.subject in item.accounts for item in items):
        raise DomainError("review.own")
    refused = why_not_signed_off(items, wanted.override)
    if refused is not None:
        code, count = refused
        raise DomainError(code, review=number, count=count)
    fact = ReviewSignedOff(
        review=number,
        upheld=[item.record for item in items if item.is_disputed],
        override=wanted.override,
        by=caller.name,
        account=caller.subject,
    )
    await _say(tx, context, [fact], wanted.at)
    return await _found(tx, number)


async def looked_at(tx: Transaction, records: Collection[str]) -> Mapping[str, Sequence[Looked]]:
    """What reviews that are over said of some records, by record, in the order of their end."""
    found: dict[str, list[Looked]] = {}
    for one in await store.load_looked(tx, records) if records else []:
        found.setdefault(one.record, []).append(one)
    return found


async def _reviewed(tx: Transaction, context: Context, number: str, caller: Caller) -> None:
    """Lock a review that is open, for who opened it."""
    await context.journal.lock(tx, [_subject(number)])
    review = await _found(tx, number)
    if caller.name != review.by:
        raise DomainError("review.not_reviewer")
    if review.state == "signed_off":
        raise DomainError("review.over", review=number)


async def _found(tx: Transaction, number: str) -> Review:
    review = await store.load(tx, number)
    if review is None:
        raise DomainError("review.unknown", review=number)
    return review


async def _say(tx: Transaction, context: Context, facts: Sequence[Fact], at: datetime) -> None:
    drafts = [
        Draft(
            type=KINDS[type(fact)],
            subject=_subject(fact.review),
            effective_at=at,
            policy=context.pack.reference,
            data=fact,
        )
        for fact in facts
    ]
    await store.project(tx, await context.journal.append(tx, drafts))


def _subject(number: str) -> str:
    return f"review:{number}"
