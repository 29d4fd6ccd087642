"""Transfers of teachers between schools."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_0920"
down_revision = "2026_11_29_0910"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("transfer", sa.Text(collation="C"), nullable=False),
        *_texts("teacher", "from_school", "to_school", "approvers"),
        sa.Column("approved", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("awaits", sa.Text),
        sa.PrimaryKeyConstraint("transfer", name="pk_transfer"),
        sa.CheckConstraint("state in ('pending', 'approved', 'refused')", name="ck_transfer_state"),
        sa.CheckConstraint("(state = 'pending') = (awaits is not null)", name="ck_transfer_awaits"),
    )
    op.create_index("ix_transfer_teacher", "transfer", ["teacher"])
    op.create_index("ix_transfer_awaits_transfer", "transfer", ["awaits", "transfer"])
    grant(Operations(op.get_context()), "transfer", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("transfer")
