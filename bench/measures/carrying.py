"""E9: hours hears everybody's verdict, and F7: the bare SQL of consumption, carry-over and expiry.

Both start from the same verdicts, which lie in a table of their own: as columns for F7, as the verification
service's events for E9, which hears them as its consumer brings them. F7 is one statement and does not chain.
"""

from datetime import UTC, datetime
from functools import partial
from time import perf_counter

import asyncpg
import msgspec

from bench import beside
from bench.apart import Figures, peak_mb
from bench.beside import Beside, entries, left, rows
from bench.servers import Link, Servers
from hours.carryovers import consumer
from hours.settings import LAYOUT, AppealTerms, Context
from shared.adoptions.operations import Adoptions
from shared.contracts.envelope import Event
from shared.policy import loader
from shared.runtime.database import Database
from shared.runtime.documents import Documents
from shared.runtime.driver import connect
from shared.runtime.journal import Journal, canonical

PORTION = 1000
"""Verdicts of a transaction: about what a consumer takes at once while a run says its own."""

_HEARD = """
create table heard as
select first + crc32(convert_to('teacher:'||teacher, 'UTF8')) % width as partition, 0::bigint as seq,
  teacher, n, n % 5 > 0 as passed, n % 4 * 2.50 as carried_in, 38 + n * 104729 % 1800 / 100.0 as fresh
from (select n, 'B'||lpad(n::text, 8, '0') as teacher from generate_series(1, $1::bigint) n) as everybody,
  (select $2::int as first, $3::int as width) as asked
"""
_NUMBERED = """
update heard set seq = numbered.seq from
  (select teacher, row_number() over (partition by partition order by n) as seq from heard) as numbered
where heard.teacher = numbered.teacher
"""
_TOTALS = (
    "insert into total"
    " (teacher, year, hours, over_cap, carried_in, used_carried, used_fresh, expired, carry_out)"
    " select teacher, $1::int, jsonb_build_object('public', '18.00', 'professional',"
    " fresh::numeric(10, 2)::text, 'elective', '16.00'), 0, carried_in, 0, 0, 0, 0 from heard order by n"
)
_READ = """
select partition, seq, teacher, case when passed then 'passed' else 'failed' end as outcome,
  '{"teacher":"'||teacher||'","year":'||$1::int||',"authority":"local","verdict":"run-bench","decided_at":'
  ||$2::text||',"figures":{"public":"18.00","professional":"'||fresh::numeric(10, 2)
  ||'","elective":"16.00","carried_in":"'||carried_in::numeric(10, 2)||'","total":"'
  ||(34 + fresh + carried_in)::numeric(10, 2)||'"},"required":{},"shortfall":{},"revision":1,"basis":{}}'
    as data
from heard order by n
"""
_FLOOR = """
with asked as (
  select $1::int as year, $2::timestamptz as at, $3::text as policy, $4::numeric as threshold,
    $5::text as rule, $6::text as category
), used as (
  select heard.*, case when passed then least(carried_in, threshold) else 0 end as used_carried
  from heard, asked
), consumed as (
  select used.*, case when passed then least(fresh, threshold - used_carried) else 0 end as used_fresh
  from used, asked
), decided as materialized (
  select partition, 'teacher:'||teacher as subject, teacher, passed,
    'verification/'||partition||'/'||seq as verdict, carried_in::numeric(10, 2), fresh::numeric(10, 2),
    used_carried::numeric(10, 2), used_fresh::numeric(10, 2),
    (carried_in - used_carried)::numeric(10, 2) as expired,
    (case when passed then fresh - used_fresh else 0 end)::numeric(10, 2) as carry_out,
    row_number() over (partition by partition order by seq) as place
  from consumed where passed or carried_in > 0
), journalled as (
  insert into journal select partition, place, 'hours.carried_over.v1', subject, at, now(), policy, data,
    sha256(convert_to(partition||'/'||place||subject||data, 'UTF8')),
    extract(year from now() at time zone 'Asia/Shanghai')
  from (
    select decided.*, asked.*, '{"teacher":"'||teacher||'","year":'||year||',"to_year":'||year + 1
      ||',"category":"'||category||'","hours":"'||carry_out||'","carried_in":"'||carried_in
      ||'","used_carried":"'||used_carried||'","used_fresh":"'||used_fresh||'","expired":"'||expired||'","verdict":"'||verdict
      ||'","basis":{"fresh":"'||fresh||'","outcome":"'||case when passed then 'pass' else 'fail' end
      ||'","rule":"'||rule||'","threshold":"'||threshold::numeric(10, 2)||'"}}' as data
    from decided, asked order by partition, place
  ) as drafted
), carried as (
  insert into carry_over select teacher, year, carried_in, used_carried, used_fresh, expired, carry_out,
    verdict, 'hours/'||partition||'/'||place from decided, asked
), stated as (
  update total set used_carried = decided.used_carried, used_fresh = decided.used_fresh,
    expired = decided.expired, carry_out = decided.carry_out
  from decided, asked where total.teacher = decided.teacher and total.year = asked.year
)
insert into total (teacher, year, hours, over_cap, carried_in, used_carried, used_fresh, expired, carry_out)
  select teacher, year + 1, '{}', 0, carry_out, 0, 0, 0, 0 from decided, asked
"""


