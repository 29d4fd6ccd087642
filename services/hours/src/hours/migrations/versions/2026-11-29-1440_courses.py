"""Courses: how far each is, and what its forms say."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1440"
down_revision = "2026_11_29_1430"
branch_labels = None
depends_on = None

INDEXES = (("awaits", "course"), ("organisation", "course"), ("account", "course"), ("term", "received_on"))


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("course", sa.Text(collation="C"), nullable=False),
        *_texts("rule", "organisation", "title", "applicant", "account", "form", "steps", "state"),
        sa.Column("step_number", sa.Integer, nullable=False),
        sa.Column("awaits", sa.Text),
        sa.Column("term", sa.Text),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("deeds"),
        sa.PrimaryKeyConstraint("course", name="pk_course"),
        sa.CheckConstraint(
            "state in ('pending', 'returned', 'refused', 'listed', 'dropped')", name="ck_course_state"
        ),
        sa.CheckConstraint("(state in ('refused', 'dropped')) = (awaits is null)", name="ck_course_awaits"),
    )
    for columns in INDEXES:
        op.create_index("_".join(("ix_course", *columns)), "course", list(columns))
    op.create_table(
        "course_form",
        sa.Column("course", sa.Text(collation="C"), nullable=False),
        *_texts("digest", "form"),
        sa.PrimaryKeyConstraint("course", "digest", name="pk_course_form"),
    )
    grant(Operations(op.get_context()), "course", "select, insert, update, delete")
    grant(Operations(op.get_context()), "course_form", "select, insert, delete")


def downgrade() -> None:
    op.drop_table("course_form")
    op.drop_table("course")
