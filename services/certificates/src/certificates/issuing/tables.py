"""Table of issuing: notes on work that failed. No fact depends on them; without one, work is tried again."""

from sqlalchemy import Column, DateTime, MetaData, PrimaryKeyConstraint, SmallInteger, Table, Text

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

failure = Table(
    "failure",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("sign", Text, nullable=False),
    Column("failed_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("teacher", "year", "kind"),
)
"""Work that cannot be done as things are, and why. It may hold a character of a name: no journal entry."""
