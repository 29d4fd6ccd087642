"""E8: a verification run over everyone, and F6: the bare SQL that computes and stores the same.

F6 is one `INSERT … SELECT` from the same counted hours into the journal, the predictions and the verdicts. It
does not chain: each of its hashes is of its own row only. What both leave is compared text by text.
"""

import asyncio
from datetime import UTC, datetime
from time import perf_counter

from bench import beside
from bench.apart import Figures, peak_mb
from bench.beside import Beside, entries, left, rows
from bench.servers import Link, Servers
from shared.adoptions.operations import Adoptions
from shared.policy import loader
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Journal, canonical
from verification.figures.domain.roster import Scope
from verification.runs import operations, store
from verification.runs.domain.run import Asked
from verification.settings import LAYOUT, Context

SERVICE, RUN = "verification", "run-bench"

_ENROL = (
    "insert into roster select 'B'||lpad(n::text, 8, '0'), 'S'||n % 400, 'D'||n % 11, 'hours/32/'||n"
    " from generate_series(1, $1::bigint) n"
)
_COUNT = (
    "insert into figures (teacher, year, hours, heard)"
    " select 'B'||lpad(n::text, 8, '0'), $2::int, jsonb_strip_nulls(jsonb_build_object("
    "'public', round(18 + n * 7919 % 2400 / 100.0, 2)::text,"
    " 'professional', round(38 + n * 104729 % 1800 / 100.0, 2)::text,"
    " 'elective', round(16 + n * 1299709 % 600 / 100.0, 2)::text,"
    " 'carried_in', case when n % 5 > 0 then (n % 5 * 2)||'.00' end)), 'hours/40/'||n"
    " from generate_series(1, $1::bigint) n"
)
"""Everybody's hours lie around what is required, so that some pass and every kind of shortfall occurs."""

_FLOOR = """
with asked as (
  select $1::int as year, $2::text as run, $3::timestamptz as at, $4::text as at_text, $5::text as policy,
    $6::text as basis, $7::numeric as public, $8::numeric as professional, $9::numeric as elective,
    $10::numeric as total, $11::int as first, $12::int as width
), figures as (
  select teacher, year, heard, (hours->>'public')::numeric as public,
    (hours->>'professional')::numeric as professional, (hours->>'elective')::numeric as elective,
    coalesce((hours->>'carried_in')::numeric, 0.00) as carried_in
  from public.figures
), counted as (
  select figures.*, figures.public + figures.professional + figures.elective + carried_in as total,
    asked.public - figures.public as no_public, asked.elective - figures.elective as no_elective,
    asked.professional - figures.professional - carried_in as no_professional,
    asked.total - figures.public - figures.professional - figures.elective - carried_in as no_total,
    first + crc32(convert_to('teacher:'||teacher, 'UTF8')) % width as partition
  from roster join figures using (teacher) join asked on figures.year = asked.year
), judged as materialized (
  select *, 2 * row_number() over (partition by partition order by teacher) as seq,
    case when greatest(no_public, no_professional, no_elective, no_total) > 0 then 'fail' else 'pass' end
      as outcome,
    '{'||concat_ws(',', case when no_elective > 0 then '"elective":"'||no_elective||'"' end,
      case when no_professional > 0 then '"professional":"'||no_professional||'"' end,
      case when no_public > 0 then '"public":"'||no_public||'"' end,
      case when no_total > 0 then '"total":"'||no_total||'"' end)||'}' as shortfall,
    '"figures":{"carried_in":"'||carried_in||'","elective":"'||elective||'","professional":"'||professional
      ||'","public":"'||public||'","total":"'||total||'"}' as said
  from counted
), required as (
  select asked.*, '{"elective":"'||elective||'","professional":"'||professional||'","public":"'||public
    ||'","total":"'||total||'"}' as items from asked
), drafted as (
  select partition, seq - 1 as seq, 'verification.predicted.v1' as type, teacher, at, policy,
    '{"teacher":"'||teacher||'","year":'||judged.year||',"outcome":"'||outcome||'",'||said||',"required":'
    ||items||',"shortfall":'||shortfall||',"withheld":[],"run":"'||run||'","basis":{"heard":"'||heard
    ||'","requirement":"'||basis||'"}}' as data
  from judged, required
  union all
  select partition, seq, 'verification.'||outcome||'ed.v1', teacher, at, policy,
    '{"teacher":"'||teacher||'","year":'||judged.year||',"authority":"local","verdict":"'||run
    ||'","decided_at":'||at_text||','||said||',"required":'||items||',"shortfall":'||shortfall
    ||',"withheld":[],"revision":1,"basis":{"prediction":"verification/'||partition||'/'||seq - 1
    ||'","requirement":"'||basis||'"}}'
  from judged, required
), journalled as (
  insert into journal select partition, seq, type, 'teacher:'||teacher, at, now(), policy, data,
    sha256(convert_to(partition||'/'||seq||type||teacher||data, 'UTF8')),
    extract(year from now() at time zone 'Asia/Shanghai')
  from drafted order by partition, seq
), predicted as (
  insert into prediction (teacher, year, entry, outcome, figures, required, shortfall, run)
  select teacher, judged.year, 'verification/'||partition||'/'||seq - 1, outcome,
    ('{"public":"'||judged.public||'","professional":"'||judged.professional||'","elective":"'||judged.elective
    ||'","carried_in":"'||carried_in||'"}')::jsonb, items::jsonb, shortfall::jsonb, run
  from judged, required
)
insert into decision select teacher, judged.year, 'verification/'||partition||'/'||seq,
  'verification/'||partition||'/'||seq - 1, outcome, 'local', run, at, 1 from judged, required
"""

