"""Titles of teachers, and citizens' numbers, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_0850"
down_revision = "2026_11_29_0815"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("title", sa.Text, nullable=False, server_default=""))
    op.add_column("person", sa.Column("citizen_id", sa.LargeBinary))
    op.add_column("person", sa.Column("identity", sa.LargeBinary))
    op.create_unique_constraint("uq_person_identity", "person", ["identity"])
    op.create_check_constraint("ck_person_identity", "person", "(citizen_id is null) = (identity is null)")


def downgrade() -> None:
    op.drop_constraint("ck_person_identity", "person")
    op.drop_constraint("uq_person_identity", "person")
    for column in ("identity", "citizen_id", "title"):
        op.drop_column("person", column)
