"""Plans of schools: how far each is, and its results."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1500"
down_revision = "2026_11_29_1441"
branch_labels = None
depends_on = None

STATES = "'draft', 'submitted', 'returned', 'approved', 'assessed', 'registered', 'withdrawn'"


def _key(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "plan",
        _key("plan"),
        *_texts("school", "rule", "title", "themes", "state", "authority", "accounts", "entry"),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("awaits", sa.Text),
        sa.Column("latest", sa.Date),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("plan", name="pk_plan"),
        sa.CheckConstraint(f"state in ({STATES})", name="ck_plan_state"),
        sa.CheckConstraint(
            "state not in ('approved', 'assessed', 'registered') or approved_at is not null",
            name="ck_plan_approved_at",
        ),
    )
    op.create_index("ix_plan_school_plan", "plan", ["school", "plan"])
    op.create_index("ix_plan_awaits_plan", "plan", ["awaits", "plan"])
    op.create_table(
        "plan_result",
        _key("plan"),
        _key("teacher"),
        sa.Column("hours", sa.Numeric(10, 2), nullable=False),
        *_texts("grade"),
        sa.Column("records", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("plan", "teacher", name="pk_plan_result"),
        sa.CheckConstraint("grade in ('passed', 'failed')", name="ck_plan_result_grade"),
    )
    for table in ("plan", "plan_result"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("plan_result")
    op.drop_table("plan")
