"""What became of one act: does it stand, what was awarded on its object, what is missing there."""

from typing import cast

from points.accounts import operations as accounts
from points.activities.domain.act import WITHDRAWN, Act, named
from points.activities.domain.admission import Key
from points.activities.domain.objects import Group, groups_of
from points.activities.domain.progress import progress
from points.activities.domain.receipt import Details, Receipt
from points.activities.entries import WITHDRAWN_TYPE
from points.activities.operations.objects import load
from points.activities.store import acts as store
from points.settings import Context
from shared.access import Reach
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


async def details(tx: Transaction, context: Context, reach: Reach, key: Key) -> Details:
    """Look an act up, with those of its awards that are within a reach as well.

    Raises:
        DomainError: `activity.unknown`, 404: it was not recorded, or is of a teacher who is out of reach.
    """
    known = (await store.load_acts(tx, [key])).get(key)
    unknown = DomainError("activity.unknown", source=key[0], activity=key[1])
    if known is None or known.place is None:
        raise unknown
    found = await context.journal.read_entry(tx, *known.place)
    assert found is not None, "a key names its entry"
    act = found.parse(Act)
    await reach.hold(tx, act.teacher, unknown)
    subject, is_ruling = act.subject, act.type == WITHDRAWN
    states = {} if is_ruling else await load(tx, context, [subject])
    parents = {group for state in states.values() for group in groups_of(state)}
    groups = {name: cast("Group", state) for name, state in (await load(tx, context, parents)).items()}
    rulings = await context.journal.read_subject(tx, named("activity", *key), [WITHDRAWN_TYPE])
    dated = await accounts.dated_by(tx, act.source, act.id)
    awards = await accounts.standing_on(tx, [subject, *sorted(parents)])
    covered = await reach.covered(tx, {award.teacher for award in (*dated, *awards)})
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
        dated=[award for award in dated if award.teacher in covered],
        awards=[award for award in awards if award.teacher in covered],
        progress=[step for state in states.values() for step in progress(state, groups, context.book)],
    )
