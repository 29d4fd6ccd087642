"""What must be true once a run is over. A run that is wrong anywhere has no figure.

Sums are compared between what was sent, the journal, the projections of points, and those of hours; a digest
of all awards tells whether two runs of the same acts came to the same result.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.servers import Link, Servers
from bench.workload import Recorded
from points.activities.entries import RECORDED_TYPE, WITHDRAWN_TYPE


class WrongRunError(Exception):
    """A run that did not leave what it must; the message says what."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A query that finds what breaks a rule; a clean run gives no row."""

    broken: str
    query: str


GAPLESS = _Rule(
    "partitions with gaps",
    "select part.partition, part.seq from part left join"
    " (select partition, count(*) as rows, max(seq) as last from journal group by partition) as found"
    " using (partition)"
    " where part.seq <> coalesce(found.rows, 0) or part.seq <> coalesce(found.last, 0)",
)
POINTS = (
    GAPLESS,
    _Rule(
        "lots that are not the sum of their awards",
        "select * from"
        " (select teacher, expires_at, sum(points) as points from award group by 1, 2) as granted"
        " full join lot using (teacher, expires_at)"
        " where coalesce(granted.points, 0) <> coalesce(lot.earned, 0)",
    ),
    _Rule(
        "accounts whose journal gives another sum than their lots",
        "with said as"
        " (select data::jsonb as fact, case type when 'points.reversed.v1' then -1 else 1 end as sign"
        " from journal where type in ('points.awarded.v1', 'points.reversed.v1')),"
        " sums as (select fact->>'teacher' as teacher, sum(sign * (fact->>'points')::int) as points"
        " from said group by 1)"
        " select * from sums full join (select teacher, sum(earned) as earned from lot group by 1) as kept"
        " using (teacher) where coalesce(sums.points, 0) <> coalesce(kept.earned, 0)",
    ),
)
HOURS = (GAPLESS, _Rule("parked events", "select source, partition, seq, error from parked"))
_ACTS = (
    "select count(*) filter (where seq is not null), count(*) filter (where seq is null),"
    " count(*) filter (where withdrawn), (select count(*) from journal where type in ($1, $2)) from act"
)
_RESTS = (
    "select teacher, expires_at, earned - exchanged - expired from lot"
    " where earned <> exchanged + expired order by teacher, expires_at"
)
_HEARD = "select teacher, expires_at, points from lot where points <> 0 order by teacher, expires_at"
_HEADS = "select partition, part.seq from part join relayed using (partition) where part.seq > 0 order by 1"
_POSITIONS = "select partition, seq from position where source = 'points' and seq > 0 order by partition"
_AWARDS = (
    "select md5(string_agg("
    "concat_ws('|', ground, rule, teacher, year, at, source, act, asked, points), chr(10)"
    " order by ground, rule, teacher, year)) from award"
)


async def audit(servers: Servers, databases: dict[str, str], expected: Recorded) -> str:
    """Check the databases of a run; return the digest of all awards.

    Raises: WrongRunError.
    """
    async with servers.connected(databases["points"]) as points:
        await _hold(points, POINTS)
        await _check_acts(points, expected)
        said, rests = await _rows(points, _HEADS), await _rows(points, _RESTS)
        awards = str(await points.fetchval(_AWARDS))
    async with servers.connected(databases["hours"]) as hours:
        await _hold(hours, HOURS)
        _same("positions of hours and heads of points", await _rows(hours, _POSITIONS), said)
        _same("lots that hours heard of and lots of points", await _rows(hours, _HEARD), rests)
    return awards


async def _check_acts(points: Link, expected: Recorded) -> None:
    found = await points.fetchrow(_ACTS, RECORDED_TYPE, WITHDRAWN_TYPE)
    recorded, waiting, withdrawn, entries = found or (0, 0, 0, 0)
    _same("acts recorded and sent", recorded, expected.acts)
    _same("entries of acts and acts sent", entries, expected.acts)
    _same("withdrawals that wait", waiting, 0)
    _same("acts withdrawn and withdrawals sent", withdrawn, expected.withdrawn)


async def _hold(link: Link, rules: Sequence[_Rule]) -> None:
    for rule in rules:
        found = await link.fetch(rule.query)
        if found:
            raise WrongRunError(f"{len(found)} {rule.broken}, the first: {tuple(found[0])}")


async def _rows(link: Link, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await link.fetch(query)]


def _same(what: str, found: object, wanted: object) -> None:
    """Compare two values, or two lists row by row."""
    if isinstance(found, list) and isinstance(wanted, list):
        odd = set(found) ^ set(wanted)
        if odd:
            raise WrongRunError(f"{what} differ in {len(odd)} rows, one of them: {min(map(str, odd))}")
    elif found != wanted:
        raise WrongRunError(f"{what}: {found} and {wanted}")
