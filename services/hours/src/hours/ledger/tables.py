"""Tables of the ledger: a line for each ground, sums for each teacher and year, closed and reopened years.

All are projections of `hours.posted`, `hours.reversed`, `hours.carried_over`, `hours.year_closed` and
`hours.year_reopened`.
"""

from sqlalchemy import (
    BigInteger,
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

total = Table(
    "total",
    metadata,
    Column("teacher", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("hours", JSONB, nullable=False),
    Column("over_cap", HOURS, nullable=False),
    Column("carried_in", HOURS, nullable=False),
    Column("used_carried", HOURS, nullable=False),
    Column("used_fresh", HOURS, nullable=False),
    Column("expired", HOURS, nullable=False),
    Column("carry_out", HOURS, nullable=False),
    CheckConstraint("over_cap >= 0 and hours::text not like '%\"-%'", name="sums"),
)
"""`hours` are the counted ones by category, without those that are zero; none is negative."""

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
