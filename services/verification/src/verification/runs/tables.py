"""The table of runs: a projection of what runs wrote down."""

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal.tables import metadata as journal_metadata

metadata = MetaData(naming_convention=journal_metadata.naming_convention)

run = Table(
    "run",
    metadata,
    Column("run", Text, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("scope", Text, nullable=False),
    Column("id", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("cut", JSONB(none_as_null=True)),
    Column("total", Integer),
    Column("cursor", Text(collation="C"), nullable=False),
    Column("judged", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("cycle", Text, nullable=False, server_default=""),
    Index(None, "requested_at", "run"),
    Index("ix_run_unfinished", "requested_at", "run", postgresql_where=text("state <> 'done'")),
)
"""One row a run. `scope` is its kind and `id` which of that kind; `by` is who asked, where that was kept;
`cycle` the rule whose cycle is judged, of which `year` is the last."""
