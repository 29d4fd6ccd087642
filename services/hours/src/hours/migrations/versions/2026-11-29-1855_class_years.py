"""The year and the seats of a class as columns, filled from its outline: open classes are counted by them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1855"
down_revision = "2026_11_29_1852"
branch_labels = None
depends_on = None

FILL = """
    update class set year = extract(year from (outline::jsonb->>'closes')::date),
                     capacity = (outline::jsonb->>'capacity')::integer
"""


def upgrade() -> None:
    op.add_column("class", sa.Column("year", sa.SmallInteger))
    op.add_column("class", sa.Column("capacity", sa.Integer))
    op.execute(FILL)
    op.alter_column("class", "year", nullable=False)


def downgrade() -> None:
    op.drop_column("class", "capacity")
    op.drop_column("class", "year")
