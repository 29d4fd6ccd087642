"""Tables of the records: `record` and `completion` are projections, `proof` is personal and in no journal."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)

from shared.runtime.journal import tables as journal

metadata = MetaData(naming_convention=journal.metadata.naming_convention)

ANSWERABLE = "coalesce(nullif(recogniser, ''), registrar)"
"""Who answers for a record (责任方): who recognised it, or the registrar whom the rule trusts."""

record = Table(
    "record",
    metadata,
    Column("record", Text, primary_key=True),
    Column("teacher", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("hours", Numeric(10, 2), nullable=False),
    Column("credits", Numeric(10, 2)),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("registrar", Text, nullable=False),
    Column("recogniser", Text, nullable=False),
    Column("accounts", ARRAY(Text), nullable=False),
    Column("matter", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("reversal", Text),
    Column("replacement", Text, nullable=False),
    CheckConstraint("state in ('registered', 'reversed')", name="state"),
    CheckConstraint("(state = 'reversed') = (reversal is not null)", name="reversal"),
    Index(None, "teacher", "year"),
    Index(None, "registrar", "year"),
    Index("ix_record_answerable", text(ANSWERABLE), "year"),
    Index("ix_record_matter", "matter", "teacher", postgresql_where=text("matter <> ''")),
)
"""`credits` are what the hours make where credits are counted; `accounts` are those of everybody who
declared, registered, recognised or corrected it."""

completion = Table(
    "completion",
    metadata,
    Column("record", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("hours", Numeric(10, 2), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("anomalies", Text, nullable=False),
    Column("conclusion", Text),
    Column("scrutinised_by", Text),
    Column("scrutinised_at", DateTime(timezone=True)),
    Column("why", Text),
    Index(None, "teacher"),
    Index("ix_completion_marked", "record", postgresql_where=text("anomalies <> '[]'")),
)
"""Courses whose records stand, for telling what cannot be; `anomalies` is JSON.

`conclusion` is what somebody said who looked into it, `why` the reason; both null until then.
"""

record_topic = Table(
    "record_topic",
    metadata,
    Column("record", Text(collation="C"), primary_key=True),
    Column("topic", Text(collation="C"), primary_key=True),
    Column("teacher", Text(collation="C"), nullable=False),
    Column("last", Date, nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False),
    Column("reversed_at", DateTime(timezone=True)),
    Index(None, "topic", "last"),
)
"""What training was about that was registered, for telling which topics anybody was offered by when."""

proof = Table(
    "proof",
    metadata,
    Column("record", Text, primary_key=True),
    Column("data", Text, nullable=False),
)
"""The data printed on a stamped proof (证明), as JSON."""
