"""Evidence: who handed in what, and what it is used for."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1410"
down_revision = "2026_11_29_1345"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        *_texts("subject", "media_type"),
        sa.Column("size", sa.BigInteger, nullable=False),
        *_texts("by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", "subject", name="pk_evidence"),
    )
    op.create_table(
        "evidence_use",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        *_texts("matter", "teacher", "rule", "school"),
        sa.Column("year", sa.Integer, nullable=False),
        *_texts("override"),
        sa.Column("standing", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint(
            *("digest", "matter", "teacher", "rule", "school", "year"), name="pk_evidence_use"
        ),
    )
    op.create_index("ix_evidence_use_matter", "evidence_use", ["matter"])
    for table in ("evidence", "evidence_use"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("evidence_use")
    op.drop_table("evidence")
