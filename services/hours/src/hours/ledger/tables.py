"""Tables of the ledger: a line for each ground, deductions, sums by year, closed and reopened years.

All are projections of `hours.posted`, `hours.reversed`, `hours.deducted`, `hours.carried_over`,
`hours.year_closed` and `hours.year_reopened`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

HOURS = Numeric(10, 2)

line = Table(
    "line",
    metadata,
    Column("ground", Text, primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("category", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("registered", BigInteger, nullable=False),
    Column("origin", Text, nullable=False),
    Column("effective_at", DateTime(timezone=True), nullable=False),
    Column("counted", HOURS, nullable=False),
    Column("over_cap", HOURS, nullable=False),
    Column("reason", Text, nullable=False),
    Column("posting", Text),
    Column("held", HOURS),
    Column("cap", HOURS),
    Column("cycle_cap", HOURS),
    Column("cycle_first", SmallInteger),
    Column("cycle_last", SmallInteger),
    Column("policy", Text),
    CheckConstraint("counted >= 0 and over_cap >= 0", name="amounts"),
    CheckConstraint("posting is not null or counted + over_cap = 0", name="posting"),
    Index(None, "teacher", "year", "rule", "category"),
)
"""One row a ground. `registered` is the number of its first posting and keeps its place in the order of
caps; `posting` is the event id of the live posting, null once it was taken back, `policy` the version of the
rules under which it was registered; `cap` is the cap of that version, `cycle_cap` that of the cycle from
`cycle_first` to `cycle_last`, null where it has none. `held` are the hours that made credits, where these
count."""

deducted = Table(
    "deducted",
    metadata,
    Column("deduction", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("registered", BigInteger, nullable=False),
    Column("origin", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("asked", HOURS, nullable=False),
    Column("most", HOURS, nullable=False),
    Column("categories", JSONB, nullable=False),
    Column("hours", JSONB, nullable=False),
    Column("short", HOURS, nullable=False),
    Column("withholds", Boolean, nullable=False),
    Column("entry", Text, nullable=False),
    Column("policy", Text, nullable=False),
    CheckConstraint("asked >= most and short >= 0", name="amounts"),
    Index(None, "teacher", "year"),
)
"""One row a deduction that was ever made: `asked` and `most` are 0 once it was withdrawn. `registered` is the
number of its first entry, `entry` the id of its last; `hours` is what it takes now, by category."""

total = Table(
    "total",
    metadata,
    Column("teacher", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("hours", JSONB, nullable=False),
    Column("deducted", JSONB, nullable=False, server_default="{}"),
    Column("over_cap", HOURS, nullable=False),
    Column("carried_in", HOURS, nullable=False),
    Column("used_carried", HOURS, nullable=False),
    Column("used_fresh", HOURS, nullable=False),
    Column("expired", HOURS, nullable=False),
    Column("carry_out", HOURS, nullable=False),
    CheckConstraint("over_cap >= 0 and hours::text not like '%\"-%'", name="sums"),
)
"""`hours` are those that were posted, by category, without those that are zero; none is negative. What counts
is these less the `deducted` ones."""

closed_year = Table(
    "closed_year",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("entry", Text, nullable=False),
)
"""A mark for each partition of teachers: registration for the year has ended there."""

reopened_year = Table(
    "reopened_year",
    metadata,
    Column("teacher", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("until", Date, nullable=False),
    Column("entry", Text, nullable=False),
)
"""Years that an authority opened again for a teacher, up to a day; the last word on each."""
