"""HTTP of a school's ledger (台帐): every record of a year, in pages or as one table."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import ColumnElement, true

from hours.ledger import operations as ledger
from hours.records import operations, rendering
from hours.records.store import records as store
from hours.records.store.records import Kept
from hours.settings import ContextOf
from shared.access import Reach, ReachOf
from shared.policy.names import item_name
from shared.runtime.database import Transaction, TransactionalRoute
from shared.runtime.errors import Language, language_of
from shared.runtime.fields import Year
from shared.runtime.journal import Entry
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read
from shared.runtime.spreadsheets import CSV
from shared.runtime.tabular import AsTable, table

router = APIRouter(prefix="/v1/records", tags=["records"], route_class=TransactionalRoute)


@router.get(
    "",
    summary="The ledger of a school's year: its records, in order of record",
    description="What the school registered, wherever the teachers are now, and all that is registered of who"
    " teaches there now; what was taken back stays listed. As CSV it is the whole year in one table.",
    response_model=None,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The records"}},
)
async def show_ledger(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    school: Annotated[str, Query(max_length=200)],
    year: Annotated[Year, Query()],
    as_table: AsTable,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[Literal["registered", "reversed"] | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any] | Response:
    after, language = decode_keys(cursor, str), language_of(request)
    wanted = store.OfSchool(
        within=await _within(tx, reach, school),
        school=school,
        year=year,
        of={"teacher": teacher, "state": state},
    )
    last, most = (None, None) if as_table else (after[0] if after else None, limit + 1)
    rows = await store.page_of_school(tx, wanted, after=last, limit=most)
    entries = await operations.entries_of(tx, context, rows)
    shown = await _shown(tx, entries, rows, language)
    if not as_table:
        return page(shown, limit, [[row.record] for row in rows])
    reach.show({row.teacher for row in rows})
    packs = await context.adoptions.kept(tx, {entry.policy for entry in entries.values()})
    categories = {row.record: item_name(packs.get(entries[row.record].policy), row.category) for row in rows}
    return table(rendering.table(shown, categories, context.pack, language))


async def _within(tx: Transaction, reach: Reach, school: str) -> ColumnElement[bool]:
    """Who reaches to the school reads all of its ledger; others read of the teachers to whom they reach."""
    return true() if await reach.holds(tx, school) else await reach.within(tx, store.TEACHER)


async def _shown(
    tx: Transaction, entries: Mapping[str, Entry], rows: list[Kept], language: Language
) -> list[dict[str, Any]]:
    """Each record as its own address shows it."""
    standing = await ledger.lines_of(tx, [f"record:{row.record}" for row in rows])
    return [
        rendering.shown(row, entries[row.record], standing[f"record:{row.record}"], language) for row in rows
    ]
