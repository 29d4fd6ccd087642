"""Verdicts on cycles, and runs that give them."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.migrate import grant

revision = "2026_11_30_0430"
down_revision = "2026_11_30_0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("cycle", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "cycle_decision",
        sa.Column("teacher", sa.Text(collation="C"), nullable=False),
        sa.Column("cycle", sa.Text, nullable=False),
        sa.Column("first", sa.SmallInteger, nullable=False),
        sa.Column("last", sa.SmallInteger, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("is_short", sa.Boolean, nullable=False),
        sa.Column("said", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "cycle", "first", name="pk_cycle_decision"),
    )
    op.create_index("ix_cycle_decision_cycle_last_teacher", "cycle_decision", ["cycle", "last", "teacher"])
    grant(Operations(op.get_context()), "cycle_decision", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("cycle_decision")
    op.drop_column("run", "cycle")
