"""What the reversal of an import did about each of its rows."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_0910"
down_revision = "2026_11_29_0900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imported_row", sa.Column("taken_back", sa.Text))


def downgrade() -> None:
    op.drop_column("imported_row", "taken_back")
