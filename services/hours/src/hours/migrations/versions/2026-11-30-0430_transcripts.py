"""Transcripts, and their signed texts."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_30_0430"
down_revision = "2026_11_30_0420"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "transcript",
        sa.Column("transcript", sa.Text(collation="C"), nullable=False),
        *_texts("teacher", "issuer"),
        *[sa.Column(name, sa.SmallInteger, nullable=False) for name in ("first", "last")],
        sa.Column("lines", sa.Integer, nullable=False),
        *_texts("digest", "key"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("entry"),
        sa.PrimaryKeyConstraint("transcript", name="pk_transcript"),
    )
    op.create_index("ix_transcript_teacher", "transcript", ["teacher"])
    op.create_table(
        "transcript_document",
        sa.Column("transcript", sa.Text(collation="C"), nullable=False),
        *_texts("signed"),
        sa.PrimaryKeyConstraint("transcript", name="pk_transcript_document"),
    )
    for table in ("transcript", "transcript_document"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("transcript_document")
    op.drop_table("transcript")
