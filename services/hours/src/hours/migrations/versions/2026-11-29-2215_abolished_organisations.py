"""Organisations that are no more, with the day and the one that does their work."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_2215"
down_revision = "2026_11_29_2205"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "abolished_organisation",
        sa.Column("organisation", sa.Text(collation="C"), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("successor", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", name="pk_abolished_organisation"),
    )
    grant(Operations(op.get_context()), "abolished_organisation", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("abolished_organisation")
