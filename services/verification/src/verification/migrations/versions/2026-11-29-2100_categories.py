"""Hours by the categories of the pack, whatever these are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_2100"
down_revision = "2026_11_29_1720"
branch_labels = None
depends_on = None

_CATEGORIES = ("public", "professional", "elective")
_PARTS = (*_CATEGORIES, "carried_in")
_TABLES = {
    "figures": ("hours", _PARTS, "hours > 0"),
    "waived": ("hours", _CATEGORIES, "hours > 0"),
    "prediction": ("figures", _PARTS, "true"),
}


def upgrade() -> None:
    for table, (column, names, kept) in _TABLES.items():
        op.add_column(table, sa.Column(column, JSONB))
        parts = ", ".join(f"('{name}', {name})" for name in names)
        op.execute(
            f"update {table} set {column} = coalesce((select jsonb_object_agg(part, hours::text)"  # noqa: S608 - our own names
            f" from (values {parts}) as parts (part, hours) where {kept}), '{{}}')"
        )
        op.alter_column(table, column, nullable=False)
        for name in names:
            op.drop_column(table, name)


def downgrade() -> None:
    for table, (column, names, _) in _TABLES.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Numeric(8, 2), nullable=False, server_default="0"))
            op.execute(
                f"update {table} set {name} = coalesce(({column}->>'{name}')::numeric, 0)"  # noqa: S608 - our own names
            )
            op.alter_column(table, name, server_default=None)
        op.drop_column(table, column)
