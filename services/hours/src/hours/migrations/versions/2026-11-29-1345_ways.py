"""Records say who recognised them and out of which matter they came; new kinds of matter."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from hours.settings import LAYOUT
from shared.runtime.journal import Layout, schema

revision = "2026_11_29_1345"
down_revision = "2026_11_29_1115"
branch_labels = None
depends_on = None

BEFORE = Layout(
    service="hours",
    ranks=(("import", "transfer", "year", "class", "plan", "declaration"), ("organisation", "teacher")),
    relayed=("organisation", "teacher"),
)


def upgrade() -> None:
    for name in ("recogniser", "matter"):
        op.add_column("record", sa.Column(name, sa.Text, nullable=False, server_default=""))
        op.alter_column("record", name, server_default=None)
    schema.name_kinds(Operations(op.get_context()), LAYOUT)


def downgrade() -> None:
    op.drop_column("record", "matter")
    op.drop_column("record", "recogniser")
    schema.name_kinds(Operations(op.get_context()), BEFORE)
