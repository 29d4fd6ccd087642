"""Appeals, their clock, and the words beside them."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_1515"
down_revision = "2026_11_29_1510"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("appeal", sa.Text(collation="C"), nullable=False),
        *_texts("teacher", "matter", "rule", "against", "by"),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.ARRAY(sa.Text), nullable=False) for name in ("files", "callers", "accounts")),
        *_texts("state", "entry"),
        sa.Column("over_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Text),
        sa.Column("record", sa.Text),
        sa.PrimaryKeyConstraint("appeal", name="pk_appeal"),
        sa.CheckConstraint("state in ('open', 'granted', 'rejected', 'withdrawn')", name="ck_appeal_state"),
        sa.CheckConstraint("(state = 'open') = (over_at is null)", name="ck_appeal_over"),
        sa.CheckConstraint("(state = 'granted') = (record is not null)", name="ck_appeal_record"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("uq_appeal_matter_open", "appeal", ["matter"], unique=True, postgresql_where=is_open)
    op.create_index("ix_appeal_matter", "appeal", ["matter"])
    op.create_index("ix_appeal_teacher_filed_at", "appeal", ["teacher", "filed_at"])
    op.create_index("ix_appeal_filed_at_appeal", "appeal", ["filed_at", "appeal"])
    op.create_table(
        "appeal_words",
        *_texts("appeal", "said", "words"),
        sa.PrimaryKeyConstraint("appeal", "said", name="pk_appeal_words"),
        sa.CheckConstraint("said in ('grounds', 'reason')", name="ck_appeal_words_said"),
    )
    grant(Operations(op.get_context()), "appeal", "select, insert, update, delete")
    grant(Operations(op.get_context()), "appeal_words", "select, insert")


def downgrade() -> None:
    op.drop_table("appeal_words")
    op.drop_table("appeal")
