"""Hours by the categories of the pack, whatever these are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_2100"
down_revision = "2026_11_29_1400"
branch_labels = None
depends_on = None

_PARTS = ("public", "professional", "elective", "carried_in", "total")
_TABLES = ("entitlement", "version")


def upgrade() -> None:
    parts = ", ".join(f"'{name}', {name}::text" for name in _PARTS)
    for table in _TABLES:
        op.add_column(table, sa.Column("hours", JSONB))
        op.execute(f"update {table} set hours = jsonb_build_object({parts})")  # noqa: S608 - our own names
        op.alter_column(table, "hours", nullable=False)
        for name in _PARTS:
            op.drop_column(table, name)


def downgrade() -> None:
    for table in _TABLES:
        for name in _PARTS:
            op.add_column(table, sa.Column(name, sa.Numeric(8, 2), nullable=False, server_default="0"))
            op.execute(f"update {table} set {name} = (hours->>'{name}')::numeric")  # noqa: S608 - our own names
            op.alter_column(table, name, server_default=None)
        op.drop_column(table, "hours")
