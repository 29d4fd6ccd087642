"""Tables of the transcripts. `transcript` is a projection; `transcript_document` is personal."""

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, SmallInteger, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

transcript = Table(
    "transcript",
    metadata,
    Column("transcript", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("first", SmallInteger, nullable=False),
    Column("last", SmallInteger, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("entry", Text, nullable=False),
    Index(None, "teacher"),
)

transcript_document = Table(
    "transcript_document",
    metadata,
    Column("transcript", Text(collation="C"), primary_key=True),
    Column("signed", Text, nullable=False),
)
"""The signed text of each transcript, which names a person."""
