"""The table of the deductions: a projection of `deduction.made` and `deduction.withdrawn`."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, MetaData, SmallInteger, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

deduction = Table(
    "deduction",
    metadata,
    Column("deduction", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    Column("withdrawn_because", Text, nullable=False),
    Column("entry", Text, nullable=False),
    CheckConstraint("state in ('standing', 'withdrawn')", name="state"),
    Index(None, "teacher"),
)
"""What each takes of its year stands in the ledger."""
