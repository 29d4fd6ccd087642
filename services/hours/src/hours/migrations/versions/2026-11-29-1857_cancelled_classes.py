"""Classes are called off, and their seats with them."""

from alembic import op

revision = "2026_11_29_1857"
down_revision = "2026_11_29_1855"
branch_labels = None
depends_on = None


def _allow(table: str, states: str) -> None:
    op.drop_constraint(f"ck_{table}_state", table)
    op.create_check_constraint(f"ck_{table}_state", table, f"state in ({states})")


def upgrade() -> None:
    _allow("class", "'proposed', 'approved', 'returned', 'refused', 'cancelled'")
    _allow("seat", "'enrolled', 'waiting', 'withdrawn', 'swapped', 'cancelled'")


def downgrade() -> None:
    _allow("class", "'proposed', 'approved', 'returned', 'refused'")
    _allow("seat", "'enrolled', 'waiting', 'withdrawn', 'swapped'")
