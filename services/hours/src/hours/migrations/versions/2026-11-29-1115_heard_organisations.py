"""Organisations stand in the rank of the teachers, which others hear."""

from alembic import op
from alembic.operations import Operations

from hours.settings import LAYOUT
from shared.runtime.journal import Layout, schema

revision = "2026_11_29_1115"
down_revision = "2026_11_29_0920"
branch_labels = None
depends_on = None

BEFORE = Layout(
    service="hours",
    ranks=(("organisation", "import", "transfer", "year", "class", "plan", "declaration"), ("teacher",)),
    relayed=("teacher",),
)


def upgrade() -> None:
    schema.move_kind(Operations(op.get_context()), LAYOUT, "organisation")


def downgrade() -> None:
    schema.move_kind(Operations(op.get_context()), BEFORE, "organisation")
