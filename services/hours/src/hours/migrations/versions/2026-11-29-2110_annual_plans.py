"""Annual plans with their entries and reports; a class names an entry in a column."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_2110"
down_revision = "2026_11_29_2100"
branch_labels = None
depends_on = None

NAMED = "update class set annual_plan = outline::jsonb->>'annual_plan'"


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("organiser", sa.Text(collation="C"), nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "annual_plan",
        *_key(),
        sa.Column("reported_at", sa.DateTime(timezone=True)),
        sa.Column("reported_by", sa.Text),
        sa.Column("digest", sa.Text),
        sa.Column("files", sa.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("organiser", "year", name="pk_annual_plan"),
        sa.CheckConstraint("(reported_at is null) = (digest is null)", name="ck_annual_plan_reported"),
    )
    op.create_table(
        "annual_plan_entry",
        sa.Column("entry", sa.Text(collation="C"), nullable=False),
        *_key(),
        sa.Column("turn", sa.Integer, nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("number", "name", "rule")],
        sa.Column("hours", sa.Numeric(10, 2), nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        *[sa.Column(name, sa.Date) for name in ("first", "last")],
        sa.Column("added_later", sa.Boolean, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hands", sa.ARRAY(sa.Text), nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("state", "reason")],
        sa.PrimaryKeyConstraint("entry", name="pk_annual_plan_entry"),
        sa.CheckConstraint(
            "state in ('declared', 'admitted', 'returned')", name="ck_annual_plan_entry_state"
        ),
    )
    op.create_index(
        "ix_annual_plan_entry_organiser_year_turn", "annual_plan_entry", ["organiser", "year", "turn"]
    )
    op.create_index(
        "ix_annual_plan_entry_declared",
        "annual_plan_entry",
        ["organiser", "year"],
        postgresql_where=sa.text("state = 'declared'"),
    )
    op.create_table(
        "annual_plan_report",
        *_key(),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organiser", "year", name="pk_annual_plan_report"),
    )
    for table in ("annual_plan", "annual_plan_entry", "annual_plan_report"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")
    op.add_column("class", sa.Column("annual_plan", sa.Text(collation="C")))
    op.execute(NAMED)
    op.alter_column("class", "annual_plan", nullable=False)
    op.create_index(
        "ix_class_annual_plan", "class", ["annual_plan"], postgresql_where=sa.text("annual_plan <> ''")
    )


def downgrade() -> None:
    op.drop_column("class", "annual_plan")
    for table in ("annual_plan_report", "annual_plan_entry", "annual_plan"):
        op.drop_table(table)
