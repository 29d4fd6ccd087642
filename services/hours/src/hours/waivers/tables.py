"""Tables of the waivers. `waiver` is a projection; `waiver_ground` is personal, sealed, and in no journal."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

waiver = Table(
    "waiver",
    metadata,
    Column("waiver", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("first", SmallInteger, nullable=False),
    Column("last", SmallInteger, nullable=False),
    Column("hours", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("entry", Text, nullable=False),
    CheckConstraint("state in ('pending', 'approved', 'refused', 'ended')", name="state"),
    Index(None, "teacher"),
)
"""`hours` is JSON by category; `last` moves back where a waiver ends early."""

waiver_ground = Table(
    "waiver_ground",
    metadata,
    Column("waiver", Text(collation="C"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
