"""What is done with waivers: asked for, granted, refused, ended. The teacher's partition says what holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from hours.approvals.domain import state_name
from hours.evidence import operations as evidence
from hours.evidence.operations import Use
from hours.roster.operations import rows as roster
from hours.settings import Context
from hours.waivers import store
from hours.waivers.domain import (
    Ground,
    Kept,
    Refused,
    Scope,
    State,
    WaiverApplied,
    WaiverDecided,
    asked,
    may_apply,
    may_decide,
)
from shared.access import Caller
from shared.contracts.hours import WaiverEnded, WaiverGranted
from shared.policy.categories import Category
from shared.policy.requirement import Waived
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry, canonical
from shared.runtime.sealing import Vault

Fact = WaiverApplied | WaiverDecided | WaiverGranted | WaiverEnded
GRANTED, ENDED = "waiver.granted.v1", "waiver.ended.v1"

WAIVED = store.WAIVED
"""What is waived of teachers, and for which years: rows for a statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Somebody asks for a waiver."""

    number: str
    caller: Caller
    teacher: str
    first: int
    last: int
    hours: Mapping[Category, Decimal] | None
    """None: as much as the ground allows."""
    ground: Ground
    at: datetime


async def apply(tx: Transaction, context: Context, wanted: Application) -> Kept:
    """Ask that part of what years require be waived.

    Raises:
        DomainError: `waiver.no_key`, `waiver.incomplete`, `waiver.not_applicant`, `waiver.span`,
            `waiver.too_much`, `teacher.unknown`, `evidence.missing`, `evidence.not_handed_in`,
            `evidence.claimed`; `idempotency.conflict` for a number that somebody else has taken.
    """
    scope, sealing = _scope(context, wanted), vault(context)
    await context.journal.lock(tx, held(wanted.number, wanted.ground))
    if await store.load(tx, wanted.number) is not None:
        raise DomainError("idempotency.conflict", key=wanted.number)
    await context.journal.lock(tx, [roster.subject(wanted.teacher)])
    if wanted.teacher not in await roster.find(tx, [wanted.teacher]):
        raise DomainError.at("/teacher", "teacher.unknown", teacher=wanted.teacher)
    await _claim(tx, context, _uses(wanted.number, wanted.ground), wanted.at)
    written = canonical(msgspec.structs.asdict(wanted.ground))
    await store.save_ground(tx, wanted.number, sealing.seal(written, wanted.number))
    fact = WaiverApplied(
        waiver=wanted.number,
        teacher=wanted.teacher,
        first=scope.first,
        last=scope.last,
        hours=scope.amounts,
        whole=scope.whole,
        by=wanted.caller.name,
        subject=wanted.caller.subject,
        digest=(await roster.seals(tx, [wanted.teacher])).digest(wanted.teacher, written),
    )
    await store.project(tx, [await _say(tx, context, store.APPLIED, fact, wanted.at)])
    return await _found(tx, wanted.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An authority grants or refuses a waiver, or ends it from a year on."""

    number: str
    by: str
    """Kind and id of the caller, such as `city:C4401`."""
    account: str
    """The token's subject."""
    state: State
    reason: str
    at: datetime
    year: int | None = None
    """The first year for which it no longer holds, where it ends."""
    on_appeal: bool = False
    """Whether a refusal is undone, by somebody without a hand in it whom the rules need not name."""
    override: str = ""
    """On appeal: why a file that stands for something else by now may stand for this too."""


async def decide(tx: Transaction, context: Context, wanted: Decision) -> Kept:
    """Grant, refuse or end a waiver.

    Raises:
        DomainError: `waiver.unknown`, `waiver.not_decider`, `waiver.over`, `waiver.overlaps`, `waiver.span`;
            on appeal what refuses its files, such as `evidence.claimed`.
    """
    ground = await read(tx, context, await _found(tx, wanted.number))
    await context.journal.lock(tx, held(wanted.number, ground))
    kept = await _found(tx, wanted.number)
    _hold_decidable(context, kept, ground, wanted)
    scope = kept.scope
    last = scope.last if wanted.year is None else wanted.year - 1
    if not scope.first - 1 <= last <= scope.last:
        raise DomainError.at("/year", "waiver.span", years=0, most=scope.last - scope.first + 1)
    await context.journal.lock(tx, [roster.subject(kept.teacher)])
    other = await store.holding(tx, kept.teacher, scope.first, scope.last)
    if wanted.state == "approved" and other is not None:
        raise DomainError("waiver.overlaps", waiver=other)
    fact = WaiverDecided(
        waiver=kept.waiver,
        teacher=kept.teacher,
        state=wanted.state,
        last=last,
        by=wanted.by,
        subject=wanted.account,
    )
    if wanted.on_appeal:  # the refusal had released them
        await _claim(tx, context, _uses(kept.waiver, ground, wanted.override), wanted.at)
    await store.project(tx, [await _say(tx, context, store.DECIDED, fact, wanted.at)])
    written = canonical(msgspec.structs.asdict(msgspec.structs.replace(ground, reason=wanted.reason)))
    await store.save_ground(tx, kept.waiver, vault(context).seal(written, kept.waiver))
    await _tell(tx, context, kept, fact, wanted.at)
    return await _found(tx, kept.waiver)


