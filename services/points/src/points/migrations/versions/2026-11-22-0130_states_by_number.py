"""States say up to which number they are folded; those kept before do not, and are folded again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0130"
down_revision = "2026_11_22_0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from object_state")
    op.add_column("object_state", sa.Column("seq", sa.BigInteger, nullable=False))


def downgrade() -> None:
    op.drop_column("object_state", "seq")
