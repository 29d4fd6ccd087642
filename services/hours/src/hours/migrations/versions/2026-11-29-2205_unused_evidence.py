"""Since when evidence is used no more, and which files are to leave their place."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_2205"
down_revision = "2026_11_29_2131"
branch_labels = None
depends_on = None

ENDED = """
update evidence_use as used set ended_at = (
    select max(recorded_at) from journal
    where journal.subject = 'evidence:' || used.digest and journal.type = 'evidence.released.v1'
    and journal.data::json ->> 'matter' = used.matter
)
where not used.standing
"""


def upgrade() -> None:
    op.add_column("evidence_use", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.execute(ENDED)
    op.create_table(
        "erased_file",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_erased_file"),
    )
    grant(Operations(op.get_context()), "erased_file", "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("erased_file")
    op.drop_column("evidence_use", "ended_at")
