"""Calling hours back for points that are missing in lots of open years.

Hours of a closed year stay: taking them back needs an authorised reopening.
"""

from collections.abc import Mapping

from points.accounts import operations as accounts
from points.accounts.domain.lot import Burnt, LotKey
from points.exchanges import store
from points.exchanges.domain.recalling import Recall, Stake, rate_of, recall
from points.exchanges.operations.posting import append, draft
from points.exchanges.store import Exchange
from points.settings import Context
from shared.contracts.points import PointsExchangeRecalled
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft


async def recall_for(tx: Transaction, context: Context, debts: Mapping[LotKey, int]) -> None:
    """Call exchanges back for points that are missing in lots."""
    if not debts:
        return
    teachers = {key.teacher for key in debts}
    closed = await accounts.closed_years(tx, context, teachers)
    granted = await store.load_of(tx, teachers)
    exchanges = {found.request: found for found in granted if found.year not in closed[found.teacher]}
    burns = await accounts.burns_of(tx, list(exchanges))
    numbers = await store.count_recalls(tx, list(exchanges))
    drafts: list[Draft] = []
    for key, missing in sorted(debts.items()):
        stakes = [
            _stake(exchanges[name], burnt, sum(lot.points for lot in several))
            for name, several in burns.items()
            for burnt in several
            if exchanges[name].teacher == key.teacher and burnt.expires_at == key.expires_at
        ]
        for call in recall(missing, stakes):
            numbers[call.exchange] += 1
            drafts.append(_call(context, exchanges[call.exchange], call, numbers[call.exchange]))
    await append(tx, context, drafts)


def _stake(exchange: Exchange, burnt: Burnt, altogether: int) -> Stake:
    return Stake(
        exchange=exchange.request,
        at=exchange.at,
        seq=exchange.seq,
        points=burnt.points,
        free=exchange.hours - exchange.called,
        called=exchange.called - exchange.reversed,
        rate=rate_of(altogether, exchange.hours - exchange.reversed),
    )


def _call(context: Context, exchange: Exchange, call: Recall, number: int) -> Draft:
    fact = PointsExchangeRecalled(
        recall=f"{exchange.request}#{number}",
        exchange=exchange.request,
        teacher=exchange.teacher,
        year=exchange.year,
        category=exchange.category,
        hours=call.hours,
    )
    return draft(context, store.RECALLED, exchange.teacher, exchange.at, fact)
