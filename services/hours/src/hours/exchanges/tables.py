"""Tables of the exchanges: what was answered, and what the points service says about points.

`exchange` and `recall` are projections of our journal. `lot` and `year_mark` mirror the points service's
journal; they can be made again from there only.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

exchange = Table(
    "exchange",
    metadata,
    Column("exchange", Text, primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("category", Text, nullable=False),
    Column("hours", Numeric(10, 2), nullable=False),
    Column("taken_back", Numeric(10, 2), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state in ('posted', 'refused', 'reversed')", name="state"),
    CheckConstraint("taken_back between 0 and hours", name="taken_back"),
    Index(None, "teacher", "year"),
)
"""The primary key is the second guard against an exchange that is heard twice."""

recall = Table(
    "recall",
    metadata,
    Column("recall", Text, primary_key=True),
    Column("exchange", Text, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("entry", Text, nullable=False),
)

lot = Table(
    "lot",
    metadata,
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("expires_at", DateTime(timezone=True), primary_key=True),
    Column("points", Integer, nullable=False),
)
"""Points that could still be exchanged, as heard; negative where points were taken back after an exchange."""

year_mark = Table(
    "year_mark",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
)
"""Partitions of the points service for which nothing of the year changes any more."""
