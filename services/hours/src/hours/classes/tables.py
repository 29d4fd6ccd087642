"""Tables of the classes, all of them projections: classes, seats, absences, results, swaps."""

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

training_class = Table(
    "class",
    metadata,
    Column("class", Text(collation="C"), primary_key=True),
    Column("organiser", Text(collation="C"), nullable=False),
    Column("level", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("enrol_by", Date, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("capacity", Integer),
    Column("outline", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("annual_plan", Text(collation="C"), nullable=False),
    Column("held", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("awaits", Text),
    CheckConstraint("state in ('proposed', 'approved', 'returned', 'refused', 'cancelled')", name="state"),
    CheckConstraint("level in ('province', 'city', 'district')", name="level"),
    Index(None, "organiser", "class"),
    Index(None, "awaits", "class"),
    Index(None, "category", "enrol_by", postgresql_where=text("state = 'approved'")),
    Index(None, "annual_plan", postgresql_where=text("annual_plan <> ''")),
)
"""`outline` and `accounts` are JSON; `awaits` is the office that is to act on its results.

What is `held` waits until its entry of an annual plan is admitted, which the annual plans say. The third
index is for whoever looks for open classes of a category.
"""

seat = Table(
    "seat",
    metadata,
    Column("class", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("by", Text, nullable=False),
    CheckConstraint("state in ('enrolled', 'waiting', 'withdrawn', 'swapped', 'cancelled')", name="state"),
    Index(None, "class", "state", "turn"),
    Index(None, "teacher"),
)
"""`turn` is the order of enrolment, in which those who wait move up."""

absence = Table(
    "absence",
    metadata,
    Column("class", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("lesson", Text, primary_key=True),
    Column("absent", Numeric(10, 2), nullable=False),
    Column("excused", Boolean, nullable=False),
)

result = Table(
    "result",
    metadata,
    Column("class", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("outcome", Text),
    Column("score", Numeric(5, 2)),
    Column("grade", Text, nullable=False),
    Column("reassessment", Boolean, nullable=False),
    Column("handed_in", DateTime(timezone=True), nullable=False),
    Column("records", Integer, nullable=False),
    Column("accounts", ARRAY(Text), nullable=False),
    Column("registrar", Text),
    CheckConstraint("outcome in ('passed', 'failed')", name="outcome"),
)
"""Without an outcome a reassessment is ordered.

`records` is how many records it has had; the records themselves say whether one stands. `accounts` are those
that handed it in; `registrar` is who registered it, while that awaits recognition.
"""

swap = Table(
    "swap",
    metadata,
    Column("swap", Text(collation="C"), primary_key=True),
    Column("class", Text(collation="C"), nullable=False),
    Column("leaving", Text, nullable=False),
    Column("replacement", Text, nullable=False),
    Column("leaving_school", Text, nullable=False),
    Column("replacement_school", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("override", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("approvers", Text, nullable=False),
    Column("approved", Integer, nullable=False),
    Column("awaits", Text),
    CheckConstraint("state in ('pending', 'approved', 'refused', 'withdrawn', 'cancelled')", name="state"),
    CheckConstraint("(state = 'pending') = (awaits is not null)", name="awaits"),
    Index(None, "class"),
    Index(None, "awaits", "swap"),
)
"""`approvers` is JSON; `awaits` is the office that is to act next."""
