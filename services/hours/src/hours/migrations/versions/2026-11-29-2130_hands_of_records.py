"""Records keep who registered them, by which account, and what took their place, as the journal says."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_2130"
down_revision = "2026_11_29_2128"
branch_labels = None
depends_on = None

REGISTERED = """
    update record set registrar = said.data::jsonb->>'registrar',
                      account = coalesce(said.data::jsonb->>'account', '')
    from journal as said
    where said.partition = split_part(record.entry, '/', 2)::int
    and said.seq = split_part(record.entry, '/', 3)::bigint
"""
REPLACED = """
    update record set replacement = coalesce((
        select said.data::jsonb->>'replacement' from journal as said
        where said.partition = split_part(record.reversal, '/', 2)::int
        and said.seq = split_part(record.reversal, '/', 3)::bigint
    ), '')
"""


def upgrade() -> None:
    for column in ("registrar", "account", "replacement"):
        op.add_column("record", sa.Column(column, sa.Text))
    op.execute(REGISTERED)
    op.execute(REPLACED)
    for column in ("registrar", "account", "replacement"):
        op.alter_column("record", column, nullable=False)
    answerable = sa.text("coalesce(nullif(recogniser, ''), registrar)")
    op.create_index("ix_record_registrar_year", "record", ["registrar", "year"])
    op.create_index("ix_record_answerable", "record", [answerable, "year"])


def downgrade() -> None:
    op.drop_index("ix_record_answerable", "record")
    op.drop_index("ix_record_registrar_year", "record")
    for column in ("replacement", "account", "registrar"):
        op.drop_column("record", column)
