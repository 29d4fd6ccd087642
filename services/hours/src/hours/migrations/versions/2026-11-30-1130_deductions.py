"""Deductions, what each takes of its year, and what is deducted of a year in all."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.migrate import grant

revision = "2026_11_30_1130"
down_revision = "2026_11_30_0440"
branch_labels = None
depends_on = None

_AMOUNT = sa.Numeric(10, 2)


def upgrade() -> None:
    op.create_table(
        "deduction",
        sa.Column("deduction", sa.Text(collation="C"), nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("rule", "reason", "by")],
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *[
            sa.Column(name, sa.Text, nullable=False)
            for name in ("state", "withdrawn_by", "withdrawn_because", "entry")
        ],
        sa.PrimaryKeyConstraint("deduction", name="pk_deduction"),
        sa.CheckConstraint("state in ('standing', 'withdrawn')", name="ck_deduction_state"),
    )
    op.create_index("ix_deduction_teacher", "deduction", ["teacher"])
    op.create_table(
        "deducted",
        sa.Column("deduction", sa.Text(collation="C"), nullable=False),
        sa.Column("teacher", sa.Text, nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("registered", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *[sa.Column(name, _AMOUNT, nullable=False) for name in ("asked", "most")],
        *[sa.Column(name, JSONB, nullable=False) for name in ("categories", "hours")],
        sa.Column("short", _AMOUNT, nullable=False),
        sa.Column("withholds", sa.Boolean, nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("entry", "policy")],
        sa.PrimaryKeyConstraint("deduction", name="pk_deducted"),
        sa.CheckConstraint("asked >= most and short >= 0", name="ck_deducted_amounts"),
    )
    op.create_index("ix_deducted_teacher_year", "deducted", ["teacher", "year"])
    op.add_column("total", sa.Column("deducted", JSONB, nullable=False, server_default="{}"))
    for table in ("deduction", "deducted"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_column("total", "deducted")
    op.drop_table("deducted")
    op.drop_table("deduction")
