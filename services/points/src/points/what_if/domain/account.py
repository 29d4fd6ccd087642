"""A teacher's points of a year under one set of rules, from bare awards: no lot of it stands in any table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from points.accounts.domain.holding import Holding
from points.accounts.domain.lot import Lot, Movement
from points.exchanges.domain.deciding import Granted, Refused, decide, malformed
from points.exchanges.domain.requested import Requested
from shared.policy.pack import Pack


class Earned(NamedTuple):
    """Points of one award, and when they are gone."""

    rule: str
    at: datetime
    expires_at: datetime
    points: int


def opened(teacher: str, earned: Iterable[Earned], burnt: Iterable[tuple[datetime, Movement]]) -> Holding:
    """What a teacher holds before the first request of the year: all awards, and what was burnt before."""
    sums: dict[datetime, int] = defaultdict(int)
    gone: dict[datetime, int] = defaultdict(int)
    moved: dict[datetime, list[Movement]] = defaultdict(list)
    for award in earned:
        sums[award.expires_at] += award.points
        moved[award.expires_at].append(Movement(award.at, award.points))
    for expires_at, movement in burnt:
        gone[expires_at] -= movement.points
        moved[expires_at].append(movement)
    lots = [
        Lot(teacher=teacher, expires_at=expires_at, earned=points, exchanged=gone[expires_at])
        for expires_at, points in sorted(sums.items())
    ]
    return Holding(teacher=teacher, lots=lots, moved=moved)


@dataclass(frozen=True, slots=True)
class Decision:
    """A request, and why it is refused; None where it is granted."""

    request: Requested
    refused: Refused | None


def decide_again(
    holding: Holding, requests: Iterable[Requested], pack: Pack
) -> tuple[Holding, list[Decision]]:
    """Decide requests in order on what each leaves to the next one, as if the year were open."""
    decisions: list[Decision] = []
    for one in requests:
        holding, refused = _decided(holding, one, pack)
        decisions.append(Decision(one, refused))
    return holding, decisions


def decided_alike(holding: Holding, requests: Iterable[Requested], pack: Pack) -> list[Requested]:
    """Those that the rules in force decide on all that is known today as they were decided then.

    What came to be known later explains the others, and no draft does.
    """
    alike: list[Requested] = []
    for one in requests:
        after, refused = _decided(holding, one, pack)
        if (refused is None) == bool(one.stands):
            alike.append(one)
            holding = after
    return alike


def _decided(holding: Holding, one: Requested, pack: Pack) -> tuple[Holding, Refused | None]:
    request, zone = one.again(), pack.pack.timezone
    wrong = malformed(request, pack, request.at)
    if wrong is not None:
        return holding, wrong
    year, rule = pack.years.of(request.at), pack.exchanged_by
    decision = decide(request, holding.purse(request.at, year, rule), rule, zone, closed=False)
    match decision:
        case Granted():
            return holding.after(request.at, (year, request.category), decision.burnt), None
        case Refused():
            return holding, decision


def lost(holding: Holding, ending: set[datetime], at: datetime) -> int:
    """Points in lots of these ends that had expired by an instant, and that no exchange had taken."""
    return sum(
        max(0, lot.earned - lot.exchanged)
        for lot in holding.lots
        if lot.expires_at in ending and lot.expires_at <= at
    )
