"""Filing an appeal, and asking for it no longer: what those do whose matter it is."""

from dataclasses import dataclass
from datetime import datetime

from hours.appeals import store
from hours.appeals.domain.appeal import Appeal, Hands, Matter, is_party, may_appeal, subject
from hours.appeals.domain.clock import last_day
from hours.appeals.domain.entries import Filed, Withdrawn
from hours.appeals.operations import matters
from hours.appeals.operations.saying import about, keep_words, opened, say
from hours.declarations.domain.declaration import Actor
from hours.evidence import operations as evidence
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An appeal is to be filed."""

    number: str
    actor: Actor
    matter: str
    teacher: str
    """Whose the matter is."""
    grounds: str
    files: list[str]
    """Digests of files that are on store."""
    at: datetime


async def file(tx: Transaction, context: Context, wanted: Request) -> Appeal:
    """File an appeal.

    Raises:
        DomainError: `appeal.not_decided`, `appeal.not_party`, `appeal.own_doing`, `appeal.too_late`,
            `appeal.open`, `appeal.granted`, `evidence.not_handed_in`;
            `idempotency.conflict` for a number that somebody else has taken.
    """
    await context.journal.lock(tx, {subject(wanted.number), *map(evidence.subject, wanted.files)})
    await context.journal.lock(tx, [roster.subject(wanted.teacher)])
    if await store.load(tx, wanted.number) is not None:
        raise DomainError("idempotency.conflict", key=wanted.number)
    there = await evidence.known(tx, wanted.files)
    for place, digest in enumerate(wanted.files):
        if digest not in there:
            raise DomainError.at(f"/files/{place}", "evidence.not_handed_in", digest=digest)
    matter = await _appealable(tx, context, wanted)
    hands = await _hands(tx, matter, wanted.actor)
    seals = await roster.seals(tx, [wanted.teacher])
    fact = Filed(
        appeal=wanted.number,
        teacher=matter.teacher,
        matter=matter.subject,
        rule=matter.rule,
        by=wanted.actor.name,
        account=wanted.actor.account,
        because=matter.decision,
        grounds=seals.digest(matter.teacher, wanted.grounds),
        files=wanted.files,
        callers=sorted(hands.callers),
        accounts=sorted(hands.accounts),
    )
    appeal = await say(tx, context, store.FILED, fact, wanted.at)
    await keep_words(tx, context, appeal, "grounds", wanted.grounds)
    return appeal


async def _appealable(tx: Transaction, context: Context, wanted: Request) -> Matter:
    """The matter, where this caller may appeal against what was decided on it, and in time."""
    matter = await matters.find(tx, context, wanted.matter)
    if matter is None:
        raise DomainError("appeal.not_decided", matter=wanted.matter)
    if not is_party(matter, wanted.actor):
        raise DomainError("appeal.not_party", matter=wanted.matter)
    if not may_appeal(matter, wanted.actor):
        raise DomainError("appeal.own_doing", matter=wanted.matter)
    timezone = context.pack.pack.timezone
    last = last_day(matter.at, context.appeals.days, timezone)
    if day_of(wanted.at, timezone) > last:
        raise DomainError("appeal.too_late", matter=wanted.matter, last=last)
    return matter


async def _hands(tx: Transaction, matter: Matter, actor: Actor) -> Hands:
    """Who does not decide: who had a hand in it, in earlier appeals about it, and who files this one."""
    hands = matter.hands.joined([actor.name], [actor.account])
    for earlier in await store.on_matter(tx, matter.subject):
        same = earlier.record is not None or earlier.against == matter.decision
        if earlier.state == "open" or (earlier.state == "granted" and same):
            # what was granted stands elsewhere, and counts once: a record under a number of its own
            raise DomainError(f"appeal.{earlier.state}", matter=matter.subject, appeal=earlier.appeal)
        hands = hands.joined(earlier.hands.callers, earlier.hands.accounts)
    return hands


async def withdraw(tx: Transaction, context: Context, number: str, actor: Actor, now: datetime) -> Appeal:
    """End an appeal that its filer no longer asks for.

    Raises:
        DomainError: `appeal.unknown`, `appeal.not_filer`, `appeal.over`.
    """
    await context.journal.lock(tx, [subject(number)])
    appeal = await opened(tx, number)
    if appeal.by != actor.name:
        raise DomainError("appeal.not_filer", appeal=number)
    return await say(tx, context, store.WITHDRAWN, Withdrawn(**about(appeal, actor)), now)
