"""For which deductions a year does not pass."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_30_1140"
down_revision = "2026_11_30_1130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prediction", sa.Column("withheld", JSONB, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("prediction", "withheld")
