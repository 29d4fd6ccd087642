"""HTTP of the ledger: awards, accounts, balance, statement, forecast, rules, and the answer to why."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from points.accounts import operations, rendering
from points.accounts.domain.purse import exchangeable, exchangeable_of, forecast
from points.accounts.store import projection, reading
from points.settings import ContextOf
from shared.access import ReachOf
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.policy.points import Exchange
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import language_of
from shared.runtime.fields import Instant, Year
from shared.runtime.hindsight import AsItWas
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=TransactionalRoute)

At = Annotated[Instant | None, Query(description="An instant with its offset; now without it.")]


@router.get(
    "/awards",
    summary="Awards that stand in a year",
    description="In order of teacher, time and rule. A claim that its cap left nothing of is listed with 0.",
    tags=["awards"],
)
async def awards(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    teacher: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    wanted = reading.Wanted(year, teacher)
    after = decode_keys(cursor, str, datetime, str, str)
    rows = await reading.list_awards(tx, reach, wanted, after, limit + 1)
    keys = [[row.teacher, row.at.isoformat(), row.rule, row.ground] for row in rows]
    service = context.journal.layout.service
    return page([rendering.award_item(service, row) for row in rows], limit, keys)


@router.get(
    "/accounts",
    summary="Points of every teacher in a year",
    description="`exchangeable` are the hours that each category could still take, if it alone.",
)
async def accounts(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    rule = context.pack.exchange
    rows = await reading.list_accounts(tx, reach, year, after[0] if after else None, limit + 1)
    items = [
        {
            "teacher": row["teacher"],
            "year": year,
            **{name: int(row[name]) for name in ("earned", "exchanged", "expired", "balance")},
            "exchangeable": exchangeable_of(row["free"], row["used"], rule),
        }
        for row in rows
    ]
    return page(items, limit, [[item["teacher"]] for item in items])


@router.get(
    "/teachers/{teacher}/balance",
    summary="A teacher's points at an instant",
    description="As known now: what was taken back later never counted. Expired points are not in it.",
    responses={404: {"description": "`teacher.out_of_reach`"}},
)
async def balance(
    teacher: str, tx: Read, context: ContextOf, reach: ReachOf, at: At = None
) -> dict[str, Any]:
    await reach.hold(tx, teacher)
    instant = at or clock.now()
    holding = (await operations.holdings(tx, context, [teacher], instant))[teacher]
    held = holding.balance(instant)
    rule = context.pack.exchange
    purse = holding.purse(instant, context.book.year_of(instant), rule)
    return {
        "teacher": teacher,
        "at": instant,
        "year": purse.year,
        "balance": sum(held.values()),
        "lots": [{"expires_at": expires_at, "points": points} for expires_at, points in held.items()],
        "exchangeable": exchangeable(purse, rule),
    }


@router.get(
    "/teachers/{teacher}/forecast",
    summary="What will expire unless it is exchanged",
    description="`beyond_exchange` is what no exchange can save: less than a whole hour, or above the caps.",
    responses={404: {"description": "`teacher.out_of_reach`"}},
)
async def expiring(
    teacher: str, tx: Read, context: ContextOf, reach: ReachOf, at: At = None
) -> dict[str, Any]:
    await reach.hold(tx, teacher)
    instant = at or clock.now()
    rule = context.pack.exchange
    holding = (await operations.holdings(tx, context, [teacher], instant))[teacher]
    purse = holding.purse(instant, context.book.year_of(instant), rule)
    items = forecast(purse, rule)
    return {
        "teacher": teacher,
        "at": instant,
        "points": sum(item.points for item in items),
        "beyond_exchange": sum(item.beyond_exchange for item in items),
        "exchangeable": exchangeable(purse, rule),
        "items": [
            {
                "expires_at": item.expires_at,
                "last_moment": item.expires_at - timedelta(seconds=1),
                "points": item.points,
                "beyond_exchange": item.beyond_exchange,
            }
            for item in items
        ],
        "rule": None if context.pack.expiry is None else ground(context.pack, context.pack.expiry.id),
    }


@router.get(
    "/teachers/{teacher}/statement",
    summary="Every movement of a teacher's points, with the balance after each",
    description="In the order of recording. Nothing disappears: what was taken back is listed twice. As it"
    " was known at a past instant, it never changes.",
    responses={
        404: {"description": "`teacher.out_of_reach`"},
        422: {"description": "`known_at.not_past`"},
    },
)
async def statement(
    teacher: str,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    as_it_was: AsItWas,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    await reach.hold(tx, teacher)
    after = decode_keys(cursor, int, int)
    seq, so_far = after or (0, 0)
    shown = limit + 1
    recorded = await context.journal.read_subject(
        tx,
        operations.subject(teacher),
        list(projection.SHAPES),
        after=seq,
        limit=shown if as_it_was.is_now else None,
    )
    entries = as_it_was.of(recorded, context.pack.pack.timezone)[:shown]
    lines = rendering.statement(entries, so_far)
    keys = [[entry.seq, line["balance"]] for entry, line in zip(entries, lines, strict=True)]
    return {"teacher": teacher, **page(lines, limit, keys)}


@router.get(
    "/entries/{partition}/{seq}/why",
    summary="Why an entry says what it says",
    description="The rule with its clause and words, the inputs, the arithmetic, and what it rests on.",
    responses={404: {"description": "`entry.unknown`"}},
    tags=["why"],
)
async def why(
    request: Request, partition: int, seq: int, tx: Tx, context: ContextOf, reach: ReachOf
) -> dict[str, Any]:
    return await context.explainer.why(tx, reach, partition, seq, language_of(request))


@router.get(
    "/rules",
    summary="Rules for points in force: awards, exchange, expiry, and the reserved slots",
    tags=["rules"],
)
async def rules(context: ContextOf) -> dict[str, Any]:
    pack = context.pack
    return {
        "pack": pack.reference,
        "points": [
            {**ground(pack, rule.id), "enabled": True, **rendering.rule_item(rule)} for rule in pack.points
        ],
        "exchange": None if pack.exchange is None else _exchange(pack, pack.exchange),
        "expiry": None if pack.expiry is None else ground(pack, pack.expiry.id),
        "disabled": [
            {**ground(pack, slot.id), "enabled": False}
            for slot in pack.slots
            if slot.section in {"points", "exchange"}
        ],
    }


def _exchange(pack: Pack, rule: Exchange) -> dict[str, Any]:
    window = rule.window
    return {
        **ground(pack, rule.id),
        "rate": rule.rate,
        "caps": dict(rule.caps),
        "window": None if window is None else {"first": window.first, "last": window.last},
    }
