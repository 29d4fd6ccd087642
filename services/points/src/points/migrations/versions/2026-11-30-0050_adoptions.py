"""The text of every pack that the service runs under is kept."""

from alembic import op
from alembic.operations import Operations

from shared.adoptions import schema

revision = "2026_11_30_0050"
down_revision = "2026_11_30_0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create(Operations(op.get_context()))


def downgrade() -> None:
    schema.drop(Operations(op.get_context()))
