"""What the ledger does: post and take back awards, move points for exchanges, expire, close a year.

Operations expect the partitions of the teachers they touch to be locked, and never commit.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from points.accounts.domain.award import Grant, Standing, Taken
from points.accounts.domain.holding import Holding
from points.accounts.domain.lot import Burnt, LotKey, ending_year, expiry
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
    PointsYearClosed,
)
from shared.policy.calendar import end_of_year, start_of_year
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry


def subject(teacher: str) -> str:
    """The subject of a teacher's entries."""
    return f"teacher:{teacher}"


async def standing_on(tx: Transaction, grounds: Collection[str]) -> list[Standing]:
    """Awards that stand on these grounds."""
    return await reading.awards_on(tx, grounds)


async def standing_under(tx: Transaction, keys: Collection[tuple[str, str, int]]) -> list[Standing]:
    """Awards that stand for (teacher, rule, year)."""
    return await reading.awards_under(tx, keys)


async def dated_by(tx: Transaction, source: str, act: str) -> list[Standing]:
    """Awards that one act dates."""
    return await reading.awards_by_act(tx, source, act)


async def bases_of(
    tx: Transaction, context: Context, awards: Sequence[Standing]
) -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """Inputs and figures with which awards were posted."""
    found: dict[tuple[str, str, str, int], dict[str, Any]] = {}
    for award in awards:
        entry = await context.journal.read_entry(tx, award.partition, award.seq)
        assert entry is not None, "an award names its entry"
        found[award.key] = entry.parse(PointsAwarded).basis
    return found


async def post(
    tx: Transaction, context: Context, taken: Sequence[Taken], grants: Sequence[Grant]
) -> dict[LotKey, int]:
    """Take awards back and post others; returns the debts that this leaves in open years."""
    zone = context.pack.pack.timezone
    changes: dict[LotKey, int] = defaultdict(int)
    for back in taken:
        changes[LotKey(back.award.teacher, back.award.expires_at)] -= back.award.points
    expiries = [expiry(context.pack.expiry, grant.at, zone) for grant in grants]
    for grant, expires_at in zip(grants, expiries, strict=True):
        changes[LotKey(grant.teacher, expires_at)] += grant.points
    settlement = await _settle(tx, context, changes)
    drafts = [
        *_shrinking(context, settlement),
        *(_reversal(context, back) for back in taken),
        *(_award(context, *granted) for granted in zip(grants, expiries, strict=True)),
        *_expiring(context, settlement),
    ]
    await append(tx, context, drafts)
    return dict(settlement.debts)


async def restored(tx: Transaction, context: Context, keys: Collection[LotKey]) -> None:
    """Expire what came back to lots whose year is closed."""
    settlement = await _settle(tx, context, dict.fromkeys(keys, 0))
    await append(tx, context, _expiring(context, settlement))


async def append(tx: Transaction, context: Context, drafts: Sequence[Draft]) -> list[Entry]:
    """Write entries of teachers and bring the ledger up to them."""
    entries = await context.journal.append(tx, drafts)
    await projection.project(tx, entries)
    return entries


async def holdings(tx: Transaction, teachers: Collection[str], since: datetime) -> dict[str, Holding]:
    """What teachers hold, for decisions at instants from `since` on."""
    return await reading.load_holdings(tx, teachers, since)


async def burns_of(tx: Transaction, exchanges: Collection[str]) -> dict[str, list[Burnt]]:
    """What each exchange has burnt and not given back, with the rest of the lots."""
    return await reading.burns_of(tx, exchanges)


async def closed_years(
    tx: Transaction, context: Context, teachers: Collection[str]
) -> dict[str, frozenset[int]]:
    """Years that are closed for each teacher."""
    places = {who: context.journal.partition(subject(who)) for who in teachers}
    marks = await reading.closed_marks(tx, set(places.values()))
    return {
        who: frozenset(year for partition, year in marks if partition == place)
        for who, place in places.items()
    }


async def closed_partitions(tx: Transaction, year: int) -> set[int]:
    """Partitions of teachers in which a year is closed."""
    return await reading.closed_partitions(tx, year)


async def close(tx: Transaction, context: Context, partition: int, year: int) -> None:
    """Expire the lots that end with a year in one partition, and mark the year closed there."""
    zone = context.pack.pack.timezone
    ends = end_of_year(year, zone)
    lots = await reading.lots_with_rest(tx, partition, start_of_year(year, zone), ends)
    drafts = [
        _expired(context, LotKey(lot.teacher, lot.expires_at), lot.earned - lot.exchanged - lot.expired)
        for lot in lots
    ]
    mark = PointsYearClosed(year=year, partition=partition)
    closing = Draft(
        type=projection.YEAR_CLOSED,
        subject=f"year:{year}",
        effective_at=ends,
        policy=context.pack.reference,
        data=mark,
        partition=partition,
    )
    await append(tx, context, [*drafts, closing])


async def _settle(tx: Transaction, context: Context, changes: dict[LotKey, int]) -> Settlement:
    if not changes:
        return Settlement()
    lots = await reading.load_lots(tx, changes)
    places = {key: context.journal.partition(subject(key.teacher)) for key in changes}
    marks = await reading.closed_marks(tx, set(places.values()))
    zone = context.pack.pack.timezone
    closed = {key: (place, ending_year(key.expires_at, zone)) in marks for key, place in places.items()}
    return settle(lots, changes, closed)


def _award(context: Context, grant: Grant, expires_at: datetime) -> Draft:
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
    return _draft(context, projection.AWARDED, grant.teacher, grant.at, fact)


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
    return [_expired(context, key, points) for key, points in settlement.expired.items()]


def _expired(context: Context, key: LotKey, points: int) -> Draft:
    fact = PointsExpired(**_of_lot(context, key), points=points)
    return _draft(context, projection.EXPIRED, key.teacher, key.expires_at, fact)


def _shrinking(context: Context, settlement: Settlement) -> list[Draft]:
    return [
        _draft(
            context,
            projection.EXPIRY_REVERSED,
            key.teacher,
            key.expires_at,
            PointsExpiryReversed(**_of_lot(context, key), points=points),
        )
        for key, points in settlement.shrunk.items()
    ]


def _of_lot(context: Context, key: LotKey) -> dict[str, Any]:
    year = ending_year(key.expires_at, context.pack.pack.timezone)
    return {"teacher": key.teacher, "year": year, "expires_at": key.expires_at}


def _draft(context: Context, kind: str, teacher: str, at: datetime, fact: Fact) -> Draft:
    return Draft(
        type=kind, subject=subject(teacher), effective_at=at, policy=context.pack.reference, data=fact
    )
