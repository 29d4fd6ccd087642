"""Who lies where is heard from hours: from its beginning, for databases that heard teachers before."""

from alembic import op
from alembic.operations import Operations

from shared.places import schema
from shared.places.tables import place, whereabouts
from shared.runtime.journal import schema as journal

revision = "2026_11_29_1120"
down_revision = "2026_11_22_0715"
branch_labels = None
depends_on = None


def upgrade() -> None:
    here = Operations(op.get_context())
    schema.create(here, place, whereabouts)
    journal.hear_again(here, "hours")


def downgrade() -> None:
    schema.drop(Operations(op.get_context()), place, whereabouts)
