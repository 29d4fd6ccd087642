"""Tables of the ledger: series, reservations, certificates and versions are projections; documents are kept.

A document holds what was printed, names included. It is outside the journal and never changes: the service's
role may only insert and read it.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

series = Table(
    "series",
    metadata,
    Column("series", Text(collation="C"), primary_key=True),
    Column("serial", Integer, nullable=False),
)
"""The last serial of each series. The lock on the series' journal partition is the lock on its counter."""

reservation = Table(
    "reservation",
    metadata,
    Column("number", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("series", Text(collation="C"), nullable=False),
    Column("serial", Integer, nullable=False),
    UniqueConstraint("teacher", "year", "kind"),
    UniqueConstraint("series", "serial"),
)
"""Whose number it is, from the moment it leaves the series: a crash before the issue goes on with it."""

certificate = Table(
    "certificate",
    metadata,
    Column("number", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),
    UniqueConstraint("teacher", "year", "kind"),
    Index(None, "year", "number"),
)
"""One row for each teacher, year and kind; `version` is the current one."""

version = Table(
    "version",
    metadata,
    Column("number", Text(collation="C"), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_person", Boolean, nullable=False),
    Column("replaced_by", SmallInteger),
    Column("verdict", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("hours", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("last", SmallInteger),
    Column("valid_until", Date),
    PrimaryKeyConstraint("number", "version"),
)
"""Each version ever issued, its state, the hours on it and the verdict behind it.

`last` only of a cycle; of what is over by `valid_until` the state is told by the day that is asked for.
"""

document = Table(
    "document",
    metadata,
    Column("number", Text(collation="C"), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("school", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("pdf", LargeBinary, nullable=False),
    PrimaryKeyConstraint("number", "version"),
)
"""The bytes of each version as issued, and the name and school printed on it."""
