"""Posting: awards and what is taken back, with what that entails in lots that were cleared."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from points.accounts.domain.award import Grant, Taken
from points.accounts.domain.holding import Holding
from points.accounts.domain.lot import LotKey, Rest, ending_year, expiry
from points.accounts.domain.settling import Settlement, settle
from points.accounts.store import projection, reading
from points.settings import Context
from shared.contracts.envelope import Fact
from shared.contracts.points import (
    ActivityRef,
    PointsAwarded,
    PointsExpired,
    PointsExpiryReversed,
    PointsReversed,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry

PORTION = 500
"""Entries that are decided at a stretch."""


def subject(teacher: str) -> str:
    """The subject of a teacher's entries."""
    return f"teacher:{teacher}"


async def post(
    tx: Transaction, context: Context, taken: Sequence[Taken], grants: Sequence[Grant]
) -> dict[LotKey, int]:
    """Take awards back and post others; returns the debts that this leaves in open years."""
    years = context.pack.years
    changes: dict[LotKey, int] = defaultdict(int)
    for back in taken:
        changes[LotKey(back.award.teacher, back.award.expires_at)] -= back.award.points
    expiries = [expiry(context.pack.expired_by, grant.at, years) for grant in grants]
    for grant, expires_at in zip(grants, expiries, strict=True):
        changes[LotKey(grant.teacher, expires_at)] += grant.points
    settlement = await _settle(tx, context, changes)
    drafts = [
        *_shrinking(context, settlement.shrunk),
        *(_reversal(context, back) for back in taken),
        *(_award(*granted) for granted in zip(grants, expiries, strict=True)),
        *_expiring(context, settlement),
    ]
    await append(tx, context, drafts)
    return dict(settlement.debts)


async def restored(tx: Transaction, context: Context, keys: Collection[LotKey]) -> None:
    """Expire what came back to lots that were cleared."""
    settlement = await _settle(tx, context, dict.fromkeys(keys, 0))
    await append(tx, context, _expiring(context, settlement))


async def append(tx: Transaction, context: Context, drafts: Iterable[Draft]) -> list[Entry]:
    """Write entries of teachers and bring the ledger up to them, in portions: others have a turn between."""
    waiting = iter(drafts)
    entries: list[Entry] = []
    while portion := list(islice(waiting, PORTION)):
        appended = await context.journal.append(tx, portion)
        await projection.apply(
            tx, [(entry, draft.data) for entry, draft in zip(appended, portion, strict=True)]
        )
        entries += appended
    return entries


def reviving(context: Context, holding: Holding, burnt: Sequence[tuple[datetime, int]]) -> list[Draft]:
    """Take back what was swept of the lots that an exchange dated before their end burns from."""
    revived = holding.revived(burnt)
    return _shrinking(context, {LotKey(holding.teacher, end): points for end, points in revived.items()})


async def _settle(tx: Transaction, context: Context, changes: Mapping[LotKey, int]) -> Settlement:
    if not changes:
        return Settlement()
    years = context.pack.years
    places = {key: context.journal.partition(subject(key.teacher)) for key in changes}
    found = await reading.load_lots(tx, places)
    closed = {key for key, one in found.items() if ending_year(key.expires_at, years) in one.closed}
    ended = {key for key, one in found.items() if one.swept is not None and key.expires_at <= one.swept}
    return settle({key: one.lot for key, one in found.items()}, changes, closed | ended, closed)


def _award(grant: Grant, expires_at: datetime) -> Draft:
    fact = PointsAwarded(
        teacher=grant.teacher,
        rule=grant.rule,
        ground=grant.ground,
        activity=ActivityRef(source=grant.source, id=grant.act),
        year=grant.year,
        asked=grant.asked,
        points=grant.points,
        expires_at=expires_at,
        basis=dict(grant.basis),
    )
    return Draft(
        type=projection.AWARDED,
        subject=subject(grant.teacher),
        effective_at=grant.at,
        policy=grant.policy,
        data=fact,
    )


def _reversal(context: Context, taken: Taken) -> Draft:
    award = taken.award
    fact = PointsReversed(
        teacher=award.teacher,
        reverses=f"{context.journal.layout.service}/{award.partition}/{award.seq}",
        rule=award.rule,
        ground=award.ground,
        activity=ActivityRef(source=award.source, id=award.act),
        year=award.year,
        asked=award.asked,
        points=award.points,
        expires_at=award.expires_at,
        reason=taken.reason,
    )
    return _draft(context, projection.REVERSED, award.teacher, award.at, fact)


def _expiring(context: Context, settlement: Settlement) -> list[Draft]:
    return [expired(context, Rest(*key, points)) for key, points in settlement.expired.items()]


def expired(context: Context, rest: Rest) -> Draft:
    """The entry that clears what is left in a lot."""
    teacher, expires_at, points = rest
    year = ending_year(expires_at, context.pack.years)
    fact = PointsExpired(teacher=teacher, year=year, expires_at=expires_at, points=points)
    return _draft(context, projection.EXPIRED, teacher, expires_at, fact)


def _shrinking(context: Context, shrunk: Mapping[LotKey, int]) -> list[Draft]:
    drafts: list[Draft] = []
    for (teacher, expires_at), points in shrunk.items():
        year = ending_year(expires_at, context.pack.years)
        fact = PointsExpiryReversed(teacher=teacher, year=year, expires_at=expires_at, points=points)
        drafts.append(_draft(context, projection.EXPIRY_REVERSED, teacher, expires_at, fact))
    return drafts


def _draft(context: Context, kind: str, teacher: str, at: datetime, fact: Fact) -> Draft:
    return Draft(
        type=kind, subject=subject(teacher), effective_at=at, policy=context.pack.reference, data=fact
    )
