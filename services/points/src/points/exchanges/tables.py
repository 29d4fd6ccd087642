"""Tables of exchanges: requests with their state, and the calls for hours to be taken back. Projections."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

exchange = Table(
    "exchange",
    metadata,
    Column("request", Text, primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("category", Text, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("at_given", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("posting", Text, nullable=False),
    Column("called", Integer, nullable=False),
    Column("reversed", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    CheckConstraint("state in ('pending', 'settled', 'refused', 'recalled')", name="state"),
    CheckConstraint("reversed <= called and called <= hours", name="called"),
    Index(None, "teacher", "year"),
    Index(None, "year", "request"),
)
"""`reason` says why a request was refused, `posting` which entry of `hours` settled it; `called` hours are
called back, of which `reversed` have been given back. `partition` and `seq` name the decision."""

recall = Table(
    "recall",
    metadata,
    Column("recall", Text, primary_key=True),
    Column("exchange", Text, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("answered", Boolean, nullable=False),
    Index(None, "exchange"),
)
