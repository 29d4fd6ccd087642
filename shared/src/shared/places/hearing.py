"""Hears hours: what every organisation stands below, and where every teacher works.

The last word on a subject stands. All words on it come from one partition, in order, so nothing depends on
how partitions interleave, and hearing something again changes nothing.
"""

from collections.abc import Sequence

from shared.contracts.catalogue import parse
from shared.contracts.envelope import Event
from shared.contracts.hours import OrganisationRegistered, TeacherRegistered, TeacherRemoved
from shared.places.tables import place, whereabouts
from shared.runtime.database import Transaction
from shared.runtime.unnest import delete_rows, insert_rows

_PUT_PLACES = insert_rows(place, "on conflict (organisation) do update set parent = excluded.parent")
_PUT_TEACHERS = insert_rows(
    whereabouts,
    "on conflict (teacher) do update set school = excluded.school, district = excluded.district",
)
_FORGET_TEACHERS = delete_rows(whereabouts, [whereabouts.c.teacher])


async def hear(tx: Transaction, events: Sequence[Event]) -> None:
    """Take what is said of organisations and of teachers; other events are for other rooms."""
    await hear_organisations(tx, events)
    await hear_teachers(tx, events)


async def hear_organisations(tx: Transaction, events: Sequence[Event]) -> None:
    """Take what is said of organisations only."""
    parents: dict[str, str | None] = {}
    for event in events:
        fact = parse(event) if event.type.startswith("organisation.") else None
        if isinstance(fact, OrganisationRegistered):
            parents[fact.organisation] = fact.parent or None
    if parents:
        await tx.write(_PUT_PLACES, {"organisation": list(parents), "parent": list(parents.values())})


async def hear_teachers(tx: Transaction, events: Sequence[Event]) -> None:
    """Take what is said of teachers only."""
    listed: dict[str, TeacherRegistered] = {}
    removed: set[str] = set()
    for event in events:
        match parse(event) if event.type.startswith("teacher.") else None:
            case TeacherRegistered() as fact:
                listed[fact.teacher] = fact
                removed.discard(fact.teacher)
            case TeacherRemoved() as fact:
                listed.pop(fact.teacher, None)
                removed.add(fact.teacher)
            case _:
                pass
    if removed:
        await tx.write(_FORGET_TEACHERS, {"teacher": sorted(removed)})
    if listed:
        schools = [fact.school for fact in listed.values()]
        districts = [fact.district for fact in listed.values()]
        await tx.write(_PUT_TEACHERS, {"teacher": list(listed), "school": schools, "district": districts})
