"""A class keeps every account from which it was proposed."""

from alembic import op

revision = "2026_11_29_1852"
down_revision = "2026_11_29_1850"
branch_labels = None
depends_on = None

_ALL = """
    update class set accounts = coalesce(said.accounts, json_build_array(class.accounts)::text)
      from class as one left join lateral (
        select '[' || string_agg(distinct account, ',' order by account) || ']' as accounts
          from (select to_json(data::json ->> 'account')::text collate "C" as account from journal
                 where type = 'class.proposed.v1' and subject = 'class:' || one.class) as proposed
      ) as said on true
     where one.class = class.class
"""
"""Those that the table of entries has; of a class of an archived year the last one."""


def upgrade() -> None:
    op.alter_column("class", "proposer", new_column_name="accounts")
    op.execute(_ALL)


def downgrade() -> None:
    op.alter_column("class", "accounts", new_column_name="proposer")
    op.execute("update class set proposer = proposer::json ->> 0")
