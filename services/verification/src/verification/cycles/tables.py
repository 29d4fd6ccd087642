"""The table of verdicts on cycles: the one that stands on each; the journal has those before it."""

from sqlalchemy import Boolean, Column, Index, MetaData, PrimaryKeyConstraint, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

cycle_decision = Table(
    "cycle_decision",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("cycle", Text, nullable=False),
    Column("first", SmallInteger, nullable=False),
    Column("last", SmallInteger, nullable=False),
    Column("entry", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("is_short", Boolean, nullable=False),
    Column("said", JSONB, nullable=False),
    PrimaryKeyConstraint("teacher", "cycle", "first"),
    Index(None, "cycle", "last", "teacher"),
)
"""`said` is the fact of `entry` whole; `is_short` says whether a year of it misses what each year asks."""
