"""Tables of the courses: how far each is, a projection; and what forms say, which is in no journal."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Index, Integer, MetaData, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

course = Table(
    "course",
    metadata,
    Column("course", Text(collation="C"), primary_key=True),
    Column("rule", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("applicant", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("steps", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("step_number", Integer, nullable=False),
    Column("awaits", Text),
    Column("term", Text),
    Column("received_on", Date, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Column("deeds", Text, nullable=False),
    CheckConstraint("state in ('pending', 'returned', 'refused', 'listed', 'dropped')", name="state"),
    CheckConstraint("(state in ('refused', 'dropped')) = (awaits is null)", name="awaits"),
    Index(None, "awaits", "course"),
    Index(None, "organisation", "course"),
    Index(None, "account", "course"),
    Index(None, "term", "received_on"),
)
"""`steps` and `deeds` are JSON; `awaits` is the caller who is to act next, `term` the rule about its time."""

course_form = Table(
    "course_form",
    metadata,
    Column("course", Text(collation="C"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("form", Text, nullable=False),
)
"""What was handed in, as JSON, by its digest; it may name people, so the journal has the digest alone."""
