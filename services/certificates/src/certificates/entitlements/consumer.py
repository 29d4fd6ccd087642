"""Hears the verification service: who passed or failed a year or a cycle, which pass is in doubt or over."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from certificates.entitlements import operations
from certificates.entitlements.operations import Loss, Pass
from certificates.registry.domain.certificate import Key
from certificates.settings import Context
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.verification import (
    CycleFailed,
    CyclePassed,
    CycleRevoked,
    VerificationDoubted,
    VerificationFailed,
    VerificationPassed,
    VerificationRevoked,
)
from shared.policy.categories import ZERO
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.journal.consumer import Consumer

HEARD = frozenset(
    {
        "verification.passed.v1",
        "verification.failed.v1",
        "verification.revoked.v1",
        "verification.doubted.v1",
        "cycle.passed.v1",
        "cycle.failed.v1",
        "cycle.revoked.v1",
    }
)
"""What concerns certificates."""


def hearing(context: Context, url: str, wake: Callable[[], None]) -> Consumer:
    """The consumer of verdicts; `wake` is called after a commit, for work may be due."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        packs = await context.adoptions.kept(tx, {event.policy for event in events if event.type in HEARD})
        heard = (_news(event, packs.get(event.policy, context.pack)) for event in events)
        news = [item for item in heard if item is not None]
        if news:
            await operations.hear(tx, context.journal, news)
            tx.on_commit(wake)

    return Consumer(source="verification", url=url, handle=handle)


def _news(event: Event, pack: Pack) -> Pass | Loss | None:
    """An event as it concerns a certificate; None where its rules know none of that year or cycle."""
    fact = catalogue.parse(event) if event.type in HEARD else None
    match fact:
        case VerificationPassed() | VerificationRevoked() | VerificationDoubted():
            kind, year = pack.certifies(None), fact.year
        case CyclePassed() | CycleRevoked():
            kind, year = pack.certifies(fact.cycle), fact.first
        case _:
            return None
    if kind is None:
        return None
    key = Key(fact.teacher, year, kind.name)
    match fact:
        case VerificationFailed() | CycleFailed():  # before the passes, whose shapes they share
            return _loss(event, key, revokes=None, reason="verdict.failed")
        case VerificationPassed() | CyclePassed():
            return _pass(event, key, fact)
        case VerificationRevoked() | CycleRevoked():
            return _loss(event, key, revokes=fact.revokes, reason="verdict.revoked")
        case VerificationDoubted():
            return _loss(event, key, revokes=fact.doubts, reason="verdict.doubted")


def _pass(event: Event, key: Key, fact: VerificationPassed | CyclePassed) -> Pass:
    filled: dict[str, Decimal] = {}
    for one in fact.filled if isinstance(fact, CyclePassed) else ():
        filled[one.category] = filled.get(one.category, ZERO) + one.amount
    return Pass(
        key=key,
        event=event.id,
        effective_at=event.effective_at,
        policy=event.policy,
        authority=fact.authority,
        decision=fact.verdict,
        revision=fact.revision,
        decided_at=fact.decided_at,
        hours=fact.figures,
        required=fact.required,
        filled=filled,
    )


def _loss(event: Event, key: Key, *, revokes: str | None, reason: str) -> Loss:
    return Loss(
        key=key,
        event=event.id,
        effective_at=event.effective_at,
        policy=event.policy,
        revokes=revokes,
        reason=reason,
    )
