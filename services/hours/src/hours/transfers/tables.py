"""Table of the transfers. A projection of what was requested, approved and refused."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

transfer = Table(
    "transfer",
    metadata,
    Column("transfer", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("from_school", Text, nullable=False),
    Column("to_school", Text, nullable=False),
    Column("approvers", Text, nullable=False),
    Column("approved", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("awaits", Text),
    CheckConstraint("state in ('pending', 'approved', 'refused')", name="state"),
    CheckConstraint("(state = 'pending') = (awaits is not null)", name="awaits"),
    Index(None, "teacher"),
    Index(None, "awaits", "transfer"),
)
"""`approvers` is JSON; `awaits` is the caller who is to approve next."""
