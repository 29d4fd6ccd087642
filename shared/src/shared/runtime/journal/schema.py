"""Makes the journal's tables in a service's first migration."""

from alembic.operations import Operations
from sqlalchemy import bindparam, text

from shared.runtime.journal import tables
from shared.runtime.journal.entry import genesis
from shared.runtime.journal.layout import Layout
from shared.runtime.migrate import grant

YEARS = range(2025, 2051)
"""Years of recording with a partition of their own, from the first release on."""


def create(op: Operations, layout: Layout) -> None:
    """Create and fill the tables of `tables.py`, and give the service's role what it may do with them."""
    bind = op.get_bind()
    tables.metadata.create_all(bind)
    for year in YEARS:
        op.execute(f"create table journal_{year} partition of journal for values in ({year})")
    bind.execute(
        text("insert into part (partition, seq, head, recorded_at) values (:partition, 0, :head, 'epoch')"),
        [{"partition": p, "head": genesis(layout.service, p)} for p in layout.all],
    )
    bind.execute(
        text("insert into relayed (partition, seq) values (:partition, 0)"),
        [{"partition": p} for p in layout.heard],
    )
    bind.execute(
        text("insert into layout (description) values (:description)").bindparams(
            bindparam("description", layout.describe())
        )
    )
    grant(op, "journal", "select, insert")
    grant(op, "part", "select, update")
    grant(op, "layout", "select")
    grant(op, "relayed", "select, update")
    grant(op, "position", "select, insert, update")
    grant(op, "parked", "select, insert, delete")
    grant(op, "kept_answer", "select, insert, update")


def watch_positions(op: Operations) -> None:
    """Let positions say that they are ahead of their source, in databases made before they could."""
    op.execute("alter table position add column if not exists ahead boolean not null default false")


def drop(op: Operations) -> None:
    """Remove the tables again; for `downgrade` of a first migration."""
    tables.metadata.drop_all(op.get_bind())
