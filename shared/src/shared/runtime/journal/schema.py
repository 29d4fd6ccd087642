"""Makes the journal's tables in a service's first migration."""

from alembic.operations import Operations
from sqlalchemy import bindparam, text

from shared.runtime.journal import tables
from shared.runtime.journal.entry import genesis
from shared.runtime.journal.layout import Layout
from shared.runtime.migrate import grant
from shared.startup import StartUpError

YEARS = range(tables.FIRST_YEAR, 2051)
"""Years of recording with a partition of their own, from the first release on."""

_REFUSE = """
create or replace function refuse_sealed() returns trigger language plpgsql as $$
begin
    raise exception 'the year % of the journal is sealed', tg_argv[0] using errcode = 'restrict_violation';
end
$$
"""
_ARCHIVE = (tables.seal, tables.stretch, tables.archive)


def create(op: Operations, layout: Layout) -> None:
    """Create and fill the tables of `tables.py`, and give the service's role what it may do with them."""
    bind = op.get_bind()
    tables.metadata.create_all(bind)
    for year in YEARS:
        op.execute(f"create table {tables.year_table(year)} partition of journal for values in ({year})")
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
    keep_archives(op)


def watch_positions(op: Operations) -> None:
    """Let positions say that they are ahead of their source, in databases made before they could."""
    op.execute("alter table position add column if not exists ahead boolean not null default false")


def name_kinds(op: Operations, layout: Layout) -> None:
    """Let kinds of subject join ranks of a database made before: no subject that was written moves by it."""
    op.get_bind().execute(text("update layout set description = :as_now"), {"as_now": layout.describe()})


def move_kind(op: Operations, layout: Layout, kind: str) -> None:
    """Let a kind of subject stand in the rank that `layout` gives it, in databases that hold none of it yet.

    Raises:
        StartUpError: entries were written in another rank. They would stay there, and later ones would not.
    """
    elsewhere = sorted(set(layout.all) - set(layout.partitions(kind)))
    written = text("select count(*) from journal where partition = any(:elsewhere) and subject like :those")
    found = op.get_bind().execute(written, {"elsewhere": elsewhere, "those": f"{kind}:%"}).scalar_one()
    if found:
        raise StartUpError(
            f"the journal holds entries ({found}) on subjects '{kind}:' in another rank than this version "
            "writes them, and entries never move; nothing was migrated. Go on with the version that wrote "
            "them, or begin with a new database."
        )
    name_kinds(op, layout)


def hear_again(op: Operations, source: str) -> None:
    """Let everything be heard again that a source has ever said, for a room that begins to hear it.

    Only where hearing it twice changes nothing in the rooms that heard it before. No copy may be at work
    meanwhile: it would hear it without the new room.
    """
    op.get_bind().execute(text("update position set seq = 0 where source = :source"), {"source": source})


def keep_archives(op: Operations) -> None:
    """Let years be sealed and archived, also in databases made before they could. The owner does it alone."""
    tables.metadata.create_all(op.get_bind(), tables=_ARCHIVE)
    op.execute(_REFUSE)
    for table in _ARCHIVE:
        grant(op, table.name, "select")


def keep_no_archives(op: Operations) -> None:
    """Forget how; for `downgrade` of that migration."""
    for table in _ARCHIVE:
        op.drop_table(table.name)
    op.execute("drop function refuse_sealed() cascade")


def drop(op: Operations) -> None:
    """Remove the tables again; for `downgrade` of a first migration."""
    tables.metadata.drop_all(op.get_bind())
    op.execute("drop function if exists refuse_sealed()")
