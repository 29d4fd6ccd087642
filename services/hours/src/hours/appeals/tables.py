"""Tables of the appeals. `appeal` is a projection; `appeal_words` is personal, in no journal."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

appeal = Table(
    "appeal",
    metadata,
    Column("appeal", Text(collation="C"), primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("against", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("filed_at", DateTime(timezone=True), nullable=False),
    Column("files", ARRAY(Text), nullable=False),
    Column("callers", ARRAY(Text), nullable=False),
    Column("accounts", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("over_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("record", Text),
    CheckConstraint("state in ('open', 'granted', 'rejected', 'withdrawn')", name="state"),
    CheckConstraint("(state = 'open') = (over_at is null)", name="over"),
    CheckConstraint("record is null or state = 'granted'", name="record"),
    ExcludeConstraint(
        ("matter", "="),
        name="ex_appeal_matter_open",
        using="btree",
        where=text("state = 'open'"),
        deferrable=True,
        initially="DEFERRED",
    ),
    Index(None, "matter"),
    Index(None, "teacher", "filed_at"),
    Index(None, "filed_at", "appeal"),
)
"""`callers` and `accounts` are of those who do not decide.

One appeal about a matter is open. Whether that holds is looked at in the end: who rebuilds reads appeals one
partition after another, and a later one may come before the end of the first.
"""

appeal_words = Table(
    "appeal_words",
    metadata,
    Column("appeal", Text, primary_key=True),
    Column("said", Text, primary_key=True),
    Column("words", Text),
    Column("sealed", LargeBinary),
    CheckConstraint("said in ('grounds', 'reason')", name="said"),
    CheckConstraint("(words is null) <> (sealed is null)", name="sealed"),
)
"""What people wrote: the grounds, and the reason of a decision; about a waiver under keys."""
