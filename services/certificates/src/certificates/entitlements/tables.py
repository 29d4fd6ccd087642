"""Tables of entitlements: a projection of what was heard, ordered and issued."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

entitlement = Table(
    "entitlement",
    metadata,
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("policy", Text, nullable=False),
    Column("hours", JSONB, nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("work", Text, nullable=False),
    Column("ordered", Text, nullable=False),
    PrimaryKeyConstraint("teacher", "year", "kind"),
)
"""The last verdict on each teacher's year, and the work it still calls for."""

Index(
    "ix_entitlement_work",
    entitlement.c.teacher,
    entitlement.c.year,
    entitlement.c.kind,
    postgresql_where=entitlement.c.work != "none",
)
