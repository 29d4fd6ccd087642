"""Classes, who has a seat in them, and what came of it; completed courses, for telling what cannot be."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1430"
down_revision = "2026_11_29_1420"
branch_labels = None
depends_on = None

TABLES = ("class", "seat", "absence", "result", "swap", "completion")


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _keys(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(collation="C"), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "class",
        *_keys("class", "organiser"),
        *_texts("level", "rule", "category"),
        sa.Column("enrol_by", sa.Date, nullable=False),
        *_texts("outline", "state", "proposed_by", "proposer"),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        *_texts("reason"),
        sa.PrimaryKeyConstraint("class", name="pk_class"),
        sa.CheckConstraint("state in ('proposed', 'approved', 'returned', 'refused')", name="ck_class_state"),
        sa.CheckConstraint("level in ('province', 'city', 'district')", name="ck_class_level"),
    )
    op.create_index("ix_class_organiser_class", "class", ["organiser", "class"])
    op.create_index(
        "ix_class_category_enrol_by",
        "class",
        ["category", "enrol_by"],
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_table(
        "seat",
        *_keys("class", "teacher"),
        sa.Column("turn", sa.Integer, nullable=False),
        *_texts("state", "by"),
        sa.PrimaryKeyConstraint("class", "teacher", name="pk_seat"),
        sa.CheckConstraint("state in ('enrolled', 'waiting', 'withdrawn', 'swapped')", name="ck_seat_state"),
    )
    op.create_index("ix_seat_class_state_turn", "seat", ["class", "state", "turn"])
    op.create_index("ix_seat_teacher", "seat", ["teacher"])
    op.create_table(
        "absence",
        *_keys("class", "teacher"),
        *_texts("lesson"),
        sa.Column("absent", sa.Numeric(10, 2), nullable=False),
        sa.Column("excused", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("class", "teacher", "lesson", name="pk_absence"),
    )
    op.create_table(
        "result",
        *_keys("class", "teacher"),
        *_texts("outcome"),
        sa.Column("score", sa.Numeric(5, 2)),
        *_texts("grade"),
        sa.Column("reassessment", sa.Boolean, nullable=False),
        sa.Column("registered", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("class", "teacher", name="pk_result"),
        sa.CheckConstraint("outcome in ('passed', 'failed')", name="ck_result_outcome"),
        sa.CheckConstraint("not registered or outcome = 'passed'", name="ck_result_registered"),
    )
    op.create_table(
        "swap",
        *_keys("swap", "class"),
        *_texts("leaving", "replacement", "leaving_school", "replacement_school"),
        *_texts("form", "state", "approvers"),
        sa.Column("approved", sa.Integer, nullable=False),
        sa.Column("awaits", sa.Text),
        sa.PrimaryKeyConstraint("swap", name="pk_swap"),
        sa.CheckConstraint("state in ('pending', 'approved', 'refused')", name="ck_swap_state"),
        sa.CheckConstraint("(state = 'pending') = (awaits is not null)", name="ck_swap_awaits"),
    )
    op.create_index("ix_swap_class", "swap", ["class"])
    op.create_index("ix_swap_awaits_swap", "swap", ["awaits", "swap"])
    _completions()
    for table in TABLES:
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def _completions() -> None:
    """Filled from what the journal says of records that stand."""
    op.create_table(
        "completion",
        *_keys("record", "teacher"),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("hours", sa.Numeric(10, 2), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *_texts("anomalies"),
        sa.PrimaryKeyConstraint("record", name="pk_completion"),
    )
    op.create_index("ix_completion_teacher", "completion", ["teacher"])
    op.create_index(
        "ix_completion_marked", "completion", ["record"], postgresql_where=sa.text("anomalies <> '[]'")
    )
    op.execute("""
        insert into completion
        select said->>'record', said->>'teacher', (said->>'year')::smallint, (said->>'hours')::numeric,
               (said->>'first')::date, (said->>'last')::date, null, null, '[]'
        from (select data::jsonb as said from journal where type = 'record.registered.v1') as entry
        join record on record.record = said->>'record' and record.state = 'registered'
        where said->'basis'->>'kind' = 'completed_course' and (said->>'hours')::numeric > 0
    """)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
