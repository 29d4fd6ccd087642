"""What a run posted to teachers, read back from its journal: the same awards and events for every peer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bench.servers import Servers
from shared.contracts.points import PointsAwarded, PointsReversed

_POSTED = (
    "select type, subject, effective_at, policy, data from journal"
    " where type in ('points.awarded.v1', 'points.reversed.v1') order by partition, seq"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One award, or what took it back."""

    type: str
    subject: str
    effective_at: datetime
    policy: str
    fact: PointsAwarded | PointsReversed

    @property
    def award(self) -> bool:
        """Whether it gave points, and at least one."""
        return isinstance(self.fact, PointsAwarded) and self.fact.points > 0


async def read_posted(servers: Servers, database: str) -> list[Posting]:
    """Everything posted to teachers, partition by partition."""
    async with servers.connected(database) as link:
        rows = await link.fetch(_POSTED)
    return [
        Posting(
            type=row["type"],
            subject=row["subject"],
            effective_at=row["effective_at"],
            policy=row["policy"],
            fact=msgspec.json.decode(row["data"], type=shape(row["type"])),
        )
        for row in rows
    ]


def shape(type_: str) -> type[PointsAwarded | PointsReversed]:
    """The shape of what is said under a type."""
    return PointsAwarded if type_ == "points.awarded.v1" else PointsReversed


def change(fact: PointsAwarded | PointsReversed) -> int:
    """What a fact does to the points of a teacher."""
    return fact.points if isinstance(fact, PointsAwarded) else -fact.points


def repeated(postings: Sequence[Posting], count: int) -> list[Posting]:
    """As many postings as asked for, from the beginning again where there are fewer."""
    return [postings[place % len(postings)] for place in range(count)]


def lots(postings: Sequence[Posting]) -> dict[tuple[str, datetime], int]:
    """What teachers hold after these postings, by the instant at which it expires."""
    held: dict[tuple[str, datetime], int] = {}
    for posting in postings:
        key = (posting.fact.teacher, posting.fact.expires_at)
        held[key] = held.get(key, 0) + change(posting.fact)
    return held
