"""Waivers, and their grounds under seal."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1510"
down_revision = "2026_11_29_1505"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiver",
        sa.Column("waiver", sa.Text(collation="C"), nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        *[sa.Column(name, sa.SmallInteger, nullable=False) for name in ("first", "last")],
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        *[
            sa.Column(name, sa.Text, nullable=False)
            for name in ("state", "by", "subject", "decided_by", "entry")
        ],
        sa.PrimaryKeyConstraint("waiver", name="pk_waiver"),
        sa.CheckConstraint("state in ('pending', 'approved', 'refused', 'ended')", name="ck_waiver_state"),
    )
    op.create_index("ix_waiver_teacher", "waiver", ["teacher"])
    op.create_table(
        "waiver_ground",
        sa.Column("waiver", sa.Text(collation="C"), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("waiver", name="pk_waiver_ground"),
    )
    for table in ("waiver", "waiver_ground"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("waiver_ground")
    op.drop_table("waiver")
