"""Settling: claims come and go, and what then stands under the caps is posted by difference."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.cap import left, limit_of
from hours.ledger.domain.claim import Account, Claim, CycleLimit, Line, Pool
from hours.ledger.domain.difference import Post, Reverse, Step, steps
from hours.ledger.operations.deducting import restate
from hours.ledger.store import lines as store
from hours.ledger.store import projection
from hours.settings import Context
from shared.contracts.hours import HoursPosted, HoursReversed
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry

RECOMPUTED = "recomputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A claim comes to stand behind those of its account."""

    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduce:
    """A claim that stands goes down to `hours`; at 0 it is taken back."""

    ground: str
    account: Account
    hours: Decimal
    reason: str
    """`corrected` or `recalled`."""
    at: datetime


Change = Register | Reduce


async def settle(tx: Transaction, context: Context, changes: Sequence[Change]) -> dict[str, Entry]:
    """Make the ledger say what stands after `changes`; returns the new postings by ground."""
    accounts = [one.claim.account if isinstance(one, Register) else one.account for one in changes]
    standing, pools = await _standing(tx, context, set(accounts))
    together: dict[Account | Pool, list[Change]] = defaultdict(list)
    for account, change in zip(accounts, changes, strict=True):
        together[account.pool if account.pool in pools else account].append(change)
    drafts: list[Draft] = []
    for one, wanted in together.items():
        lines = pools[one] if isinstance(one, Pool) else standing[one]
        drafts += _drafts(context, lines, wanted)
    entries = await context.journal.append(tx, drafts)
    await projection.project(tx, entries)
    moved = {*accounts, *(line.claim.account for lines in pools.values() for line in lines)}
    await restate(tx, context, {(account.teacher, account.year) for account in moved})
    return {entry.parse(HoursPosted).ground: entry for entry in entries if entry.type == projection.POSTED}


async def _standing(
    tx: Transaction, context: Context, accounts: Collection[Account]
) -> tuple[Mapping[Account, Sequence[Line]], Mapping[Pool, Sequence[Line]]]:
    """The live lines of accounts; where a cycle has a cap, or had one, those of all years together."""
    standing = await store.load_accounts(tx, accounts)
    spanning = {
        account.pool
        for account, lines in standing.items()
        if any(limit.cycle for limit in (limit_of(context.pack, account), *(line.limit for line in lines)))
    }
    return standing, await store.load_pools(tx, spanning)


def _drafts(context: Context, lines: Sequence[Line], changes: Sequence[Change]) -> list[Draft]:
    after = list(lines)
    touched: dict[str, Reduce] = {}
    drafts: list[Draft] = []
    for change in changes:
        if isinstance(change, Register):
            limit = limit_of(context.pack, change.claim.account)
            after.append(Line(claim=change.claim, limit=limit, policy=context.pack.reference, posting=None))
            continue
        at = next(i for i, line in enumerate(after) if line.claim.ground == change.ground)
        touched[change.ground] = change
        if change.hours > ZERO:
            after[at] = replace(after[at], claim=replace(after[at].claim, hours=change.hours))
            continue
        taken = after.pop(at)
        assert taken.posting is not None, "what is taken back was posted before"
        drafts.append(_draft(context, Reverse(claim=taken.claim, posting=taken.posting), change))
    return drafts + [_draft(context, step, touched.get(step.claim.ground)) for step in steps(after)]


def _draft(context: Context, step: Step, cause: Reduce | None) -> Draft:
    claim = step.claim
    if isinstance(step, Post):
        kind, fact, at, policy = projection.POSTED, _posted(step), claim.effective_at, step.line.policy
    else:
        at = cause.at if cause else claim.effective_at
        kind, fact, policy = projection.REVERSED, _reversed(step, cause), context.pack.reference
    subject = f"teacher:{claim.account.teacher}"
    return Draft(type=kind, subject=subject, effective_at=at, policy=policy, data=fact)


def _posted(step: Post) -> HoursPosted | HoursReversed:
    claim, account, cut, limit = step.claim, step.claim.account, step.cut, step.line.limit
    return HoursPosted(
        teacher=account.teacher,
        year=account.year,
        category=account.category,
        rule=account.rule,
        ground=claim.ground,
        hours=cut.counted,
        held=claim.held,
        over_cap=cut.over_cap,
        reason=cut.reason,
        basis={
            "asked": f"{claim.hours:.2f}",
            "cap": None if limit.year is None else f"{limit.year:.2f}",
            "before": f"{cut.before:.2f}",
            "origin": claim.origin,
            **({} if limit.cycle is None else {"cycle": _cycle(limit.cycle, cut.in_cycle)}),
        },
    )


def _cycle(limit: CycleLimit, before: Decimal | None) -> dict[str, Any]:
    """The cap of a cycle, its years, and what counted in these before."""
    assert before is not None, "a claim is cut under the cap of its cycle"
    first, last = limit.span
    return {"cap": f"{limit.most:.2f}", "before": f"{before:.2f}", "first": first, "last": last}


def _reversed(step: Reverse, cause: Reduce | None) -> HoursPosted | HoursReversed:
    claim, account, posting = step.claim, step.claim.account, step.posting
    return HoursReversed(
        teacher=account.teacher,
        reverses=posting.event,
        year=account.year,
        category=account.category,
        rule=account.rule,
        ground=claim.ground,
        hours=posting.counted,
        over_cap=posting.over_cap,
        reason=cause.reason if cause else RECOMPUTED,
    )


async def room_left(
    tx: Transaction, context: Context, accounts: Collection[Account]
) -> dict[Account, Decimal]:
    """What may still be registered before the caps, of accounts that have any."""
    standing, pools = await _standing(tx, context, accounts)
    found: dict[Account, Decimal] = {}
    for account, own in standing.items():
        counted: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for line in pools.get(account.pool, own):
            assert line.posting is not None, "a live line is posted"
            counted[line.claim.account.year] += line.posting.counted
        found[account] = left(counted, account.year, limit_of(context.pack, account))
    return found
