"""A declaration keeps the accounts that wrote it down or declared it, filled from what the journal says."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1850"
down_revision = "2026_11_29_1847"
branch_labels = None
depends_on = None

AUTHORS = """
    update declaration set authors = (
        select '[' || string_agg(to_json(account)::text, ',' order by account) || ']' from (
            select distinct data::jsonb->>'account' collate "C" as account from journal
            where subject = 'declaration:' || declaration.declaration
            and type in ('declaration.drafted.v1', 'declaration.declared.v1')
        ) as wrote
    )
"""


def upgrade() -> None:
    op.add_column("declaration", sa.Column("authors", sa.Text))
    op.execute(AUTHORS)
    op.alter_column("declaration", "authors", nullable=False)


def downgrade() -> None:
    op.drop_column("declaration", "authors")
