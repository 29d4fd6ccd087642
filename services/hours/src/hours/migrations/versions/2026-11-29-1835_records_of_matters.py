"""Records are found by the matter that they came out of; a plan's result says whether one came of it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1835"
down_revision = "2026_11_29_1735"
branch_labels = None
depends_on = None

REGISTERED = """
    update plan_result set registered = exists (
        select from journal as entry, jsonb_array_elements_text(entry.data::jsonb->'teachers') as who
        where entry.type = 'plan.registered.v1' and entry.subject = 'plan:' || plan_result.plan
        and who = plan_result.teacher and entry.seq > (
            select max(said.seq) from journal as said,
                 jsonb_array_elements(said.data::jsonb->'results') as one
            where said.type = 'plan.assessed.v1' and said.subject = entry.subject
            and one->>'teacher' = plan_result.teacher
        )
    )
"""


def upgrade() -> None:
    some = sa.text("matter <> ''")
    op.create_index("ix_record_matter", "record", ["matter", "teacher"], postgresql_where=some)
    op.add_column("plan_result", sa.Column("registered", sa.Boolean))
    op.execute(REGISTERED)
    op.alter_column("plan_result", "registered", nullable=False)


def downgrade() -> None:
    op.drop_column("plan_result", "registered")
    op.drop_index("ix_record_matter", "record")
