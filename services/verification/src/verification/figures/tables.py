"""Tables of the roster and the counted hours: projections of what was heard."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

roster = Table(
    "roster",
    metadata,
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("school", Text(collation="C"), nullable=False),
    Column("district", Text(collation="C"), nullable=False),
    Column("heard", Text, nullable=False),
    Index(None, "school", "teacher"),
    Index(None, "district", "teacher"),
)
"""One row a teacher. Compared by code point, so that the order of teachers is the same everywhere."""

figures = Table(
    "figures",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("hours", JSONB, nullable=False),
    Column("heard", Text, nullable=False),
    Column("deductions", JSONB, nullable=False, server_default="{}"),
    PrimaryKeyConstraint("teacher", "year"),
)
"""Posted hours of a teacher's year, by category and `carried_in`, and each deduction that stands."""

waived = Table(
    "waived",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("hours", JSONB, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("heard", Text, nullable=False),
    PrimaryKeyConstraint("teacher", "year"),
)
"""What is waived of a teacher's year, by category; nothing where there is no row."""
