"""Tables of the ledger, all projections: awards that stand, lots, what exchanges burnt, what was cleared."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

award = Table(
    "award",
    metadata,
    Column("ground", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("source", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("cap", Integer),
    PrimaryKeyConstraint("ground", "rule", "teacher", "year"),
    CheckConstraint("points between 0 and asked", name="points"),
    Index(None, "year", "teacher", "at"),
    Index(None, "source", "act"),
)
"""One row for each award that stands; `partition` and `seq` name the entry that posted it.

`cap` is that of the version of the rules that granted it, null where it states none.
"""

lot = Table(
    "lot",
    metadata,
    Column("teacher", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("earned", Integer, nullable=False),
    Column("exchanged", Integer, nullable=False),
    Column("expired", Integer, nullable=False),
    PrimaryKeyConstraint("teacher", "expires_at"),
    CheckConstraint("earned >= 0 and exchanged >= 0 and expired >= 0", name="sums"),
    Index(None, "year", "teacher"),
    Index(None, "partition", "expires_at"),
    postgresql_with={"fillfactor": 70},
)
"""What a teacher earned that expires at the same instant; `year` is the one in which it was earned."""

burn = Table(
    "burn",
    metadata,
    Column("exchange", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("category", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("points", Integer, nullable=False),
    Column("restored", Integer, nullable=False),
    PrimaryKeyConstraint("exchange", "expires_at"),
    CheckConstraint("restored between 0 and points", name="restored"),
    Index(None, "teacher", "year"),
)
"""What an exchange took from each lot and what it gave back; `year` is the one whose cap it counts for."""

closed = Table(
    "closed",
    metadata,
    Column("partition", SmallInteger, nullable=False),
    Column("year", SmallInteger, nullable=False),
    PrimaryKeyConstraint("partition", "year"),
)
"""Marks: nothing of the year rests in that partition of teachers."""

swept = Table(
    "swept",
    metadata,
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""Marks: no lot of that partition that ended up to `until` holds anything."""

ENDED = [
    lot.c.partition,
    Column("after", DateTime(timezone=True)),
    Column("until", DateTime(timezone=True)),
]
"""How a statement is told which lots have ended, see `Ended`."""
