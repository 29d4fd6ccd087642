"""Verdicts heard and orders given: each is compared with what stands, and what differs is written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from sqlalchemy import Row, Select

from certificates.entitlements import store
from certificates.entitlements.domain.course import (
    Course,
    Standing,
    on_pass,
    on_pass_lost,
    refuse_change,
    refuse_reissue,
)
from certificates.entitlements.domain.entitlement import Entitlement
from certificates.entitlements.domain.entries import (
    GRANTED,
    REISSUE_ORDERED,
    WITHDRAWN,
    EntitlementGranted,
    EntitlementWithdrawn,
    ReissueOrdered,
    Whose,
)
from certificates.entitlements.rendering import state_name
from certificates.registry import operations as registry
from certificates.registry.domain.certificate import Key, Version
from certificates.registry.domain.status import Operation
from certificates.registry.operations import BY_VERDICT, Change
from certificates.settings import Context
from shared.policy.categories import Hours
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.hindsight import Hindsight
from shared.runtime.journal import Draft, Entry, Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """An authoritative pass was heard."""

    key: Key
    event: str
    effective_at: datetime
    policy: str
    authority: str
    decision: str
    revision: int
    decided_at: datetime
    hours: Hours
    required: Mapping[str, Decimal]
    filled: Mapping[str, Decimal]
    """What of it something else stands in for, by category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A fail was heard, the revocation of a pass, or a doubt about it."""

    key: Key
    event: str
    effective_at: datetime
    policy: str
    revokes: str | None
    """The pass that is revoked or in doubt; None for a fail, which ends whatever stood."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A person wants something done to a certificate."""

    number: str
    reason: str
    by: str
    at: datetime
    day: date
    """Of the order, in the zone of the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A certificate, the rules of its pass, the pass it rests on, and what happened to it."""

    version: Version
    pack: Pack
    granted: EntitlementGranted
    history: Sequence[Entry]


async def hear(tx: Transaction, journal: Journal, news: Sequence[Pass | Loss]) -> None:
    """Take verdicts in order; of one teacher, each is decided on what the one before left."""
    await journal.lock(tx, {item.key.subject for item in news})
    by_key: dict[Key, list[Pass | Loss]] = {}
    for item in news:
        by_key.setdefault(item.key, []).append(item)
    for wave in zip_longest(*by_key.values()):
        items = [item for item in wave if item is not None]
        keys = [item.key for item in items]
        entitlements = await store.load(tx, keys)
        versions = await registry.load_current(tx, keys)
        drafts = [
            draft
            for item in items
            for draft in _answer(item, entitlements.get(item.key), versions.get(item.key))
        ]
        await settle(tx, await registry.record(tx, journal, drafts))


async def change(tx: Transaction, journal: Journal, order: Order, operation: Operation) -> Version:
    """Suspend, reinstate or revoke the current version at a person's word; returns it as it then stands.

    Raises:
        DomainError: `certificate.unknown`, `certificate.state_conflict`, `certificate.no_pass`.
    """
    version, entitlement = await _locked(tx, journal, order)
    entitled = entitlement is not None and entitlement.standing
    refusal = refuse_change(version.state, operation, entitled=entitled)
    if refusal is not None:
        raise DomainError(refusal, number=version.number, state=state_name(version.state))
    draft = registry.changed(
        Change(version=version, operation=operation, reason=order.reason, by=order.by, effective_at=order.at)
    )
    await settle(tx, await registry.record(tx, journal, [draft]))
    return (await _found(tx, order.number)).on(order.day)


async def reissue(tx: Transaction, journal: Journal, order: Order) -> Version:
    """Have the current version replaced by one with what the roster says now; issuing does it.

    Raises:
        DomainError: `certificate.unknown`, `certificate.state_conflict`, `certificate.no_pass`.
    """
    version, entitlement = await _locked(tx, journal, order)
    entitled = entitlement is not None and entitlement.standing
    refusal = refuse_reissue(version.state, entitled=entitled)
    if refusal is not None:
        raise DomainError(refusal, number=version.number, state=state_name(version.state))
    key = version.key
    ordered = ReissueOrdered(
        number=version.number,
        teacher=key.teacher,
        year=key.year,
        kind=key.kind,
        reason=order.reason,
        by=order.by,
    )
    draft = Draft(
        type=REISSUE_ORDERED,
        subject=key.subject,
        effective_at=order.at,
        policy=version.policy,
        data=ordered,
    )
    await settle(tx, await registry.record(tx, journal, [draft]))
    return version


