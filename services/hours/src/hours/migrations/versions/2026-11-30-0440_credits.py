"""Records, declarations and lines of the ledger keep the credits that hours make, and caps of cycles."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_0440"
down_revision = "2026_11_30_0430"
branch_labels = None
depends_on = None

_AMOUNT = sa.Numeric(10, 2)
_COLUMNS = (
    ("record", "credits", _AMOUNT),
    ("declaration", "credits", _AMOUNT),
    ("line", "held", _AMOUNT),
    ("line", "cycle_cap", _AMOUNT),
    ("line", "cycle_first", sa.SmallInteger),
    ("line", "cycle_last", sa.SmallInteger),
)
"""All null for what was registered before: hours were counted, and no cycle had a cap."""


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    for table, name, _ in reversed(_COLUMNS):
        op.drop_column(table, name)
