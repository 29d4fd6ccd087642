"""Years that an authority opened again for a teacher."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1505"
down_revision = "2026_11_29_1500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reopened_year",
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_reopened_year"),
    )
    grant(Operations(op.get_context()), "reopened_year", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("reopened_year")
