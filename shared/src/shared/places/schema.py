"""Makes tables of places in a service's migration."""

from alembic.operations import Operations
from sqlalchemy import Table

from shared.runtime.migrate import grant


def create(op: Operations, *kept: Table) -> None:
    """Make those tables that a service keeps, and let its role write what it hears."""
    for table in kept:
        table.create(op.get_bind())
        grant(op, table.name, "select, insert, update, delete")


def drop(op: Operations, *kept: Table) -> None:
    """Remove them again."""
    for table in kept:
        op.drop_table(table.name)
