"""What waits for the province's verdict: read from the journal, where it says so already."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_30_0800"
down_revision = "2026_11_30_0430"
branch_labels = None
depends_on = None

_WAITING = """
insert into submission (teacher, year, entry, submitted_at, told)
select distinct on (prediction.teacher, prediction.year) prediction.teacher, prediction.year,
    'verification/' || submitted.partition || '/' || submitted.seq, submitted.recorded_at, false
from prediction
join journal as submitted on submitted.subject = 'teacher:' || prediction.teacher
    and submitted.type = 'verification.submitted.v1'
    and (submitted.data::json->>'year')::int = prediction.year
left join decision on decision.teacher = prediction.teacher and decision.year = prediction.year
where decision.entry is null or split_part(decision.entry, '/', 3)::bigint < submitted.seq
order by prediction.teacher, prediction.year, submitted.seq desc
"""


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("teacher", sa.Text(collation="C"), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_submission"),
    )
    op.create_index("ix_submission_submitted_at", "submission", ["submitted_at"])
    grant(Operations(op.get_context()), "submission", "select, insert, update, delete")
    op.execute(_WAITING)


def downgrade() -> None:
    op.drop_table("submission")
