"""The journal, what is heard from hours, predictions and verdicts, runs."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.runtime.journal import schema
from shared.runtime.migrate import grant
from verification.settings import LAYOUT

revision = "2026_11_21_2200"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("roster", "figures", "prediction", "decision", "verdict", "discrepancy", "run")


def upgrade() -> None:
    here = Operations(op.get_context())
    schema.create(here, LAYOUT)
    _heard()
    _judged()
    _verdicts()
    _runs()
    for table in TABLES:
        grant(here, table, "select, insert, update, delete")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    schema.drop(Operations(op.get_context()))


def _name() -> sa.Text:
    """Compared by code point, so that the order of teachers is the same everywhere."""
    return sa.Text(collation="C")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _hours() -> list[sa.Column[object]]:
    names = ("public", "professional", "elective", "carried_in")
    return [sa.Column(name, sa.Numeric(8, 2), nullable=False) for name in names]


def _heard() -> None:
    op.create_table(
        "roster",
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("school", _name(), nullable=False),
        sa.Column("district", _name(), nullable=False),
        sa.Column("heard", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", name="pk_roster"),
    )
    op.create_index("ix_roster_school_teacher", "roster", ["school", "teacher"])
    op.create_index("ix_roster_district_teacher", "roster", ["district", "teacher"])
    op.create_table(
        "figures",
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        *_hours(),
        sa.Column("heard", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_figures"),
    )


def _judged() -> None:
    op.create_table(
        "prediction",
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        *_hours(),
        sa.Column("required", JSONB, nullable=False),
        sa.Column("shortfall", JSONB, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_prediction"),
    )
    op.create_index("ix_prediction_year_teacher", "prediction", ["year", "teacher"])
    op.create_table(
        "decision",
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("prediction", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        _instant("decided_at"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_decision"),
    )


def _verdicts() -> None:
    op.create_table(
        "verdict",
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        _instant("decided_at"),
        sa.Column("totals", JSONB(none_as_null=True)),
        sa.Column("certificate_reference", sa.Text),
        sa.Column("arrived", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        _instant("recorded_at"),
        sa.PrimaryKeyConstraint("verdict", name="pk_verdict"),
    )
    op.create_index("ix_verdict_teacher_year", "verdict", ["teacher", "year"])
    standing = sa.text("state = 'standing'")
    op.create_index(
        "uq_verdict_standing", "verdict", ["teacher", "year"], unique=True, postgresql_where=standing
    )
    op.create_table(
        "discrepancy",
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("predicted", sa.Text, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("difference", JSONB, nullable=False),
        _instant("opened_at"),
        sa.Column("closed", sa.Text),
        _instant("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("entry", name="pk_discrepancy"),
    )
    listed = ["year", "teacher", "opened_at", "entry"]
    op.create_index("ix_discrepancy_year_teacher_opened_at_entry", "discrepancy", listed)
    unclosed = sa.text("closed is null")
    op.create_index(
        "uq_discrepancy_open", "discrepancy", ["teacher", "year"], unique=True, postgresql_where=unclosed
    )


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("id", sa.Text),
        _instant("at"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("cut", JSONB(none_as_null=True)),
        sa.Column("total", sa.Integer),
        sa.Column("cursor", _name(), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("judged", "passed", "failed", "changed")),
        _instant("requested_at"),
        _instant("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("run", name="pk_run"),
    )
    op.create_index("ix_run_requested_at_run", "run", ["requested_at", "run"])
    unfinished = sa.text("state <> 'done'")
    op.create_index("ix_run_unfinished", "run", ["requested_at", "run"], postgresql_where=unfinished)
