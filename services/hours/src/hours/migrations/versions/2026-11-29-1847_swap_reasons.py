"""Why a swap was refused."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1847"
down_revision = "2026_11_29_1845"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("swap", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.alter_column("swap", "reason", server_default=None)


def downgrade() -> None:
    op.drop_column("swap", "reason")
