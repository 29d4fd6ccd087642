"""Up to when the lots of each partition were swept."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_22_0040"
down_revision = "2026_11_21_2215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "swept",
        sa.Column("partition", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partition"),
    )
    grant(Operations(op.get_context()), "swept", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("swept")
