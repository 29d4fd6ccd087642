"""The form of a swap is evidence, which an override may let stand for something else too; swaps withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1735"
down_revision = "2026_11_29_1730"
branch_labels = None
depends_on = None


def _allow(states: str) -> None:
    op.drop_constraint("ck_swap_state", "swap")
    op.create_check_constraint("ck_swap_state", "swap", f"state in ({states})")


def upgrade() -> None:
    op.add_column("swap", sa.Column("override", sa.Text, nullable=False, server_default=""))
    op.alter_column("swap", "override", server_default=None)
    _allow("'pending', 'approved', 'refused', 'withdrawn'")


def downgrade() -> None:
    _allow("'pending', 'approved', 'refused'")
    op.drop_column("swap", "override")
