"""Declarations and the queues of those who review them."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1420"
down_revision = "2026_11_29_1410"
branch_labels = None
depends_on = None

_STATES = "'draft', 'declared', 'reviewed', 'posted', 'returned', 'refused', 'withdrawn'"


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "declaration",
        sa.Column("declaration", sa.Text(collation="C"), nullable=False),
        *_texts("teacher"),
        sa.Column("year", sa.SmallInteger, nullable=False),
        *_texts("rule", "registration", "declarant", "digest", "state"),
        sa.Column("hours", sa.Numeric(10, 2)),
        *_texts("override", "reviewers", "accounts"),
        sa.Column("awaits", sa.Text),
        *_texts("entry"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("declaration", name="pk_declaration"),
        sa.CheckConstraint(f"state in ({_STATES})", name="ck_declaration_state"),
        sa.CheckConstraint(
            "(state in ('declared', 'reviewed')) = (awaits is not null)", name="ck_declaration_awaits"
        ),
    )
    op.create_index("ix_declaration_teacher_year", "declaration", ["teacher", "year"])
    op.create_index(
        "ix_declaration_awaits_since_declaration", "declaration", ["awaits", "since", "declaration"]
    )
    op.create_index("ix_declaration_since_declaration", "declaration", ["since", "declaration"])
    op.create_table(
        "declared_proof",
        *_texts("declaration", "data"),
        sa.PrimaryKeyConstraint("declaration", name="pk_declared_proof"),
    )
    for table in ("declaration", "declared_proof"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("declared_proof")
    op.drop_table("declaration")
