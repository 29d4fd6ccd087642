"""Whether one appeal about a matter is open is looked at in the end: a rebuild reads in another order."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_2112"
down_revision = "2026_11_29_2111"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.drop_index("uq_appeal_matter_open", "appeal")
    op.create_exclude_constraint(
        "ex_appeal_matter_open",
        "appeal",
        ("matter", "="),
        using="btree",
        where=IS_OPEN,
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    op.drop_constraint("ex_appeal_matter_open", "appeal")
    op.create_index("uq_appeal_matter_open", "appeal", ["matter"], unique=True, postgresql_where=IS_OPEN)
