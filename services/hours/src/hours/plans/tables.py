"""Tables of the plans, both of them projections of what was done to each plan."""

from sqlalchemy import (
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
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

plan = Table(
    "plan",
    metadata,
    Column("plan", Text(collation="C"), primary_key=True),
    Column("school", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("themes", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("awaits", Text),
    Column("authority", Text, nullable=False),
    Column("latest", Date),
    Column("submitted_at", DateTime(timezone=True)),
    Column("approved_at", DateTime(timezone=True)),
    Column("accounts", Text, nullable=False),
    Column("entry", Text, nullable=False),
    CheckConstraint(
        "state in ('draft', 'submitted', 'returned', 'approved', 'assessed', 'registered', 'withdrawn')",
        name="state",
    ),
    CheckConstraint(
        "state not in ('approved', 'assessed', 'registered') or approved_at is not null", name="approved_at"
    ),
    Index(None, "school", "plan"),
    Index(None, "awaits", "plan"),
)
"""`themes` and `accounts` are JSON; `awaits` is the place that is to act; `entry` is the plan's first one. A
plan is running by its first day, which is no state here."""

plan_result = Table(
    "plan_result",
    metadata,
    Column("plan", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("hours", Numeric(10, 2), nullable=False),
    Column("grade", Text, nullable=False),
    Column("handed_in", DateTime(timezone=True), nullable=False),
    Column("records", Integer, nullable=False),
    Column("registered", Boolean, nullable=False),
    CheckConstraint("grade in ('passed', 'failed')", name="grade"),
)
"""What each teacher's part in a plan came to, when that was said, how many records there were, and
whether one came of what was said last."""
