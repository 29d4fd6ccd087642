"""Makes the tables in a service's migration: its role may add to them and read them, and nothing else."""

from alembic.operations import Operations

from shared.adoptions.tables import metadata
from shared.runtime.migrate import grant


def create(op: Operations) -> None:
    """Make the tables."""
    metadata.create_all(op.get_bind(), checkfirst=False)
    for table in metadata.sorted_tables:
        grant(op, table.name, "select, insert")


def drop(op: Operations) -> None:
    """Remove them again."""
    metadata.drop_all(op.get_bind(), checkfirst=False)
