"""Table of the carry-overs: what stands for each teacher and year after the last verdict. A projection."""

from sqlalchemy import CheckConstraint, Column, MetaData, Numeric, SmallInteger, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

_HOURS = Numeric(10, 2)

carry_over = Table(
    "carry_over",
    metadata,
    Column("teacher", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("carried_in", _HOURS, nullable=False),
    Column("used_carried", _HOURS, nullable=False),
    Column("used_fresh", _HOURS, nullable=False),
    Column("expired", _HOURS, nullable=False),
    Column("carry_out", _HOURS, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("entry", Text, nullable=False),
    CheckConstraint("used_carried + expired <= carried_in", name="carried"),
)
