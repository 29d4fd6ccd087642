"""HTTP of the statements: a teacher's year movement by movement, in pages or as one table."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from hours.ledger.domain.amount import ZERO
from hours.reviews import operations as reviews
from hours.reviews.domain import Looked
from hours.settings import Context, ContextOf
from hours.statements.entries import taking_effect, total_of
from hours.statements.rendering import movements, table
from shared.access import ReachOf
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import language_of
from shared.runtime.fields import Year
from shared.runtime.hindsight import AsItWas, Hindsight
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read
from shared.runtime.spreadsheets import CSV
from shared.runtime.tabular import AsTable
from shared.runtime.tabular import table as as_csv

router = APIRouter(prefix="/v1", tags=["ledger"], route_class=TransactionalRoute)

_SUMS = ("carried_in", "carry_out", "over_cap", "expired")


@router.get(
    "/teachers/{teacher:path}/statement",
    summary="Every movement of a teacher's year, where its hours come from, and the balance after it",
    description="In the order of recording. Nothing disappears: what was taken back is listed twice. As CSV"
    " it is the whole year in one table for office programs. As it was known at a past instant, it never"
    " changes.",
    response_model=None,
    responses={
        200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The statement"},
        404: {"description": "`teacher.out_of_reach`"},
        422: {"description": "`known_at.not_past`"},
    },
)
async def show_statement(
    request: Request,
    teacher: str,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    as_it_was: AsItWas,
    as_table: AsTable,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any] | Response:
    await reach.hold(tx, teacher)
    after, language = decode_keys(cursor, int), language_of(request)
    recorded = await context.journal.read_subject(tx, f"teacher:{teacher}", movements.STATED)
    entries = as_it_was.of(recorded, context.pack.pack.timezone, taking_effect(recorded))
    packs = await context.adoptions.kept(tx, {entry.policy for entry in entries})
    lines = movements.statement(entries, context.pack.posted, packs, year, language)
    movements.tell_reviews(lines, await _looked_at(tx, context, lines, as_it_was))
    if as_table:
        return as_csv(table.rows(lines, context.pack, language))
    start = max(after[0], 0) if after else 0
    shown = lines[start : start + limit + 1]
    total = total_of(entries, teacher, year)
    listed = page(shown, limit, [[start + number] for number in range(1, len(shown) + 1)])
    hours = {**dict.fromkeys(context.pack.posted, ZERO), **total.hours}
    sums = {name: str(amount) for name, amount in hours.items()}
    sums |= {name: str(getattr(total, name)) for name in _SUMS}
    sums["deducted"] = str(total.deducted_in_all)
    return {"teacher": teacher, "year": year, **listed, "totals": sums}


async def _looked_at(
    tx: Read, context: Context, lines: Sequence[movements.Line], as_it_was: Hindsight
) -> Mapping[str, Sequence[Looked]]:
    """The reviews of the records that lines rest on, as far as they were over."""
    found, zone = await reviews.looked_at(tx, movements.records_of(lines)), context.pack.pack.timezone
    return {
        record: [
            one for one in looked if (at := one.review.signed_off_at) and as_it_was.includes(at, at, zone)
        ]
        for record, looked in found.items()
    }