async def prepare(servers: Servers, teachers: int, year: int) -> str:
    """Make a template in which so many teachers have sums of a year, and verdicts wait; return its name."""
    name = servers.fresh(LAYOUT.service)
    async with servers.connected(name) as link:
        await link.execute(_HEARD, teachers, LAYOUT.partitions("teacher")[0], LAYOUT.width)
        await link.execute(_NUMBERED)
        await link.execute(_TOTALS, year)
        await link.execute(f"grant select on heard to {LAYOUT.service}")
        await link.execute("analyze")
    return name


async def measure(servers: Servers, template: str, teachers: int, year: int) -> dict[str, float]:
    """F7 and E9 in verdicts a second, what E9 held of memory and wrote.

    Raises: WrongRunError.
    """
    done = await beside.measure(servers, WORK, template, teachers, year)
    return {
        "F7": teachers / done.bare,
        "E9": teachers / done.own,
        "E9-memory": done.memory,
        "E9-bytes": done.written,
    }


async def bare(link: Link, year: int) -> None:
    """Consume, carry over and expire everybody's hours in one statement."""
    pack = loader.builtin()
    rule = pack.carried_by
    await link.execute(_FLOOR, year, _at(year), pack.reference, rule.threshold, rule.id, rule.category)


async def hear(address: str, of: str) -> Figures:
    """Hear the verdicts, a portion a transaction; in a process of its own."""
    context = Context(
        journal=Journal(LAYOUT),
        adoptions=Adoptions(loader.editions()),
        explain={},
        documents=Documents(),
        appeals=AppealTerms(days=30, answer_days=15),
    )
    at = _at(int(of))
    database = Database(address)
    link = await connect(address)
    try:
        seconds = 0.0
        async with link.transaction():
            verdicts = await link.cursor(_READ, int(of), canonical(at))
            while found := await verdicts.fetch(PORTION):
                events = [_event(row, at, context.pack.reference) for row in found]
                began = perf_counter()
                await database.run(partial(consumer.hear, context=context, events=events))
                seconds += perf_counter() - began
        return {"seconds": seconds, "memory": peak_mb()}
    finally:
        await link.close()
        await database.dispose()


def _event(row: asyncpg.Record, at: datetime, policy: str) -> Event:
    return Event(
        source="verification",
        partition=row["partition"],
        seq=row["seq"],
        type=f"verification.{row['outcome']}.v1",
        subject=f"teacher:{row['teacher']}",
        effective_at=at,
        recorded_at=at,
        policy=policy,
        data=msgspec.Raw(row["data"].encode()),
        hash="",
    )


def _at(year: int) -> datetime:
    return datetime(year + 1, 1, 31, 2, tzinfo=UTC)


WORK = Beside(
    service=LAYOUT.service,
    bare=bare,
    own=hear,
    left=left(
        "(select teacher from carry_over union select teacher from heard"
        " where not passed and carried_in = 0) as decided",
        entries("type = 'hours.carried_over.v1'"),
        rows("carry_over"),
        rows("total"),
    ),
)
