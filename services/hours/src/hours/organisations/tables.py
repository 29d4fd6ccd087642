"""Tables of the organisations, all of them projections: the tree, codes ever given, what is no more."""

from sqlalchemy import CheckConstraint, Column, Date, Index, MetaData, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

organisation = Table(
    "organisation",
    metadata,
    Column("organisation", Text(collation="C"), primary_key=True),
    Column("level", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent", Text(collation="C")),
    Column("division", Text),
    Column("school_code", Text),
    Column("credit_code", Text, index=True),
    Column("entry", Text, nullable=False),
    CheckConstraint("level in ('province', 'city', 'district', 'school')", name="level"),
    CheckConstraint("(level = 'province') = (parent is null)", name="parent"),
    CheckConstraint("(level = 'school') = (division is null)", name="division"),
    CheckConstraint("school_code is null or level = 'school'", name="school_code"),
    Index(None, "parent", "organisation"),
)
"""No code is unique by a constraint: a rebuild reads one organisation after another, and may meet a code with
the one that took it over before it meets who gave it up."""

held_division = Table(
    "held_division",
    metadata,
    Column("organisation", Text(collation="C"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("division", Text, nullable=False),
)
"""Under which code a division was known from which day on; it ends where the next one begins."""

given_school_code = Table(
    "given_school_code",
    metadata,
    Column("school_code", Text, primary_key=True),
    Column("organisation", Text, nullable=False),
)
"""Whose a school code is or was: it is never given to another school."""

abolished_organisation = Table(
    "abolished_organisation",
    metadata,
    Column("organisation", Text(collation="C"), primary_key=True),
    Column("until", Date, nullable=False),
    Column("successor", Text, nullable=False),
)
"""What is no more from the day `until` on; it stays in the tree, where it stood."""
