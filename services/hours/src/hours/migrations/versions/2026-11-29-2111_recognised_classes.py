"""Hours of classes await recognition: by whom, registered by whom, out of results from which accounts."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_2111"
down_revision = "2026_11_29_2110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("class", sa.Column("awaits", sa.Text()))
    op.create_index("ix_class_awaits_class", "class", ["awaits", "class"])
    none = sa.text("'{}'")
    op.add_column("result", sa.Column("accounts", sa.ARRAY(sa.Text()), nullable=False, server_default=none))
    op.alter_column("result", "accounts", server_default=None)
    op.add_column("result", sa.Column("registrar", sa.Text()))


def downgrade() -> None:
    op.drop_column("result", "registrar")
    op.drop_column("result", "accounts")
    op.drop_index("ix_class_awaits_class", "class")
    op.drop_column("class", "awaits")
