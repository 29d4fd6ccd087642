"""Tables of the evidence: who handed in what, what each file is used for, and which files are to leave.

The first two are projections. What is to leave is work, which a rebuild does not touch.
"""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

evidence = Table(
    "evidence",
    metadata,
    Column("digest", Text(collation="C"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""One row for everybody who handed the same file in; `subject` is the account."""

evidence_use = Table(
    "evidence_use",
    metadata,
    Column("digest", Text(collation="C"), primary_key=True),
    Column("matter", Text, primary_key=True),
    Column("teacher", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("school", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("override", Text, nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index(None, "matter"),
)
"""A use that has ended stays, and no longer stands."""

erased_file = Table(
    "erased_file",
    metadata,
    Column("digest", Text(collation="C"), primary_key=True),
    Column("gone", Boolean, nullable=False),
)
"""A file whose evidence was erased, until it is handed in again; `gone` once it has left its place."""
