"""Results of classes are set aside on appeal, and have no outcome until another one is handed in."""

from alembic import op

revision = "2026_11_29_2113"
down_revision = "2026_11_29_2112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("result", "outcome", nullable=True)


def downgrade() -> None:
    op.execute("update result set outcome = 'failed' where outcome is null")
    op.alter_column("result", "outcome", nullable=False)
