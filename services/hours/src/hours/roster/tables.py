"""Tables of the roster. `teacher` is a projection; `person` holds what is in no journal and never rebuilt."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
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

roster_import = Table(
    "roster_import",
    metadata,
    Column("import", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("reversal", Text),
)

imported_row = Table(
    "imported_row",
    metadata,
    Column("import", Text, primary_key=True),
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("taken_back", Text),
    CheckConstraint("outcome in ('registered', 'changed')", name="outcome"),
)
"""What an import changed, by the entries that it made; what its reversal did about it."""

former_person = Table(
    "former_person",
    metadata,
    Column("import", Text, primary_key=True),
    Column("teacher", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("joined_on", Text),
    Column("title", Text, nullable=False),
    Column("citizen_id", LargeBinary),
    Column("identity", LargeBinary),
)
"""What was known of persons before an import changed it: personal data, in no journal, for its reversal."""
