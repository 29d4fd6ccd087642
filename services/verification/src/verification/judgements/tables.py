"""Tables of predictions and verdicts: the latest of each on a teacher's year; the journal has the rest."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

prediction = Table(
    "prediction",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("required", JSONB, nullable=False),
    Column("shortfall", JSONB, nullable=False),
    Column("run", Text, nullable=False),
    Column("withheld", JSONB, nullable=False, server_default="[]"),
    PrimaryKeyConstraint("teacher", "year"),
    Index(None, "year", "teacher"),
)
"""What the local computation says last. `entry` is the journal entry that holds it."""

decision = Table(
    "decision",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("prediction", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("doubted", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("teacher", "year"),
)
"""The verdict that stands; `prediction` is the entry of the prediction on whose figures it was made."""

submission = Table(
    "submission",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("told", Boolean, nullable=False),
    PrimaryKeyConstraint("teacher", "year"),
    Index(None, "submitted_at"),
)
"""What was handed over to the province and waits for its verdict; `told` where it was said to be overdue."""
