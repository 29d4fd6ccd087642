"""The journal, the ledger of certificates, entitlements, documents, failures."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from certificates.settings import LAYOUT
from shared.runtime.journal import schema
from shared.runtime.migrate import grant

revision = "2026_11_21_2200"
down_revision = None
branch_labels = None
depends_on = None

PROJECTIONS = ("series", "reservation", "certificate", "version", "entitlement")


def upgrade() -> None:
    here = Operations(op.get_context())
    schema.create(here, LAYOUT)
    _numbers()
    _certificates()
    _documents()
    _entitlements()
    _failures()
    for table in PROJECTIONS:
        grant(here, table, "select, insert, update")
    grant(here, "document", "select, insert")
    grant(here, "failure", "select, insert, update, delete")


def downgrade() -> None:
    for table in ("failure", "entitlement", "document", "version", "certificate", "reservation", "series"):
        op.drop_table(table)
    schema.drop(Operations(op.get_context()))


def _name() -> sa.Text:
    """Compared by code point, so that the order is the same everywhere."""
    return sa.Text(collation="C")


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("teacher", _name(), nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
    ]


def _hours() -> list[sa.Column[object]]:
    names = ("public", "professional", "elective", "carried_in", "total")
    return [sa.Column(name, sa.Numeric(8, 2), nullable=False) for name in names]


def _numbers() -> None:
    op.create_table(
        "series",
        sa.Column("series", _name(), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_series"),
    )
    op.create_table(
        "reservation",
        sa.Column("number", _name(), nullable=False),
        *_key(),
        sa.Column("series", _name(), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_reservation"),
        sa.UniqueConstraint("teacher", "year", "kind", name="uq_reservation_teacher_year_kind"),
        sa.UniqueConstraint("series", "serial", name="uq_reservation_series_serial"),
    )


def _certificates() -> None:
    op.create_table(
        "certificate",
        sa.Column("number", _name(), nullable=False),
        *_key(),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_certificate"),
        sa.UniqueConstraint("teacher", "year", "kind", name="uq_certificate_teacher_year_kind"),
    )
    op.create_index("ix_certificate_year_number", "certificate", ["year", "number"])
    op.create_table(
        "version",
        sa.Column("number", _name(), nullable=False),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_person", sa.Boolean, nullable=False),
        sa.Column("replaced_by", sa.SmallInteger),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        *_hours(),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", "version", name="pk_version"),
    )


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("number", _name(), nullable=False),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("school", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("pdf", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", "version", name="pk_document"),
    )


def _entitlements() -> None:
    op.create_table(
        "entitlement",
        *_key(),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        *_hours(),
        sa.Column("standing", sa.Boolean, nullable=False),
        sa.Column("work", sa.Text, nullable=False),
        sa.Column("ordered", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", "kind", name="pk_entitlement"),
    )
    op.create_index(
        "ix_entitlement_work",
        "entitlement",
        ["teacher", "year", "kind"],
        postgresql_where=sa.text("work <> 'none'"),
    )


def _failures() -> None:
    op.create_table(
        "failure",
        *_key(),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sign", sa.Text, nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("teacher", "year", "kind", name="pk_failure"),
    )
