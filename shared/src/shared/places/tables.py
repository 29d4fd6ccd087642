"""The two tables of places. Each has a metadata of its own: who keeps a roster needs no second one.

Nothing refers to anything: an organisation may be heard before the one it stands below, and a teacher before
the school. Ids are compared by code point, as where they come from.
"""

from sqlalchemy import Column, Index, MetaData, Table, Text

from shared.runtime.journal.tables import metadata as journal_metadata

place = Table(
    "place",
    MetaData(naming_convention=journal_metadata.naming_convention),
    Column("organisation", Text(collation="C"), primary_key=True),
    Column("parent", Text(collation="C")),
    Index(None, "parent", "organisation"),
)
"""What every organisation of the tree stands below; a province below nothing."""

whereabouts = Table(
    "whereabouts",
    MetaData(naming_convention=journal_metadata.naming_convention),
    Column("teacher", Text(collation="C"), primary_key=True),
    Column("school", Text(collation="C"), nullable=False),
    Column("district", Text(collation="C"), nullable=False),
    Index(None, "school", "teacher"),
    Index(None, "district", "teacher"),
)
"""Where everybody who is on the roster works, as the roster says it."""
