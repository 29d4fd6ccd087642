"""What every organisation stands below is heard from hours."""

from alembic import op
from alembic.operations import Operations

from shared.places import schema
from shared.places.tables import place

revision = "2026_11_29_1120"
down_revision = "2026_11_22_0715"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create(Operations(op.get_context()), place)


def downgrade() -> None:
    schema.drop(Operations(op.get_context()), place)
