"""What registered training was about, by topic; before this nothing said so."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_30_0420"
down_revision = "2026_11_30_0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = [
        sa.Column(name, sa.Text(collation="C"), nullable=False) for name in ("record", "topic", "teacher")
    ]
    op.create_table(
        "record_topic",
        *texts,
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("record", "topic", name="pk_record_topic"),
    )
    op.create_index("ix_record_topic_topic_last", "record_topic", ["topic", "last"])
    grant(Operations(op.get_context()), "record_topic", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("record_topic")
