"""A run says who asked for it: it is theirs to see, whatever becomes of its scope."""

from alembic import op
from sqlalchemy import Column, Text

revision = "2026_11_29_1145"
down_revision = "2026_11_29_1120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", Column("by", Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("run", "by")
