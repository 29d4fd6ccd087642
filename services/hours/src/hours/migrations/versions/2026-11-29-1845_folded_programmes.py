"""Programmes are compared without spaces and the width of signs; `folded` does the same for new records."""

from alembic import op

revision = "2026_11_29_1845"
down_revision = "2026_11_29_1840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(r"update record set programme = regexp_replace(normalize(programme, NFKC), '\s+', '', 'g')")


def downgrade() -> None:
    """What was folded stays so: the journal has the words."""
