"""Results count the records that came of them; the records themselves say whether one stands."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1840"
down_revision = "2026_11_29_1835"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("result", sa.Column("records", sa.Integer, nullable=False, server_default="0"))
    op.execute("update result set records = 1 where registered")
    op.alter_column("result", "records", server_default=None)
    op.drop_constraint("ck_result_registered", "result")
    op.drop_column("result", "registered")


def downgrade() -> None:
    op.add_column("result", sa.Column("registered", sa.Boolean, nullable=False, server_default="false"))
    op.execute("update result set registered = true where records > 0 and outcome = 'passed'")
    op.alter_column("result", "registered", server_default=None)
    op.create_check_constraint("ck_result_registered", "result", "not registered or outcome = 'passed'")
    op.drop_column("result", "records")
