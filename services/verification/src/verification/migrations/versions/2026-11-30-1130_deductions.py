"""What is deducted of a teacher's year."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_30_1130"
down_revision = "2026_11_30_0830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figures", sa.Column("deductions", JSONB, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("figures", "deductions")
