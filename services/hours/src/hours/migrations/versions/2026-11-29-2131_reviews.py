"""Reviews of registrations, and the records that each is of."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from shared.runtime.migrate import grant

revision = "2026_11_29_2131"
down_revision = "2026_11_29_2130"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _named(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(collation="C"), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "review",
        *_named("review", "place"),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("sample", sa.Text),
        *_texts("seed"),
        *[sa.Column(name, sa.Integer, nullable=False) for name in ("registered", "items")],
        *_texts("by", "state", "override"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_off_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("review", name="pk_review"),
        sa.CheckConstraint("state in ('open', 'signed_off')", name="ck_review_state"),
        sa.CheckConstraint("(state = 'open') = (signed_off_at is null)", name="ck_review_signed_off"),
    )
    op.create_index("ix_review_place_review", "review", ["place", "review"])
    op.create_table(
        "review_item",
        *_named("review", "record", "answerable"),
        *_texts("mark", "reason", "answer"),
        sa.Column("upheld", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("review", "record", name="pk_review_item"),
        sa.CheckConstraint("mark in ('open', 'in_order', 'objected')", name="ck_review_item_mark"),
    )
    op.create_index("ix_review_item_record", "review_item", ["record"])
    objected = sa.text("mark = 'objected'")
    op.create_index(
        "ix_review_item_objected",
        "review_item",
        ["answerable", "review", "record"],
        postgresql_where=objected,
    )
    for table in ("review", "review_item"):
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("review_item")
    op.drop_table("review")
