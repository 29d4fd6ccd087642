"""Reading the ledger for decisions: awards that stand, what teachers hold, what exchanges burnt."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from points.accounts.domain.award import Standing
from points.accounts.domain.holding import Holding
from points.accounts.domain.lot import Burnt, LotKey, Movement, ending_year
from points.accounts.operations.posting import subject
from points.accounts.store import reading
from points.settings import Context
from shared.contracts.points import PointsAwarded
from shared.runtime.database import Transaction


async def standing_on(tx: Transaction, grounds: Collection[str]) -> list[Standing]:
    """Awards that stand on these grounds."""
    return await reading.awards_on(tx, grounds)


async def standing_for(tx: Transaction, keys: Collection[tuple[str, str, str, int]]) -> list[Standing]:
    """Awards that stand for (ground, rule, teacher, year)."""
    return await reading.awards_for(tx, keys)


async def standing_under(tx: Transaction, keys: Collection[tuple[str, str, int]]) -> list[Standing]:
    """Awards that stand for (teacher, rule, year)."""
    return await reading.awards_under(tx, keys)


async def standing_until(tx: Transaction, teachers: Collection[str], year: int) -> list[Standing]:
    """Awards of teachers that stand, up to a year."""
    return await reading.awards_until(tx, teachers, year)


async def awarded_in(tx: Transaction, year: int) -> bool:
    """Whether anybody has an award of a year."""
    return await reading.awarded_in(tx, year)


async def burnt_before(
    tx: Transaction, teachers: Collection[str], year: int
) -> list[tuple[LotKey, Movement]]:
    """What exchanges of earlier years burnt and did not give back, lot by lot."""
    return await reading.burnt_before(tx, teachers, year)


async def dated_by(tx: Transaction, source: str, act: str) -> list[Standing]:
    """Awards that one act dates."""
    return await reading.awards_by_act(tx, source, act)


async def posted_as(
    tx: Transaction, context: Context, awards: Sequence[Standing]
) -> dict[tuple[str, str, str, int], tuple[str, dict[str, Any]]]:
    """Under which version of the rules awards were posted, and with which inputs and figures."""
    entries = await context.journal.read_places(tx, {(award.partition, award.seq) for award in awards})
    found = {award.key: entries[award.partition, award.seq] for award in awards}
    return {key: (entry.policy, entry.parse(PointsAwarded).basis) for key, entry in found.items()}


async def holdings(
    tx: Transaction, context: Context, teachers: Collection[str], since: datetime
) -> dict[str, Holding]:
    """What teachers hold, for decisions at instants from `since` on."""
    years = context.pack.years
    closed = await closed_years(tx, context, teachers)
    held = await reading.load_holdings(tx, teachers, since)
    return {
        who: replace(
            holding,
            lots=[
                replace(lot, final=ending_year(lot.expires_at, years) in closed[who]) for lot in holding.lots
            ],
            closed=closed[who],
        )
        for who, holding in held.items()
    }


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
