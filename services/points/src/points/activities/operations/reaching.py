"""Whether a platform may hand acts in: it reaches their teachers and those of acts that they withdraw."""

from collections.abc import Sequence

from points.activities.domain.act import Act
from points.activities.operations.recording import entries_of
from points.activities.store import acts as store
from points.settings import Context
from shared.access import Reach
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


async def refusals(
    tx: Transaction, context: Context, reach: Reach, acts: Sequence[Act]
) -> list[DomainError | None]:
    """For each act its refusal, or None where it may be taken in.

    `teacher.out_of_reach`, 404; a ruling on an act that is out of reach gets `activity.unknown`, 404.
    """
    ruled = {act.withdraws for act in acts if act.withdraws is not None}
    entries = await entries_of(tx, context, await store.load_acts(tx, ruled), ruled) if ruled else {}
    teachers = {key: entry.parse(Act).teacher for key, entry in entries.items()}
    refused = await reach.refused(tx, {*(act.teacher for act in acts), *teachers.values()})
    hidden = {key for key, teacher in teachers.items() if teacher in refused}
    return [refused.get(act.teacher) or (_unknown(act) if act.withdraws in hidden else None) for act in acts]


def _unknown(ruling: Act) -> DomainError:
    activity = ruling.text("activity")
    return DomainError.at("/object/activity", "activity.unknown", source=ruling.source, activity=activity)