async def explain(tx: Transaction, context: Context, found: Version, as_it_was: Hindsight) -> Explained:
    """The ground of what was the current version, and everything recorded of the certificate, in order.

    Raises:
        DomainError: `certificate.unknown`, where it was not issued yet.
    """
    about = await context.journal.read_subject(tx, found.key.subject)
    all_of_it = [entry for entry in about if entry.parse(Whose) == Whose(*found.key[1:])]
    history = as_it_was.of(all_of_it, context.pack.pack.timezone)
    version = registry.version_in(history)
    if version is None:
        raise DomainError("certificate.unknown", number=found.number)
    grants = [entry.parse(EntitlementGranted) for entry in history if entry.type == GRANTED]
    granted = next(grant for grant in grants if grant.verdict == version.verdict)
    pack = await context.adoptions.under(tx, version.policy)
    return Explained(version=version, pack=pack, granted=granted, history=history)


async def settle(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring entitlements up to entries of the ledger or of this room."""
    await store.project(tx, entries)


async def load(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Entitlement]:
    """Those of the keys on which a pass was ever heard."""
    return await store.load(tx, keys)


def waiting() -> Select[Any]:
    """Everything that work waits for, as a query that another query may contain."""
    return store.waiting()


def to_entitlement(row: Row[Any]) -> Entitlement:
    """A row of `waiting` as what it means."""
    return store.to_entitlement(row)


def _answer(item: Pass | Loss, entitlement: Entitlement | None, version: Version | None) -> list[Draft]:
    standing = (
        None
        if version is None
        else Standing(state=version.state, by_person=version.by_person, hours=version.hours)
    )
    match item:
        case Pass():
            ordered = "" if entitlement is None else entitlement.ordered
            course = on_pass(standing, item.hours, reissue_ordered=bool(ordered))
            return [_granted(item, course, ordered), *_moved(item, course, version, "verdict.passed")]
        case Loss():
            if entitlement is None or not entitlement.standing:
                return []
            if item.revokes is not None and item.revokes != entitlement.verdict:
                return []
            course = on_pass_lost(standing)
            return [_withdrawn(item, entitlement.verdict), *_moved(item, course, version, item.reason)]


def _moved(item: Pass | Loss, course: Course, version: Version | None, reason: str) -> list[Draft]:
    moves = {Course.REINSTATE: Operation.REINSTATE, Course.SUSPEND: Operation.SUSPEND}
    if course not in moves:
        return []
    assert version is not None, "only what exists changes its state"
    change = Change(
        version=version,
        operation=moves[course],
        reason=reason,
        by=BY_VERDICT,
        effective_at=item.effective_at,
    )
    return [registry.changed(change)]


def _granted(item: Pass, course: Course, ordered: str) -> Draft:
    data = EntitlementGranted(
        teacher=item.key.teacher,
        year=item.key.year,
        kind=item.key.kind,
        verdict=item.event,
        authority=item.authority,
        decision=item.decision,
        revision=item.revision,
        decided_at=item.decided_at,
        hours=dict(item.hours),
        required=dict(item.required),
        filled=dict(item.filled),
        course=course,
        ordered=ordered,
    )
    return _draft(GRANTED, item, data)


def _withdrawn(item: Loss, verdict: str) -> Draft:
    data = EntitlementWithdrawn(
        teacher=item.key.teacher,
        year=item.key.year,
        kind=item.key.kind,
        verdict=verdict,
        by=item.event,
        reason=item.reason,
    )
    return _draft(WITHDRAWN, item, data)


def _draft(kind: str, item: Pass | Loss, data: EntitlementGranted | EntitlementWithdrawn) -> Draft:
    return Draft(
        type=kind, subject=item.key.subject, effective_at=item.effective_at, policy=item.policy, data=data
    )


async def _locked(tx: Transaction, journal: Journal, order: Order) -> tuple[Version, Entitlement | None]:
    """The certificate as it stands on the day of an order, under its lock, and the pass behind it."""
    key = (await _found(tx, order.number)).key
    await journal.lock(tx, [key.subject])
    return (await _found(tx, order.number)).on(order.day), (await store.load(tx, [key])).get(key)


async def _found(tx: Transaction, number: str) -> Version:
    version = await registry.find(tx, number)
    if version is None:
        raise DomainError("certificate.unknown", number=number)
    return version
