"""Appeals about waivers: what is written about them lies under keys, and none has a record."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_2059"
down_revision = "2026_11_29_1857"
branch_labels = None
depends_on = None


def _record(condition: str) -> None:
    op.drop_constraint("ck_appeal_record", "appeal")
    op.create_check_constraint("ck_appeal_record", "appeal", condition)


def upgrade() -> None:
    _record("record is null or state = 'granted'")
    op.add_column("appeal_words", sa.Column("sealed", sa.LargeBinary()))
    op.alter_column("appeal_words", "words", nullable=True)
    op.create_check_constraint(
        "ck_appeal_words_sealed", "appeal_words", "(words is null) <> (sealed is null)"
    )


def downgrade() -> None:
    op.drop_constraint("ck_appeal_words_sealed", "appeal_words")
    op.execute("delete from appeal_words where words is null")
    op.alter_column("appeal_words", "words", nullable=False)
    op.drop_column("appeal_words", "sealed")
    _record("(state = 'granted') = (record is not null)")
