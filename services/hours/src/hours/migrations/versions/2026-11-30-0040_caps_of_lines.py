"""A line of the ledger keeps the version of the rules and the cap under which it was registered."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_0040"
down_revision = "2026_11_30_0035"
branch_labels = None
depends_on = None


_ARCHIVED = """
update line set policy = last.policy, cap = case when line.over_cap > 0 then known.cap end
from (select policy from journal order by recorded_at desc limit 1) last,
    (select ground, sum(counted) over (
        partition by teacher, year, rule, category order by registered) as cap from line) known
where known.ground = line.ground and line.posting is not null and line.policy is null
"""
"""Those whose entry is archived: they were cut where hours lie over the cap, and nothing else needs one."""


def upgrade() -> None:
    op.add_column("line", sa.Column("cap", sa.Numeric(10, 2)))
    op.add_column("line", sa.Column("policy", sa.Text))
    op.execute(
        "update line set policy = journal.policy, cap = (journal.data::jsonb -> 'basis' ->> 'cap')::numeric"
        " from journal where line.posting = 'hours/' || journal.partition || '/' || journal.seq"
    )
    op.execute(_ARCHIVED)


def downgrade() -> None:
    op.drop_column("line", "policy")
    op.drop_column("line", "cap")
