"""Tables of the declarations. `declaration` is a projection; `declared_proof` is personal, in no journal."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, MetaData, Numeric, SmallInteger, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

declaration = Table(
    "declaration",
    metadata,
    Column("declaration", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("registration", Text, nullable=False),
    Column("declarant", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("hours", Numeric(10, 2)),
    Column("credits", Numeric(10, 2)),
    Column("handed_in", DateTime(timezone=True)),
    Column("override", Text, nullable=False),
    Column("reviewers", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("awaits", Text),
    Column("entry", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    CheckConstraint(
        "state in ('draft', 'declared', 'reviewed', 'posted', 'returned', 'refused', 'withdrawn')",
        name="state",
    ),
    CheckConstraint("(state in ('declared', 'reviewed')) = (awaits is not null)", name="awaits"),
    Index(None, "teacher", "year"),
    Index(None, "awaits", "since", "declaration"),
    Index(None, "since", "declaration"),
)
"""`registration`, `reviewers`, `accounts` and `authors` are JSON; `since` is when it came into its state,
`handed_in` when it was declared."""

declared_proof = Table(
    "declared_proof",
    metadata,
    Column("declaration", Text, primary_key=True),
    Column("data", Text, nullable=False),
)
"""The data printed on a stamped proof (证明) that was declared, as JSON, by declaration."""
