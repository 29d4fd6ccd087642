"""Tables of the annual plans. Plans and entries are projections; `annual_plan_report` is in no journal."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

annual_plan = Table(
    "annual_plan",
    metadata,
    Column("organiser", Text(collation="C"), primary_key=True),
    Column("year", SmallInteger, primary_key=True),
    Column("reported_at", DateTime(timezone=True)),
    Column("reported_by", Text),
    Column("digest", Text),
    Column("files", ARRAY(Text), nullable=False),
    CheckConstraint("(reported_at is null) = (digest is null)", name="reported"),
)
"""Digest and files are those of its report."""

annual_plan_entry = Table(
    "annual_plan_entry",
    metadata,
    Column("entry", Text(collation="C"), primary_key=True),
    Column("organiser", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("hours", Numeric(10, 2), nullable=False),
    Column("people", Integer, nullable=False),
    Column("first", Date),
    Column("last", Date),
    Column("added_later", Boolean, nullable=False),
    Column("declared_at", DateTime(timezone=True), nullable=False),
    Column("hands", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("state in ('declared', 'admitted', 'returned')", name="state"),
    Index(None, "organiser", "year", "turn"),
    Index("ix_annual_plan_entry_declared", "organiser", "year", postgresql_where=text("state = 'declared'")),
)
"""`entry` is what classes call it by, `turn` the order of first declaration from 1; `hands` are the offices
and accounts that declared it."""

annual_plan_report = Table(
    "annual_plan_report",
    metadata,
    Column("organiser", Text(collation="C"), primary_key=True),
    Column("year", SmallInteger, primary_key=True),
    Column("words", Text, nullable=False),
)
"""What the organiser wrote; people may stand in it."""
