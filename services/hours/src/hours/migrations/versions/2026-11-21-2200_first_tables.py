"""The journal, the ledger, the roster, records, exchanges, carry-overs and the closing of years."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from hours.settings import LAYOUT
from shared.runtime.journal import schema
from shared.runtime.migrate import grant

revision = "2026_11_21_2200"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "line",
    "total",
    "closed_year",
    "teacher",
    "person",
    "carry_over",
    "record",
    "proof",
    "exchange",
    "recall",
    "lot",
    "year_mark",
    "closing",
)


def upgrade() -> None:
    here = Operations(op.get_context())
    schema.create(here, LAYOUT)
    _ledger()
    _roster()
    _carryovers()
    _records()
    _exchanges()
    _points()
    _years()
    for table in TABLES:
        grant(here, table, "select, insert, update, delete")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    schema.drop(Operations(op.get_context()))


def _hours(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Numeric(10, 2), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _year(name: str = "year") -> sa.Column[object]:
    return sa.Column(name, sa.SmallInteger, nullable=False)


def _teacher() -> sa.Column[object]:
    """Compared by code point, so that lists have the same order everywhere."""
    return sa.Column("teacher", sa.Text(collation="C"), nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _ledger() -> None:
    op.create_table(
        "line",
        *_texts("ground", "teacher"),
        _year(),
        *_texts("category", "rule"),
        sa.Column("registered", sa.BigInteger, nullable=False),
        *_texts("origin"),
        _instant("effective_at"),
        *_hours("counted", "over_cap"),
        *_texts("reason"),
        sa.Column("posting", sa.Text),
        sa.PrimaryKeyConstraint("ground", name="pk_line"),
        sa.CheckConstraint("counted >= 0 and over_cap >= 0", name="ck_line_amounts"),
        sa.CheckConstraint("posting is not null or counted + over_cap = 0", name="ck_line_posting"),
    )
    op.create_index("ix_line_teacher_year_rule_category", "line", ["teacher", "year", "rule", "category"])
    op.create_table(
        "total",
        *_texts("teacher"),
        _year(),
        *_hours("public", "professional", "elective", "over_cap"),
        *_hours("carried_in", "used_carried", "used_fresh", "expired", "carry_out"),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_total"),
        sa.CheckConstraint(
            "public >= 0 and professional >= 0 and elective >= 0 and over_cap >= 0", name="ck_total_sums"
        ),
    )
    op.create_table(
        "closed_year",
        _year(),
        _year("partition"),
        _instant("closed_at"),
        *_texts("entry"),
        sa.PrimaryKeyConstraint("year", "partition", name="pk_closed_year"),
    )


def _roster() -> None:
    op.create_table(
        "teacher",
        _teacher(),
        *_texts("school", "district", "stage", "role"),
        sa.Column("vocational", sa.Boolean, nullable=False),
        *_texts("digest", "entry"),
        sa.PrimaryKeyConstraint("teacher", name="pk_teacher"),
    )
    op.create_index("ix_teacher_school_teacher", "teacher", ["school", "teacher"])
    op.create_index("ix_teacher_district_teacher", "teacher", ["district", "teacher"])
    op.create_table(
        "person",
        *_texts("teacher", "name"),
        sa.Column("joined_on", sa.Text),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("teacher", name="pk_person"),
    )


def _carryovers() -> None:
    op.create_table(
        "carry_over",
        *_texts("teacher"),
        _year(),
        *_hours("carried_in", "used_carried", "used_fresh", "expired", "carry_out"),
        *_texts("verdict", "entry"),
        sa.PrimaryKeyConstraint("teacher", "year", name="pk_carry_over"),
        sa.CheckConstraint("used_carried + expired <= carried_in", name="ck_carry_over_carried"),
    )


def _records() -> None:
    op.create_table(
        "record",
        *_texts("record", "teacher"),
        _year(),
        *_texts("rule", "category", "programme"),
        *_hours("hours"),
        *_texts("reason", "digest", "state", "entry"),
        _instant("recorded_at"),
        sa.Column("reversal", sa.Text),
        sa.PrimaryKeyConstraint("record", name="pk_record"),
        sa.CheckConstraint("state in ('registered', 'reversed')", name="ck_record_state"),
        sa.CheckConstraint("(state = 'reversed') = (reversal is not null)", name="ck_record_reversal"),
    )
    op.create_index("ix_record_teacher_year", "record", ["teacher", "year"])
    op.create_table(
        "proof",
        *_texts("record", "data"),
        sa.PrimaryKeyConstraint("record", name="pk_proof"),
    )


def _exchanges() -> None:
    op.create_table(
        "exchange",
        *_texts("exchange", "teacher"),
        _year(),
        *_texts("category"),
        *_hours("hours", "taken_back"),
        *_texts("state", "reason", "entry"),
        _instant("decided_at"),
        sa.PrimaryKeyConstraint("exchange", name="pk_exchange"),
        sa.CheckConstraint("state in ('posted', 'refused', 'reversed')", name="ck_exchange_state"),
        sa.CheckConstraint("taken_back between 0 and hours", name="ck_exchange_taken_back"),
    )
    op.create_index("ix_exchange_teacher_year", "exchange", ["teacher", "year"])
    op.create_table(
        "recall",
        *_texts("recall", "exchange"),
        sa.Column("hours", sa.Integer, nullable=False),
        *_texts("entry"),
        sa.PrimaryKeyConstraint("recall", name="pk_recall"),
    )


def _points() -> None:
    op.create_table(
        "lot",
        _teacher(),
        _instant("expires_at"),
        sa.Column("points", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "expires_at", name="pk_lot"),
    )
    op.create_table(
        "year_mark",
        _year(),
        _year("partition"),
        sa.PrimaryKeyConstraint("year", "partition", name="pk_year_mark"),
    )


def _years() -> None:
    op.create_table(
        "closing",
        _year(),
        _instant("requested_at"),
        *_texts("requested_by", "entry"),
        sa.PrimaryKeyConstraint("year", name="pk_closing"),
    )
