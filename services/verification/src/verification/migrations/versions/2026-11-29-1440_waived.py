"""What is waived of a teacher's year."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1440"
down_revision = "2026_11_29_1400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waived",
        sa.Column("teacher", sa.Text(collation="C"), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        *[
            sa.Column(name, sa.Numeric(8, 2), nullable=False)
            for name in ("public", "professional", "elective")
        ],
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("heard", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_waived"),
    )
    grant(Operations(op.get_context()), "waived", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("waived")
