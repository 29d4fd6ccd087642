"""Tables of the reviews: projections of what was opened, drawn, marked, answered and signed off."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

review = Table(
    "review",
    metadata,
    Column("review", Text(collation="C"), primary_key=True),
    Column("place", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("sample", Text),
    Column("seed", Text, nullable=False),
    Column("registered", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("override", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("signed_off_at", DateTime(timezone=True)),
    CheckConstraint("state in ('open', 'signed_off')", name="state"),
    CheckConstraint("(state = 'open') = (signed_off_at is null)", name="signed_off"),
    Index(None, "place", "review"),
)
"""`sample` is JSON; none where everything is looked at."""

review_item = Table(
    "review_item",
    metadata,
    Column("review", Text(collation="C"), primary_key=True),
    Column("record", Text(collation="C"), primary_key=True),
    Column("answerable", Text(collation="C"), nullable=False),
    Column("mark", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("upheld", Boolean, nullable=False),
    CheckConstraint("mark in ('open', 'in_order', 'objected')", name="mark"),
    Index(None, "record"),
    Index(
        "ix_review_item_objected",
        "answerable",
        "review",
        "record",
        postgresql_where=text("mark = 'objected'"),
    ),
)
