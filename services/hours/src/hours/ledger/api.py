"""HTTP of the ledger: a teacher's statement, the answer to why for any entry, the rules in force."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request

from hours.ledger import operations, rendering
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.policy.explain import ground
from shared.policy.pack import Pack, Rule
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import language_of
from shared.runtime.fields import Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["ledger"], route_class=TransactionalRoute)


@router.get(
    "/teachers/{teacher:path}/statement",
    summary="Every movement of a teacher's year, with the balance after each",
    description="In the order of recording. Nothing disappears: what was taken back is listed twice.",
    responses={404: {"description": "`teacher.out_of_reach`"}},
)
async def show_statement(
    request: Request,
    teacher: str,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    await reach.hold(tx, teacher)
    after = decode_keys(cursor, int)
    entries = await context.journal.read_subject(tx, f"teacher:{teacher}", rendering.STATED)
    lines = rendering.statement(entries, year, language_of(request))
    start = max(after[0], 0) if after else 0
    shown = lines[start : start + limit + 1]
    total = (await operations.totals(tx, year, [teacher]))[teacher]
    listed = page(shown, limit, [[start + number] for number in range(1, len(shown) + 1)])
    sums = {
        name: str(getattr(total, name))
        for name in ("public", "professional", "elective", "carried_in", "carry_out", "over_cap", "expired")
    }
    return {"teacher": teacher, "year": year, **listed, "totals": sums}


@router.get(
    "/entries/{partition}/{seq}/why",
    summary="Why an entry says what it says",
    description="The rule with its clause and words, the inputs, the arithmetic, and what it rests on.",
    responses={404: {"description": "`entry.unknown`"}},
)
async def why(
    request: Request, partition: int, seq: int, tx: Tx, context: ContextOf, reach: ReachOf
) -> dict[str, Any]:
    return await context.explainer.why(tx, reach, partition, seq, language_of(request))


@router.get(
    "/rules",
    summary="Rules for hours in force: registrars, caps, exchange, carry-over, courses, reserved slots",
    tags=["rules"],
)
async def rules(context: ContextOf) -> dict[str, Any]:
    pack = context.pack
    return {
        "pack": pack.reference,
        "sources": [{**_shown(pack, source), "enabled": True} for source in pack.hours],
        "exchange": {
            **ground(pack, pack.exchange.id),
            "rate": pack.exchange.rate,
            "caps": dict(pack.exchange.caps),
        },
        "carry_over": {
            **ground(pack, pack.carry_over.id),
            "category": pack.carry_over.category,
            "threshold": f"{pack.carry_over.threshold:.2f}",
            "years": pack.carry_over.years,
        },
        "courses": [_shown(pack, way) for way in pack.courses],
        "disabled": [
            {**ground(pack, slot.id), "enabled": False} for slot in pack.slots if slot.section != "points"
        ],
    }


def _shown(pack: Pack, rule: Rule) -> dict[str, Any]:
    """A rule with its ground and its own figures."""
    parameters = msgspec.to_builtins(rule)
    shown = {key: value for key, value in parameters.items() if key not in {"id", "clause", "words"}}
    return {**ground(pack, rule.id), **shown}
