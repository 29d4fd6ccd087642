"""Whom classes await, for who asks before an organisation ends: who holds them, and who recognises hours."""

from sqlalchemy import and_, exists, or_, select, union

from hours.classes import tables

_CLASS, _SEAT, _RESULT, _GIVEN = (
    table.c for table in (tables.training_class, tables.seat, tables.result, tables.result.alias("given"))
)
_HOLDER = _CLASS.level + ":" + _CLASS.organiser
"""The place of who holds a class; which office of it does is for the rules to say."""
_NOTHING_GIVEN = ~exists().where(
    _GIVEN["class"] == _SEAT["class"], or_(_GIVEN.records > 0, _GIVEN.registrar.is_not(None))
)
_TAKING_PART = tables.seat.outerjoin(
    tables.result, and_(_RESULT["class"] == _SEAT["class"], _RESULT.teacher == _SEAT.teacher)
)
_UNFINISHED = (
    select(_SEAT["class"])
    .select_from(_TAKING_PART)
    .where(_SEAT.state == "enrolled")
    .where(or_(_RESULT.outcome.is_(None), and_(_RESULT.outcome == "passed", _NOTHING_GIVEN)))
)
"""Classes in which somebody was not assessed, or passed while nobody's hours were ever registered.

What could not be registered of a class is refused for a reason that its holder may be unable to mend; as
long as nothing of it is registered, it can be called off.
"""

AWAITED = union(
    select(_CLASS.awaits, _CLASS["class"]).where(_CLASS.awaits.is_not(None)),
    select(_RESULT.registrar, _RESULT["class"]).where(_RESULT.registrar.is_not(None)),
    select(_HOLDER, _CLASS["class"]).where(or_(_CLASS.state == "returned", _CLASS["class"].in_(_UNFINISHED))),
)
"""Who is to act on which class.

Who recognises its hours, who gets them back, and who holds it while it is returned or not through.
"""
