"""Marked completions are looked into."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_2128"
down_revision = "2026_11_29_2125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("conclusion", "scrutinised_by", "why"):
        op.add_column("completion", sa.Column(name, sa.Text()))
    op.add_column("completion", sa.Column("scrutinised_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for name in ("scrutinised_at", "why", "scrutinised_by", "conclusion"):
        op.drop_column("completion", name)
