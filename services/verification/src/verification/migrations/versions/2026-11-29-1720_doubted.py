"""Whether a pass of the province is in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1720"
down_revision = "2026_11_29_1440"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("doubted", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("decision", "doubted")
