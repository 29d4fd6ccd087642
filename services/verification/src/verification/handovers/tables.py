"""The table of how pushing stands. No projection: what a receiver answered is in no journal."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

handover = Table(
    "handover",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("positions", JSONB, nullable=False),
    Column("partition", Integer),
    Column("after", BigInteger),
    Column("last", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("status", Integer),
    Column("failed_at", DateTime(timezone=True)),
    Column("next_at", DateTime(timezone=True)),
    Column("pushed_at", DateTime(timezone=True)),
    CheckConstraint("id = 1", name="single"),
)
"""One row. `partition`, `after` and `last` are the batch that is on its way; null where none is."""
