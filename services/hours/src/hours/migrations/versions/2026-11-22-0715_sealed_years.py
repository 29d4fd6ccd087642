"""Years of recording can be sealed and archived."""

from alembic import op
from alembic.operations import Operations

from shared.runtime.journal import schema

revision = "2026_11_22_0715"
down_revision = "2026_11_22_0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.keep_archives(Operations(op.get_context()))


def downgrade() -> None:
    schema.keep_no_archives(Operations(op.get_context()))
