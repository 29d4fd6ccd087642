"""Schema migrations (Alembic) as the owner role, and what the service's own role may do.

The owner migrates; the service runs as a role of its own that can neither change nor remove journal rows.
"""

import asyncio
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, make_url, pool, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from shared.runtime.database import Transaction
from shared.runtime.journal import tables as journal_tables

LOCK_TIMEOUT = "5s"


def upgrade(folder: Path, owner_url: str, role: str) -> None:
    """Bring the database to the newest revision in `folder`; `role` is the service's own role."""
    command.upgrade(_config(folder, owner_url, role), "head")


def check(folder: Path, owner_url: str, role: str) -> None:
    """Raise when the tables in code and the migrations differ."""
    command.check(_config(folder, owner_url, role))


@cache
def revisions(folder: Path) -> tuple[str, ...]:
    """The revisions in `folder`, the newest first."""
    return tuple(script.revision for script in ScriptDirectory(str(folder)).walk_revisions())


async def current(tx: Transaction) -> str | None:
    """The revision the database is at; None where it was never migrated."""
    known = await tx.execute(text("select to_regclass('alembic_version')"))
    if known.scalar() is None:
        return None
    return (await tx.execute(text("select version_num from alembic_version"))).scalar()


def grant(op: Operations, table: str, rights: str) -> None:
    """Give the service's role `rights` on `table`."""
    role = op.get_context().opts["role"]
    quoted = op.get_bind().dialect.identifier_preparer.quote(role)
    op.execute(f"grant {rights} on {table} to {quoted}")


def run_env(*own: MetaData) -> None:
    """What every `env.py` runs: migrations with a lock timeout, one transaction for all."""
    if context.is_offline_mode():
        raise SystemExit("migrations run against a database, not as a script")
    asyncio.run(_connect([journal_tables.metadata, *own]))


async def _connect(metadata: Sequence[MetaData]) -> None:
    options = context.config.attributes
    engine = create_async_engine(options["url"], poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate, metadata, options["role"])
    await engine.dispose()


def _migrate(connection: Connection, metadata: Sequence[MetaData], role: str) -> None:
    context.configure(
        connection=connection,
        target_metadata=list(metadata),
        include_name=_is_ours,
        compare_type=True,
        role=role,
    )
    with context.begin_transaction():
        connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()
        quoted = connection.dialect.identifier_preparer.quote(role)
        connection.execute(text(f"grant select on alembic_version to {quoted}"))


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith("journal_"))


def _config(folder: Path, owner_url: str, role: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = make_url(owner_url)
    config.attributes["role"] = role
    return config


def role_of(url: str) -> str:
    """The role that a URL connects as."""
    name = make_url(url).username
    assert name, f"no user in {make_url(url).render_as_string()}"
    return name
