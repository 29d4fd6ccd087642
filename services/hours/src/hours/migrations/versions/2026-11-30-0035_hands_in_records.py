"""Records keep the accounts of everybody who had a hand in them; of earlier ones the journal knows one."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_0035"
down_revision = "2026_11_29_2215"
branch_labels = None
depends_on = None

ACCOUNTS = """
    update record set accounts = array(
        select hand collate "C" from (
            select account
            union select jsonb_array_elements_text(coalesce(data::jsonb->'accounts', '[]')) from journal
            where partition = split_part(entry, '/', 2)::int and seq = split_part(entry, '/', 3)::bigint
        ) as known(hand) where hand <> '' order by 1
    )
"""
ACCOUNT = """
    update record set account = coalesce(
        (
            select data::jsonb->>'account' from journal
            where partition = split_part(entry, '/', 2)::int and seq = split_part(entry, '/', 3)::bigint
        ),
        accounts[1],
        ''
    )
"""
"""Of an archived year the table of the journal says nothing: one of those that the record knows."""


def upgrade() -> None:
    op.add_column("record", sa.Column("accounts", sa.ARRAY(sa.Text)))
    op.execute(ACCOUNTS)
    op.alter_column("record", "accounts", nullable=False)
    op.drop_column("record", "account")


def downgrade() -> None:
    op.add_column("record", sa.Column("account", sa.Text))
    op.execute(ACCOUNT)
    op.alter_column("record", "account", nullable=False)
    op.drop_column("record", "accounts")
