"""How pushing to the province stands."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.migrate import grant

revision = "2026_11_30_0830"
down_revision = "2026_11_30_0800"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("positions", JSONB, nullable=False),
        sa.Column("partition", sa.Integer),
        sa.Column("after", sa.BigInteger),
        sa.Column("last", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("status", sa.Integer),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("failed_at", "next_at", "pushed_at")),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.CheckConstraint("id = 1", name="ck_handover_single"),
    )
    grant(Operations(op.get_context()), "handover", "select, insert, update")


def downgrade() -> None:
    op.drop_table("handover")
