"""The tables of every journal: entries, partitions, positions, what is parked, answers kept for replay."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    false,
)

from shared.runtime import clock

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

journal = Table(
    "journal",
    metadata,
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("effective_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("policy", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("year", SmallInteger, nullable=False),
    PrimaryKeyConstraint("partition", "seq", "year"),
    Index(None, "subject", "seq"),
    postgresql_partition_by="LIST (year)",
)
"""Append-only. `data` is text: `jsonb` would not give back the bytes that were hashed."""


FIRST_YEAR = 2025
"""The year in which every journal begins, whenever its database was made."""


def year_table(year: int) -> str:
    """The partition of the table that holds a year of recording."""
    return f"journal_{year}"


def so_far() -> str:
    """A condition for every query: partitions of years ahead are empty, and nobody need look into each.

    A literal, so that they are left out while planning. One year more than our clock says, for a copy whose
    clock is ahead of it.
    """
    return f"journal.year <= {clock.now().year + 1}"


part = Table(
    "part",
    metadata,
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    postgresql_with={"fillfactor": 50},
)
"""One row a partition: the lock, the last number, the last hash."""

layout = Table("layout", metadata, Column("description", Text, primary_key=True))
"""The layout the database was made with, one row."""

relayed = Table(
    "relayed",
    metadata,
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    postgresql_with={"fillfactor": 50},
)
"""A hint: what the broker has acknowledged. Losing it costs a second publication."""

position = Table(
    "position",
    metadata,
    Column("source", Text, primary_key=True),
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("ahead", Boolean, nullable=False, server_default=false()),
    postgresql_with={"fillfactor": 50},
)
"""How far each heard partition has been applied; stored in the transaction of the effects.

`ahead` once the source turned out to have less than was applied: nothing of the partition is applied then.
"""

parked = Table(
    "parked",
    metadata,
    Column("source", Text, primary_key=True),
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False),
    Index(None, "source", "subject"),
)
"""Events that could not be applied, with those of the same subject behind them, in order."""

kept_answer = Table(
    "kept_answer",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("body", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
"""First answers by idempotency key, written in the transaction of the effect and kept."""

seal = Table(
    "seal",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)
"""Years of recording that were checked and are closed to writing, each under the hash of its stretches."""

stretch = Table(
    "stretch",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
)
"""What a sealed year holds of each partition, with the hashes before its first entry and of its last."""

archive = Table(
    "archive",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("file", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("archived_at", DateTime(timezone=True), nullable=False),
)
"""Sealed years that lie in a file; while a year is `kept`, its entries lie in the journal's table as well."""