def _hold_decidable(context: Context, kept: Kept, ground: Ground, wanted: Decision) -> None:
    """Go on where this caller decides, and this is what is to be decided."""
    rule, (kind, _, _) = context.pack.waiver(ground.kind), wanted.by.partition(":")
    if not wanted.on_appeal and not may_decide(rule, kept, kind, wanted.account):
        raise DomainError("waiver.not_decider")
    awaited = {"ended": "approved"}.get(wanted.state, "refused" if wanted.on_appeal else "pending")
    if kept.state != awaited:
        raise DomainError("waiver.over", waiver=kept.waiver, state=state_name(kept.state))


async def _claim(tx: Transaction, context: Context, uses: Sequence[Use], at: datetime) -> None:
    for refused in await evidence.claim(tx, context, uses, at):
        if refused is not None:
            raise refused


def _uses(number: str, ground: Ground, override: str = "") -> list[Use]:
    """What the files stand for: no two waivers share a paper, and no rule says the ground."""
    matter = _subject(number)
    return [
        Use(digest=digest, matter=matter, rule=matter, path="/files", override=override)
        for digest in dict.fromkeys(ground.files)
    ]


async def _tell(tx: Transaction, context: Context, kept: Kept, fact: WaiverDecided, at: datetime) -> None:
    """Say to others what holds of the teacher's years from now on; of a refusal they learn nothing."""
    scope = kept.scope
    if fact.state == "approved":
        granted = WaiverGranted(
            waiver=kept.waiver,
            teacher=kept.teacher,
            first=scope.first,
            last=scope.last,
            hours=scope.amounts,
            whole=scope.whole,
        )
        await _say(tx, context, GRANTED, granted, at)
    elif fact.state == "ended":
        ended = WaiverEnded(waiver=kept.waiver, teacher=kept.teacher, first=fact.last + 1, last=scope.last)
        await _say(tx, context, ENDED, ended, at)
    else:
        await evidence.release(tx, context, _subject(kept.waiver), at)


async def read(tx: Transaction, context: Context, kept: Kept) -> Ground:
    """Why a waiver was asked for; who may know that is for the caller to ask."""
    opened = vault(context).open(await store.load_ground(tx, kept.waiver), kept.waiver)
    return msgspec.json.decode(opened, type=Ground)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A waiver that was refused (不予减免), as an appeal sees it."""

    kept: Kept
    ground: Ground
    entry: Entry
    account: str
    """Of who refused it."""


async def find(tx: Transaction, number: str) -> Kept | None:
    """A waiver as it stands."""
    return await store.load(tx, number)


async def refusal_of(tx: Transaction, context: Context, number: str) -> Refusal | None:
    """How a waiver was refused; None for one that was not."""
    kept = await store.load(tx, number)
    if kept is None or kept.state != "refused":
        return None
    *_, entry = await context.journal.read_subject(tx, _subject(number), [store.DECIDED])
    account = entry.parse(WaiverDecided).subject
    return Refusal(kept=kept, ground=await read(tx, context, kept), entry=entry, account=account)


async def waived(tx: Transaction, teacher: str, year: int) -> Waived:
    """What is waived of a teacher's year, as verification hears it."""
    return await store.load_waived(tx, teacher, year)


async def _found(tx: Transaction, number: str) -> Kept:
    kept = await store.load(tx, number)
    if kept is None:
        raise DomainError("waiver.unknown", waiver=number)
    return kept


def _scope(context: Context, wanted: Application) -> Scope:
    rule = context.pack.waiver(wanted.ground.kind)
    if rule is None:
        raise DomainError.at("/kind", "waiver.incomplete", kind=wanted.ground.kind)
    if not may_apply(rule, wanted.caller.kind):
        raise DomainError("waiver.not_applicant")
    if rule.evidence and not wanted.ground.files:
        raise DomainError.at("/files", "evidence.missing")
    whole = Scope(first=wanted.first, last=wanted.last, hours=rule.hours, whole=rule.whole)
    scope = asked(rule, whole, wanted.hours, context.pack.posted)
    if isinstance(scope, Refused):
        raise DomainError.at(scope.path, scope.code, **scope.figures)
    return scope


def held(number: str, ground: Ground) -> set[str]:
    """What is locked together where a waiver is asked for or decided."""
    return {_subject(number), *map(evidence.subject, ground.files)}


def vault(context: Context) -> Vault:
    """The keys of what is written about waivers.

    Raises:
        DomainError: `waiver.no_key`.
    """
    if context.vault is None:
        raise DomainError("waiver.no_key")
    return context.vault


async def _say(tx: Transaction, context: Context, kind: str, fact: Fact, at: datetime) -> Entry:
    """One entry: of the matter itself, or of the teacher where others are to hear it."""
    subject = roster.subject(fact.teacher) if kind in {GRANTED, ENDED} else _subject(fact.waiver)
    draft = Draft(type=kind, subject=subject, effective_at=at, policy=context.pack.reference, data=fact)
    return (await context.journal.append(tx, [draft]))[0]


def _subject(number: str) -> str:
    return f"waiver:{number}"
