"""SQL of topics: what training was about that anybody was registered for, in some days, as it was known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from hours.records import tables
from shared.runtime.database import Transaction

WHOSE = tables.record_topic.c.teacher
"""Who was trained in a topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsAsked:
    """Which topics are asked for, of training that ended on some days, as it was known."""

    topics: Collection[str]
    first: date
    last: date
    known_at: datetime | None = None
    """None for now."""
    within: Sequence[ColumnElement[bool]] = ()
    """Of whom; empty for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """How often a topic was offered, to how many teachers."""

    records: int
    teachers: int


async def load_offered(tx: Transaction, asked: TopicsAsked) -> dict[str, TopicCount]:
    """Those of the topics that anybody has a record of, with how many."""
    column = tables.record_topic.c
    counts = func.count().label("records"), func.count(column.teacher.distinct()).label("teachers")
    query = select(column.topic, *counts).where(
        column.topic.in_(asked.topics), column.last.between(asked.first, asked.last), *asked.within
    )
    if asked.known_at is None:
        query = query.where(column.reversed_at.is_(None))
    else:
        still = or_(column.reversed_at.is_(None), column.reversed_at > asked.known_at)
        query = query.where(column.registered_at <= asked.known_at, still)
    rows = await tx.execute(query.group_by(column.topic))
    return {row.topic: TopicCount(records=row.records, teachers=row.teachers) for row in rows}
