"""It is logged who reads what is personal about a teacher."""

from alembic import op
from alembic.operations import Operations

from shared.reads import schema

revision = "2026_11_29_1441"
down_revision = "2026_11_29_1440"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create(Operations(op.get_context()))


def downgrade() -> None:
    schema.drop(Operations(op.get_context()))
