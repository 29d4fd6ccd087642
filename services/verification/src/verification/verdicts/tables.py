"""Tables of the province's verdicts and of discrepancies: projections of what was received and compared."""

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

verdict = Table(
    "verdict",
    metadata,
    Column("verdict", Text, primary_key=True),
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("totals", JSONB(none_as_null=True)),
    Column("certificate_reference", Text),
    Column("arrived", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "teacher", "year"),
    Index(
        "uq_verdict_standing",
        "teacher",
        "year",
        unique=True,
        postgresql_where=text("state = 'standing'"),
    ),
)
"""Every verdict received. `arrived` is its state on arrival, which never changes; one of each year stands."""

discrepancy = Table(
    "discrepancy",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("predicted", Text, nullable=False),
    Column("decided", Text, nullable=False),
    Column("difference", JSONB, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed", Text),
    Column("closed_at", DateTime(timezone=True)),
    Index(
        "uq_discrepancy_open",
        "teacher",
        "year",
        unique=True,
        postgresql_where=text("closed is null"),
    ),
    Index(None, "year", "teacher", "opened_at", "entry"),
)
"""Every discrepancy by the entry that opened it; `closed` is the entry that closed it."""
