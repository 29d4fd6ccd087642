"""Positions can say that they are ahead of their source."""

from alembic import op
from alembic.operations import Operations

from shared.runtime.journal import schema

revision = "2026_11_22_0200"
down_revision = "2026_11_21_2200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.watch_positions(Operations(op.get_context()))


def downgrade() -> None:
    op.drop_column("position", "ahead")
