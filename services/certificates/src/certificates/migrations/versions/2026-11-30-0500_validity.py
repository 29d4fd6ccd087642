"""Which years a certificate certifies, and until when it is valid."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_0500"
down_revision = "2026_11_30_0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("version", sa.Column("last", sa.SmallInteger))
    op.add_column("version", sa.Column("valid_until", sa.Date))


def downgrade() -> None:
    op.drop_column("version", "valid_until")
    op.drop_column("version", "last")
