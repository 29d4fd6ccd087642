"""A swap ends with its class."""

from alembic import op

revision = "2026_11_29_2125"
down_revision = "2026_11_29_2113"
branch_labels = None
depends_on = None


def _allow(states: str) -> None:
    op.drop_constraint("ck_swap_state", "swap")
    op.create_check_constraint("ck_swap_state", "swap", f"state in ({states})")


def upgrade() -> None:
    _allow("'pending', 'approved', 'refused', 'withdrawn', 'cancelled'")


def downgrade() -> None:
    _allow("'pending', 'approved', 'refused', 'withdrawn'")
