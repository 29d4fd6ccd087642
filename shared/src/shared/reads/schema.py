"""Makes the log in a service's migration: its role may add to it and read it, and nothing else."""

from alembic.operations import Operations

from shared.reads.tables import metadata
from shared.runtime.migrate import grant


def create(op: Operations) -> None:
    """Make the tables."""
    metadata.create_all(op.get_bind(), checkfirst=False)
    for table in metadata.sorted_tables:
        grant(op, table.name, "select, insert")


def drop(op: Operations) -> None:
    """Remove them again."""
    metadata.drop_all(op.get_bind(), checkfirst=False)
