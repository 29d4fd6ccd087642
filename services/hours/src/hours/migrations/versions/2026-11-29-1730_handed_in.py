"""When what is registered out of a matter was handed in, filled from what the journal says."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1730"
down_revision = "2026_11_29_1515"
branch_labels = None
depends_on = None

DECLARED = """
    update declaration set handed_in = entry.at
    from (
        select distinct on (subject) subject, type, effective_at as at from journal
        where type in ('declaration.drafted.v1', 'declaration.declared.v1') order by subject, seq desc
    ) as entry
    where entry.subject = 'declaration:' || declaration.declaration
    and entry.type = 'declaration.declared.v1'
"""
ASSESSED = """
    update plan_result set handed_in = entry.at
    from (
        select distinct on (subject, said->>'teacher') subject, said->>'teacher' as teacher,
               effective_at as at
        from journal, jsonb_array_elements(data::jsonb->'results') as said
        where type = 'plan.assessed.v1' order by subject, said->>'teacher', seq desc
    ) as entry
    where entry.subject = 'plan:' || plan_result.plan and entry.teacher = plan_result.teacher
"""
RESULTS = """
    with said as (
        select subject, seq, effective_at, data::jsonb->>'teacher' as teacher,
               data::jsonb - 'parts' - 'by' - 'account' as content
        from journal where type = 'result.handed_in.v1'
    )
    update result set handed_in = (
        select min(one.effective_at) from said as one
        where one.subject = 'class:' || result.class and one.teacher = result.teacher and not exists (
            select from said as later
            where later.subject = one.subject and later.teacher = one.teacher
            and later.seq > one.seq and later.content <> one.content
        )
    )
"""
"""The same result again keeps its instant."""


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    for table, fill in (("declaration", DECLARED), ("plan_result", ASSESSED), ("result", RESULTS)):
        op.add_column(table, sa.Column("handed_in", instant))
        op.execute(fill)
    for table in ("plan_result", "result"):
        op.alter_column(table, "handed_in", nullable=False)


def downgrade() -> None:
    for table in ("result", "plan_result", "declaration"):
        op.drop_column(table, "handed_in")
