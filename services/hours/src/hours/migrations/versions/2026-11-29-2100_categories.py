"""Sums of a year by the categories of the pack, whatever these are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_2100"
down_revision = "2026_11_29_2059"
branch_labels = None
depends_on = None

_CATEGORIES = ("public", "professional", "elective")
_SUMS = "ck_total_sums"


def upgrade() -> None:
    op.add_column("total", sa.Column("hours", JSONB))
    parts = ", ".join(f"('{name}', {name})" for name in _CATEGORIES)
    op.execute(
        "update total set hours = coalesce((select jsonb_object_agg(category, amount::text)"  # noqa: S608 - our own names
        f" from (values {parts}) as parts (category, amount) where amount > 0), '{{}}')"
    )
    op.alter_column("total", "hours", nullable=False)
    op.drop_constraint(_SUMS, "total", type_="check")
    for name in _CATEGORIES:
        op.drop_column("total", name)
    op.create_check_constraint(_SUMS, "total", "over_cap >= 0 and hours::text not like '%\"-%'")


def downgrade() -> None:
    op.drop_constraint(_SUMS, "total", type_="check")
    for name in _CATEGORIES:
        op.add_column("total", sa.Column(name, sa.Numeric(10, 2), nullable=False, server_default="0"))
        op.execute(f"update total set {name} = coalesce((hours->>'{name}')::numeric, 0)")  # noqa: S608 - our own names
        op.alter_column("total", name, server_default=None)
    op.drop_column("total", "hours")
    above = " and ".join(f"{name} >= 0" for name in (*_CATEGORIES, "over_cap"))
    op.create_check_constraint(_SUMS, "total", above)
