"""The tree of organisations; organisations, imports and transfers are subjects of the journal."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from hours.settings import LAYOUT
from shared.runtime.journal import schema
from shared.runtime.migrate import grant

revision = "2026_11_29_0815"
down_revision = "2026_11_22_0715"
branch_labels = None
depends_on = None

TABLES = ("organisation", "held_division", "given_school_code")


def upgrade() -> None:
    schema.name_kinds(Operations(op.get_context()), LAYOUT)
    op.create_table(
        "organisation",
        sa.Column("organisation", sa.Text(collation="C"), nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("level", "name")],
        sa.Column("parent", sa.Text(collation="C")),
        *[sa.Column(name, sa.Text) for name in ("division", "school_code", "credit_code")],
        sa.Column("entry", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", name="pk_organisation"),
        sa.CheckConstraint(
            "level in ('province', 'city', 'district', 'school')", name="ck_organisation_level"
        ),
        sa.CheckConstraint("(level = 'province') = (parent is null)", name="ck_organisation_parent"),
        sa.CheckConstraint("(level = 'school') = (division is null)", name="ck_organisation_division"),
        sa.CheckConstraint("school_code is null or level = 'school'", name="ck_organisation_school_code"),
    )
    op.create_index("ix_organisation_parent_organisation", "organisation", ["parent", "organisation"])
    op.create_index("ix_organisation_credit_code", "organisation", ["credit_code"])
    op.create_table(
        "held_division",
        sa.Column("organisation", sa.Text(collation="C"), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("division", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "since", name="pk_held_division"),
    )
    op.create_table(
        "given_school_code",
        sa.Column("school_code", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("school_code", name="pk_given_school_code"),
    )
    for table in TABLES:
        grant(Operations(op.get_context()), table, "select, insert, update, delete")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
