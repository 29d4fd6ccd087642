"""What became of one act: does it stand, what was awarded on its object, what is missing there."""

from typing import cast

from points.accounts import operations as accounts
from points.activities.domain.act import WITHDRAWN, Act, named
from points.activities.domain.admission import Key, Known
from points.activities.domain.objects import Group, groups_of
from points.activities.domain.progress import progress
from points.activities.domain.receipt import Details, Receipt
from points.activities.entries import WITHDRAWN_TYPE
from points.activities.operations.objects import load
from points.settings import Context
from shared.runtime.database import Transaction


async def details(tx: Transaction, context: Context, key: Key, known: Known) -> Details:
    """Look an act up that was recorded."""
    assert known.place is not None, "it was recorded"
    found = await context.journal.read_entry(tx, *known.place)
    assert found is not None, "a key names its entry"
    act = found.parse(Act)
    subject, is_ruling = act.subject, act.type == WITHDRAWN
    states = {} if is_ruling else await load(tx, context, [subject])
    parents = {group for state in states.values() for group in groups_of(state)}
    groups = {name: cast("Group", state) for name, state in (await load(tx, context, parents)).items()}
    rulings = await context.journal.read_subject(tx, named("activity", *key), [WITHDRAWN_TYPE])
    return Details(
        act=act,
        receipt=Receipt(
            source=act.source,
            id=act.id,
            event=found.id,
            recorded_at=found.recorded_at,
        ),
        stands=is_ruling or not known.withdrawn,
        withdrawals=[] if is_ruling else [entry.parse(Act) for entry in rulings],
        dated=await accounts.dated_by(tx, act.source, act.id),
        awards=await accounts.standing_on(tx, [subject, *sorted(parents)]),
        progress=[step for state in states.values() for step in progress(state, groups, context.book)],
    )
