"""Taking records back (冲正): they stay on file, and hours over the cap of the same rule move up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hours.evidence import operations as evidence
from hours.ledger import operations as ledger
from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.closing import Closing
from hours.ledger.operations import Reduce
from hours.records.domain.entries import RecordRegistered, RecordReversed
from hours.records.domain.judge import may_reverse
from hours.records.domain.registration import Holding, Registrar, Registration
from hours.records.operations.registering import account_of
from hours.records.operations.rules import rule_of_record
from hours.records.rendering import refusal_to_reverse
from hours.records.store import projection
from hours.records.store import records as store
from hours.records.store.records import Kept
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A record is to be taken back."""

    record: str
    reason: str
    registrar: Registrar
    at: datetime
    replacement: str = ""
    """The record that is registered instead, where one is."""
    account: str = ""
    """The token's subject."""
    authorised: bool = False
    """Whether who decides is said elsewhere: on appeal, or by looking into an anomaly."""


async def reverse(tx: Transaction, context: Context, reversal: Reversal) -> Kept:
    """Take a record back; hours over the cap of the same rule move up.

    Where nothing takes its place, the files that proved it may prove something else.

    Raises:
        DomainError: `record.unknown`, `record.reversed`, `year.closed`, `registrar.not_allowed`.
    """
    record = reversal.record
    found = await hold(tx, context, record, reversal.replacement)
    closing = (await ledger.closings(tx, context, [found.teacher], reversal.at))[found.teacher]
    teacher = (await roster.find(tx, [found.teacher]))[found.teacher]
    entry = await entry_of(tx, context, found)
    source = await rule_of_record(tx, context, found.rule, entry.policy)
    registered = entry.parse(RecordRegistered)
    holding = Holding(
        teacher=found.teacher,
        school=teacher.school,
        registrar=registered.registrar,
        recogniser=found.recogniser,
    )
    refused = may_reverse(source, holding, reversal.registrar)
    if refused is not None and not reversal.authorised:
        raise refusal_to_reverse(context.pack, found, refused)
    if found.state == "reversed":
        raise DomainError("record.reversed", record=record, reversal=found.reversal)
    if found.year in closing:
        raise DomainError("year.closed", year=found.year)
    entries = await context.journal.append(tx, [_reversed(context.pack, found, reversal, closing)])
    await projection.project(tx, entries)
    account = account_of(found)
    change = Reduce(
        ground=f"record:{record}", account=account, hours=ZERO, reason="corrected", at=reversal.at
    )
    await ledger.settle(tx, context, [change])
    if found.matter and not reversal.replacement:
        await evidence.release(tx, context, found.matter, reversal.at)
    return replace(found, state="reversed", reversal=entries[0].id)


async def hold(tx: Transaction, context: Context, record: str, replacement: str = "") -> Kept:
    """A record that nobody else changes meanwhile, nor what its files prove unless it is replaced.

    Raises: DomainError `record.unknown`.
    """
    found = (await store.load(tx, [record])).get(record)
    if found is None:
        raise DomainError("record.unknown", record=record)
    freed = found.matter and not replacement
    files = await evidence.subjects_of(tx, found.matter) if freed else set()
    await context.journal.lock(tx, {roster.subject(found.teacher), *files})
    return (await store.load(tx, [record]))[record]


async def entry_of(tx: Transaction, context: Context, kept: Kept) -> Entry:
    """The entry by which a record was registered."""
    return await entry_named(tx, context, kept.entry)


async def entry_named(tx: Transaction, context: Context, event: str) -> Entry:
    """The entry of a record's registration or reversal."""
    return await context.journal.recorded(tx, event)


async def entries_of(tx: Transaction, context: Context, records: Iterable[Kept]) -> dict[str, Entry]:
    """The entries by which records were registered, by record."""
    places = {kept.record: place_of(kept.entry) for kept in records}
    found = await context.journal.read_places(tx, set(places.values()))
    return {record: found[place] for record, place in places.items()}


async def contents(tx: Transaction, context: Context, events: Iterable[str]) -> dict[str, Registration]:
    """What was handed in, by the event that registered it, without the personal data of a proof."""
    places = {event: place_of(event) for event in events}
    found = await context.journal.read_places(tx, set(places.values()))
    facts = {event: found[place].parse(RecordRegistered) for event, place in places.items()}
    return {event: fact.registration_as(fact.record, None) for event, fact in facts.items()}


def _reversed(pack: Pack, found: Kept, reversal: Reversal, closing: Closing) -> Draft:
    return Draft(
        type=projection.REVERSED,
        subject=roster.subject(found.teacher),
        effective_at=reversal.at,
        policy=pack.reference,
        data=RecordReversed(
            record=found.record,
            teacher=found.teacher,
            year=found.year,
            rule=found.rule,
            reverses=found.entry,
            reason=reversal.reason,
            registrar=reversal.registrar.name,
            replacement=reversal.replacement,
            reopening=closing.opened_by(found.year),
            account=reversal.account,
        ),
    )
