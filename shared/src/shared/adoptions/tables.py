"""The tables: a policy is a version with its one text, and an adoption says when one came into force.

Each number is the one before and one more: of two copies that start at once only one can follow it.
"""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, MetaData, Table, Text

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

policy = Table(
    "policy",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("reference", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("text", Text, nullable=False),
)
"""The version as entries name it, and its text with the SHA-256 of it, hex."""

adoption = Table(
    "adoption",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("policy", BigInteger, ForeignKey(policy.c.number), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""One is in force from then on until the next one is."""
