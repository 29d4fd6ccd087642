"""The tables of the log: a reading is one request that was answered, and shown is everybody whom it showed.

They are two, since a list shows a thousand teachers at once. Neither refers to the other: both are written by
one statement, and forgotten by their instant.
"""

from sqlalchemy import BigInteger, Column, DateTime, Identity, MetaData, Table, Text

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

reading = Table(
    "reading",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("caller", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("correlation", Text),
)
"""Who read: the caller as a journal names it, the subject of its token, what it did by which route."""

shown = Table(
    "shown",
    metadata,
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("reading", BigInteger, primary_key=True),
)
"""Whom a reading showed; with its instant, so that what is asked of one teacher lies together, in order."""
