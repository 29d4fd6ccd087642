"""Table of years that are asked to be closed. A projection."""

from sqlalchemy import Column, DateTime, MetaData, SmallInteger, Table

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

closing = Table(
    "closing",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
)
