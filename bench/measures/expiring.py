"""E6-months: lots of twelve months that the sweep expires, and F8: the bare SQL that leaves the same.

F8 is one statement: it empties the lots, marks the partitions, writes an entry for each, and does not chain.
"""

from datetime import datetime
from time import perf_counter

from bench import beside
from bench.apart import Figures, peak_mb
from bench.beside import Beside, entries, left, rows
from bench.measures.sweep import monthly
from bench.recording import context
from bench.servers import Link, Servers
from deploy.local.sampling.feed import on
from points.accounts import operations
from points.accounts.domain.lot import due
from points.settings import LAYOUT
from shared.runtime.database import Database
from shared.runtime.journal import canonical

_FLOOR = """
with asked as (
  select $1::timestamptz as until, $2::text as until_text, $3::text as policy,
    $4::int as first, $5::int as width
), due as materialized (
  select lot.*, earned - exchanged - expired as rest,
    row_number() over (partition by partition order by teacher, expires_at) as place
  from lot, asked where expires_at <= until and earned > exchanged + expired
), marked as (
  select part.partition, part.seq + count(place) + 1 as seq, part.seq as before
  from asked cross join part left join due using (partition)
  where part.partition between first and first + width - 1 group by part.partition, part.seq
), drafted as (
  select partition, before + place as seq, 'points.expired.v1' as type, 'teacher:'||teacher as subject,
    expires_at as effective_at,
    '{"teacher":"'||teacher||'","year":'
      ||extract(year from (expires_at - interval '1 microsecond') at time zone 'Asia/Shanghai')
      ||',"expires_at":"'||to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      ||'","points":'||rest||',"debit":"teacher","credit":"expired"}' as data
  from due join marked using (partition)
  union all
  select partition, seq, 'points.swept.v1', 'sweep:'||partition, until,
    '{"until":'||until_text||',"partition":'||partition||'}'
  from marked, asked
), journalled as (
  insert into journal select partition, seq, type, subject, effective_at, now(), policy, data,
    sha256(convert_to(partition||'/'||seq||type||subject||data, 'UTF8')),
    extract(year from now() at time zone 'Asia/Shanghai')
  from drafted, asked order by partition, seq
), emptied as (
  update lot set expired = lot.expired + rest from due
  where lot.teacher = due.teacher and lot.expires_at = due.expires_at
)
insert into swept select partition, until from marked, asked
"""


async def measure(servers: Servers, template: str, lots: int, year: int) -> dict[str, float]:
    """F8 and E6-months in lots a second.

    Raises: WrongRunError.
    """
    done = await beside.measure(servers, WORK, template, lots, year)
    return {"F8": lots / done.bare, "E6-months": lots / done.own}


async def bare(link: Link, year: int) -> None:
    """Empty every lot that has ended, in one statement."""
    pack = monthly()
    until = due(pack.expired_by, _later(year), pack.pack.timezone)
    assert until is not None, "these lots end without an order"
    first, width = LAYOUT.partitions("teacher")[0], LAYOUT.width
    await link.execute(_FLOOR, until, canonical(until), pack.reference, first, width)


async def sweep(address: str, of: str) -> Figures:
    """Sweep partition by partition, as the job does; in a process of its own."""
    own, later = context(monthly()), _later(int(of))
    database = Database(address)
    try:
        began = perf_counter()
        while await database.run(lambda tx: operations.sweep_next(tx, own, later)):
            pass
        return {"seconds": perf_counter() - began, "memory": peak_mb()}
    finally:
        await database.dispose()


def _later(year: int) -> datetime:
    return on(12, 31, "09:00", year + 1)


WORK = Beside(
    service="points",
    bare=bare,
    own=sweep,
    left=left(
        "lot where expired > 0",
        entries("type in ('points.expired.v1', 'points.swept.v1')"),
        rows("lot"),
        rows("swept"),
    ),
)
