"""Tables of the records. `record` is a projection; `proof` holds personal data and is in no journal."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, MetaData, Numeric, SmallInteger, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

record = Table(
    "record",
    metadata,
    Column("record", Text, primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("hours", Numeric(10, 2), nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("recogniser", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("reversal", Text),
    CheckConstraint("state in ('registered', 'reversed')", name="state"),
    CheckConstraint("(state = 'reversed') = (reversal is not null)", name="reversal"),
    Index(None, "teacher", "year"),
)

proof = Table(
    "proof",
    metadata,
    Column("record", Text, primary_key=True),
    Column("data", Text, nullable=False),
)
"""The data printed on a stamped proof (证明), as JSON."""
