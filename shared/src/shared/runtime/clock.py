"""The only clock. Edges read it and hand the instant down; nothing below an edge asks for the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC, with microseconds."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place