LEFT = left("decision", entries("subject like 'teacher:%'"), rows("prediction"), rows("decision"))


async def prepare(servers: Servers, teachers: int, year: int) -> str:
    """Make a template in which so many teachers have hours of a year; return its name."""
    await asyncio.to_thread(servers.migrate, SERVICE)
    name = servers.fresh(SERVICE)
    async with servers.connected(name) as link:
        await link.execute(_ENROL, teachers)
        await link.execute(_COUNT, teachers, year)
        await link.execute("analyze")
    return name


async def measure(servers: Servers, template: str, teachers: int, year: int) -> dict[str, float]:
    """F6 and E8 in teachers a second, what E8 held of memory and wrote.

    Raises: WrongRunError.
    """
    done = await beside.measure(servers, WORK, template, teachers, year)
    return {
        "F6": teachers / done.bare,
        "E8": teachers / done.own,
        "E8-memory": done.memory,
        "E8-bytes": done.written,
    }


async def bare(link: Link, year: int) -> None:
    """Compute and store everybody's verdict in one statement."""
    pack, at = loader.builtin(), _at(year)
    asked = pack.asked(year)
    assert asked is not None, "the shipped rules know the year"
    hours = list(asked.minima.values())
    first, width = LAYOUT.partitions("teacher")[0], LAYOUT.width
    said = (year, RUN, at, canonical(at), pack.reference, asked.basis)
    await link.execute(_FLOOR, *said, *hours, first, width)


async def run(address: str, of: str) -> Figures:
    """Carry a run out, chunk by chunk, as the job does; in a process of its own."""
    context = Context(journal=Journal(LAYOUT), adoptions=Adoptions(loader.editions()), authority="local")
    year = int(of)
    at = _at(year)
    database = Database(address)

    async def begin(tx: Transaction) -> None:
        asked = Asked(run=RUN, year=year, scope=Scope(kind="everyone"), at=at, by="operator:local")
        await operations.request(tx, context, asked, at)
        await operations.aim(tx, context, RUN, {}, at)
        await operations.start(tx, context, RUN, at)

    async def more(tx: Transaction) -> bool:
        await operations.judge_chunk(tx, context, RUN, at)
        return await store.load_next(tx) is not None

    try:
        began = perf_counter()
        await database.run(begin)
        while await database.run(more):
            pass
        return {"seconds": perf_counter() - began, "memory": peak_mb()}
    finally:
        await database.dispose()


def _at(year: int) -> datetime:
    return datetime(year + 1, 1, 31, 2, tzinfo=UTC)


WORK = Beside(service=SERVICE, bare=bare, own=run, left=LEFT)
