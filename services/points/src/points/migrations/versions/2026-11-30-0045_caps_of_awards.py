"""An award keeps the cap under which it was cut."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_0045"
down_revision = "2026_11_29_1400"
branch_labels = None
depends_on = None

_ARCHIVED = """
update award set cap = known.cap
from (select ground, rule, teacher, year, sum(points) over (
    partition by teacher, rule, year order by at, source, act, ground) as cap from award) known
where (known.ground, known.rule, known.teacher, known.year)
    = (award.ground, award.rule, award.teacher, award.year)
    and award.points < award.asked and award.cap is null
"""
"""Those whose entry is archived: they were cut where something was asked for above it."""


def upgrade() -> None:
    op.add_column("award", sa.Column("cap", sa.Integer))
    op.execute(
        "update award set cap = (journal.data::jsonb -> 'basis' ->> 'cap')::integer from journal"
        " where (journal.partition, journal.seq) = (award.partition, award.seq)"
    )
    op.execute(_ARCHIVED)


def downgrade() -> None:
    op.drop_column("award", "cap")
