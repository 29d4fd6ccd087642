"""The journal, the ledger, exchanges, intake and the closing of years."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from points.settings import LAYOUT
from shared.runtime.journal import schema
from shared.runtime.migrate import grant

revision = "2026_11_21_2215"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "award",
    "lot",
    "burn",
    "closed",
    "exchange",
    "recall",
    "act",
    "belonging",
    "object_state",
    "closing",
)


def upgrade() -> None:
    here = Operations(op.get_context())
    schema.create(here, LAYOUT)
    _ledger()
    _exchanges()
    _intake()
    op.create_table(
        "closing",
        sa.Column("year", sa.SmallInteger, autoincrement=False, nullable=False),
        _instant("asked_at"),
        sa.PrimaryKeyConstraint("year"),
    )
    for table in TABLES:
        grant(here, table, "select, insert, update, delete")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    schema.drop(Operations(op.get_context()))


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _integers(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _small(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.SmallInteger, nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _ledger() -> None:
    op.create_table(
        "award",
        *_texts("ground", "rule", "teacher"),
        _small("year"),
        _instant("at"),
        *_texts("source", "act"),
        *_integers("asked", "points"),
        _instant("expires_at"),
        _small("partition"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("ground", "rule", "teacher", "year"),
        sa.CheckConstraint("points between 0 and asked", name="points"),
    )
    op.create_index(op.f("ix_award_year_teacher_at"), "award", ["year", "teacher", "at"])
    op.create_index(op.f("ix_award_source_act"), "award", ["source", "act"])
    op.create_table(
        "lot",
        *_texts("teacher"),
        _instant("expires_at"),
        _small("year"),
        _small("partition"),
        *_integers("earned", "exchanged", "expired"),
        sa.PrimaryKeyConstraint("teacher", "expires_at"),
        sa.CheckConstraint("earned >= 0 and exchanged >= 0 and expired >= 0", name="sums"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(op.f("ix_lot_year_teacher"), "lot", ["year", "teacher"])
    op.create_index(op.f("ix_lot_partition_expires_at"), "lot", ["partition", "expires_at"])
    op.create_table(
        "burn",
        *_texts("exchange"),
        _instant("expires_at"),
        *_texts("teacher"),
        _small("year"),
        *_texts("category"),
        _instant("at"),
        *_integers("points", "restored"),
        sa.PrimaryKeyConstraint("exchange", "expires_at"),
        sa.CheckConstraint("restored between 0 and points", name="restored"),
    )
    op.create_index(op.f("ix_burn_teacher_year"), "burn", ["teacher", "year"])
    op.create_table(
        "closed", _small("partition"), _small("year"), sa.PrimaryKeyConstraint("partition", "year")
    )


def _exchanges() -> None:
    op.create_table(
        "exchange",
        *_texts("request", "teacher"),
        _small("year"),
        *_texts("category"),
        *_integers("hours"),
        _instant("at"),
        sa.Column("at_given", sa.Boolean, nullable=False),
        *_texts("state", "reason", "posting"),
        *_integers("called", "reversed"),
        _instant("recorded_at"),
        _small("partition"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("request"),
        sa.CheckConstraint("state in ('pending', 'settled', 'refused', 'recalled')", name="state"),
        sa.CheckConstraint("reversed <= called and called <= hours", name="called"),
    )
    op.create_index(op.f("ix_exchange_teacher_year"), "exchange", ["teacher", "year"])
    op.create_index(op.f("ix_exchange_year_request"), "exchange", ["year", "request"])
    op.create_table(
        "recall",
        *_texts("recall", "exchange"),
        *_integers("hours"),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("recall"),
    )
    op.create_index(op.f("ix_recall_exchange"), "recall", ["exchange"])


def _intake() -> None:
    op.create_table(
        "act",
        *_texts("source", "id"),
        sa.Column("partition", sa.SmallInteger),
        sa.Column("seq", sa.BigInteger),
        sa.Column("digest", sa.LargeBinary),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("source", "id"),
        sa.CheckConstraint("num_nulls(partition, seq, digest) in (0, 3)", name="place"),
    )
    op.create_table("belonging", *_texts("parent", "thing"), sa.PrimaryKeyConstraint("parent", "thing"))
    op.create_index(op.f("ix_belonging_thing"), "belonging", ["thing"])
    op.create_table(
        "object_state",
        *_texts("subject", "policy", "state"),
        sa.PrimaryKeyConstraint("subject"),
        postgresql_with={"fillfactor": 70},
    )
