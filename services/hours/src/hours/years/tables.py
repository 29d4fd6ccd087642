"""Table of the closings that were asked for. A projection of `year.close_requested`."""

from sqlalchemy import Column, DateTime, MetaData, SmallInteger, Table, Text

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

closing = Table(
    "closing",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("entry", Text, nullable=False),
)
