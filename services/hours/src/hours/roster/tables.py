"""Tables of the roster. `teacher` is a projection; `person` holds what is in no journal and never rebuilt."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

teacher = Table(
    "teacher",
    metadata,
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("school", Text, nullable=False),
    Column("district", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("vocational", Boolean, nullable=False),
    Column("digest", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Index(None, "school", "teacher"),
    Index(None, "district", "teacher"),
)

person = Table(
    "person",
    metadata,
    Column("teacher", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("joined_on", Text),
    Column("title", Text, nullable=False, server_default=""),
    Column("citizen_id", LargeBinary),
    Column("identity", LargeBinary, unique=True),
    Column("salt", LargeBinary, nullable=False),
    CheckConstraint("(citizen_id is null) = (identity is null)", name="identity"),
)
"""The salt makes digests in the journal meaningless once this row is erased. `citizen_id` is sealed, and
`identity` its keyed digest, by which nobody is listed twice."""
