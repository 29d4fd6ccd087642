"""Deciding on an appeal: grant it, and the hours are registered in the same transaction; or reject it."""

from dataclasses import dataclass
from datetime import datetime

from hours.appeals import store
from hours.appeals.domain.appeal import Appeal, may_decide, subject
from hours.appeals.domain.entries import Decided, Granted
from hours.appeals.operations import matters
from hours.appeals.operations.matters import Grant
from hours.appeals.operations.saying import about, keep_words, opened, say
from hours.declarations.domain.declaration import Actor
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decides on an appeal."""

    number: str
    actor: Actor
    reason: str
    override: str
    """Why evidence that stands for something else may stand for this too, where it is granted."""
    at: datetime


async def grant(tx: Transaction, context: Context, decision: Decision) -> Appeal:
    """Let the hours count after all; nothing is done where anything refuses them.

    Raises:
        DomainError: `appeal.unknown`, `appeal.over`, `appeal.own`, `appeal.not_decided` where what was
            appealed against was undone or changed since; whatever refuses the hours now.
    """
    before = await store.load(tx, decision.number)
    matter = await matters.find(tx, context, before.matter) if before else None
    await context.journal.lock(tx, {subject(decision.number)} | (matter.held if matter else set()))
    appeal = await _decidable(tx, decision)
    await context.journal.lock(tx, [roster.subject(appeal.teacher)])
    matter = await matters.find(tx, context, appeal.matter)
    if matter is None:
        raise DomainError("appeal.not_decided", matter=appeal.matter)
    if matter.hands.includes(decision.actor):  # who changed it once more since it was filed
        raise DomainError("appeal.own", appeal=appeal.appeal)
    wanted = Grant(
        appeal=appeal,
        actor=decision.actor,
        reason=decision.reason,
        override=decision.override,
        at=decision.at,
    )
    record = await matters.grant(tx, context, wanted)
    reason = await _reason(tx, context, appeal, decision)
    said = about(appeal, decision.actor)
    fact = Granted(**said, reason=reason, record=record, override=decision.override)
    return await say(tx, context, store.GRANTED, fact, decision.at)


async def reject(tx: Transaction, context: Context, decision: Decision) -> Appeal:
    """Leave everything as it is, for a reason.

    Raises:
        DomainError: `appeal.unknown`, `appeal.over`, `appeal.own`.
    """
    await context.journal.lock(tx, [subject(decision.number)])
    appeal = await _decidable(tx, decision)
    reason = await _reason(tx, context, appeal, decision)
    fact = Decided(**about(appeal, decision.actor), reason=reason)
    return await say(tx, context, store.REJECTED, fact, decision.at)


async def _decidable(tx: Transaction, decision: Decision) -> Appeal:
    appeal = await opened(tx, decision.number)
    if not may_decide(appeal, decision.actor):
        raise DomainError("appeal.own", appeal=appeal.appeal)
    return appeal


async def _reason(tx: Transaction, context: Context, appeal: Appeal, decision: Decision) -> str:
    """Keep the reason beside the appeal; its digest for the journal."""
    await keep_words(tx, context, appeal, "reason", decision.reason)
    return (await roster.seals(tx, [appeal.teacher])).digest(appeal.teacher, decision.reason)
