"""Hears the verification service: who passed or failed a year, which pass is in doubt or over."""

from collections.abc import Callable, Sequence

from certificates.entitlements import operations
from certificates.entitlements.operations import Loss, Pass
from certificates.registry.domain.certificate import Key
from certificates.settings import Context
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.verification import (
    VerificationDoubted,
    VerificationFailed,
    VerificationPassed,
    VerificationRevoked,
)
from shared.runtime.database import Transaction
from shared.runtime.journal.consumer import Consumer

KIND = "annual"
"""Verification is of a year; its certificate is the annual one."""


def hearing(context: Context, url: str, wake: Callable[[], None]) -> Consumer:
    """The consumer of verdicts; `wake` is called after a commit, for work may be due."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        news = [item for item in map(_news, events) if item is not None]
        if news:
            await operations.hear(tx, context.journal, news)
            tx.on_commit(wake)

    return Consumer(source="verification", url=url, handle=handle)


def _news(event: Event) -> Pass | Loss | None:
    match catalogue.parse(event):
        case VerificationFailed() as fact:  # before the pass, whose shape it shares
            return _loss(event, fact, revokes=None, reason="verdict.failed")
        case VerificationPassed() as fact:
            return _pass(event, fact)
        case VerificationRevoked() as fact:
            return _loss(event, fact, revokes=fact.revokes, reason="verdict.revoked")
        case VerificationDoubted() as fact:
            return _loss(event, fact, revokes=fact.doubts, reason="verdict.doubted")
        case _:
            return None


def _pass(event: Event, fact: VerificationPassed) -> Pass:
    return Pass(
        key=Key(fact.teacher, fact.year, KIND),
        event=event.id,
        effective_at=event.effective_at,
        policy=event.policy,
        authority=fact.authority,
        decision=fact.verdict,
        revision=fact.revision,
        decided_at=fact.decided_at,
        hours=fact.figures,
        required=fact.required,
    )


def _loss(
    event: Event,
    fact: VerificationFailed | VerificationRevoked | VerificationDoubted,
    *,
    revokes: str | None,
    reason: str,
) -> Loss:
    return Loss(
        key=Key(fact.teacher, fact.year, KIND),
        event=event.id,
        effective_at=event.effective_at,
        policy=event.policy,
        revokes=revokes,
        reason=reason,
    )
