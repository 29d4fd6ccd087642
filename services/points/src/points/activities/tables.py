"""Tables of intake: known acts, which things name which groups, and the states of objects."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

act = Table(
    "act",
    metadata,
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("partition", SmallInteger),
    Column("seq", BigInteger),
    Column("digest", LargeBinary),
    Column("withdrawn", Boolean, nullable=False),
    PrimaryKeyConstraint("source", "id"),
    CheckConstraint("num_nulls(partition, seq, digest) in (0, 3)", name="place"),
)
"""Idempotency keys of acts. A row without a place is a withdrawal that waits for its act."""

belonging = Table(
    "belonging",
    metadata,
    Column("parent", Text, nullable=False),
    Column("thing", Text, nullable=False),
    PrimaryKeyConstraint("parent", "thing"),
    Index(None, "thing"),
)
"""Which things ever named a group: candidates for its members, never removed."""

object_state = Table(
    "object_state",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    postgresql_with={"fillfactor": 70},
)
"""Folded states under a pack, up to a number of the object's partition. The truth of no one: what is missing
is folded again from the journal."""
