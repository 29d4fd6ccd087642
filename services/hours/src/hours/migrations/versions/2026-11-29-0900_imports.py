"""Imports of rosters, and what they replaced."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_0900"
down_revision = "2026_11_29_0850"
branch_labels = None
depends_on = None

TABLES = ("roster_import", "imported_row", "former_person")


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "roster_import",
        *_texts("import", "by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *[sa.Column(name, sa.Integer, nullable=False) for name in ("unchanged", "refused")],
        *_texts("entry"),
        sa.Column("reversal", sa.Text),
        sa.PrimaryKeyConstraint("import", name="pk_roster_import"),
    )
    op.create_table(
        "imported_row",
        *_texts("import"),
        sa.Column("teacher", sa.Text(collation="C"), nullable=False),
        *_texts("outcome", "entry"),
        sa.PrimaryKeyConstraint("import", "teacher", name="pk_imported_row"),
        sa.CheckConstraint("outcome in ('registered', 'changed')", name="ck_imported_row_outcome"),
    )
    op.create_table(
        "former_person",
        *_texts("import", "teacher", "name"),
        sa.Column("joined_on", sa.Text),
        *_texts("title"),
        *[sa.Column(name, sa.LargeBinary) for name in ("citizen_id", "identity")],
        sa.PrimaryKeyConstraint("import", "teacher", name="pk_former_person"),
    )
    for table in TABLES:
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
