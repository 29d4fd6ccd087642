"""Peers do what they are said to do, and a peer that lost or doubled something has no figure."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from bench.checks import WrongRunError
from bench.measures.replay import replayed
from bench.peers import events, ledger, outbox
from bench.peers.naive import measure as naive
from bench.peers.naive.intake import Activity, take_in
from bench.peers.naive.tables import Award, Base
from bench.peers.posted import Posting, read_posted
from bench.recording import act_of, context
from bench.servers import EMPTY, Servers
from bench.workload import community
from deploy.local.sampling.feed import on
from tests.integration.bench.conftest import Run

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bench")]

PLAIN = {"GZ-BP-04", "GZ-BP-06", "GZ-BP-07", "GZ-BP-08", "GZ-RP-01", "GZ-RP-02", "GZ-RP-06"}
"""The rules that the naive service knows."""
STAND_IN = """
    create table pgledger_accounts_view (id text primary key, name text, balance numeric not null default 0);
    create table pgledger_transfers_view (id bigint generated always as identity primary key);
    create function pgledger_create_account(name text, currency text)
      returns setof pgledger_accounts_view language sql as
      $$ insert into pgledger_accounts_view values (name, name) returning * $$;
    create function pgledger_create_transfer(debit text, credit text, amount numeric)
      returns setof pgledger_transfers_view language sql as $$
      update pgledger_accounts_view set balance = balance - amount where id = debit;
      update pgledger_accounts_view set balance = balance + {arrives} where id = credit;
      insert into pgledger_transfers_view default values returning *;
      $$;
"""
"""What is used of pgledger, so that its row can be tested without its file."""


@pytest.fixture
async def posted(run: Run) -> list[Posting]:
    return await read_posted(run.servers, run.databases["points"])


@pytest.fixture
def empty(servers: Servers) -> Iterator[str]:
    name = servers.fresh("points", EMPTY)
    yield name
    servers.drop(name)


@pytest.fixture
async def session(servers: Servers, empty: str) -> AsyncIterator[AsyncSession]:
    engine = create_async_engine(servers.addresses("points", empty).owner)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as opened:
        yield opened
    await engine.dispose()


def last_of_the_year() -> list[bytes]:
    """Acts of the last days: many good ratings, authors who count themselves, a content shared again."""
    at = on(12, 30, "09:00", 2025)
    people = [f"R{number:02}" for number in range(30)]
    ten = people[:10]
    acts: list[tuple[str, str, Mapping[str, Any]]] = []
    acts += [("resource.rated", who, {"resource": "resource-1", "stars": 5}) for who in people]
    acts += [("topic.started", ten[0], {"topic": "first"})]
    acts += [("topic.replied", who, {"topic": name}) for name in ("first", "last") for who in ten]
    acts += [("topic.started", ten[0], {"topic": "last"})]
    acts += [
        ("resource.shared", who, {"resource": f"of-{who}", "content_hash": "same"}) for who in ("Z", "A")
    ]
    return [
        json.dumps(
            {
                "source": "bench",
                "id": f"late-{number}",
                "type": kind,
                "teacher": who,
                "occurred_at": (at + timedelta(minutes=number)).isoformat(),
                "object": thing,
            }
        ).encode()
        for number, (kind, who, thing) in enumerate(acts)
    ]


async def test_the_naive_service_grants_what_our_rules_grant_for_acts_in_order(session: AsyncSession) -> None:
    lines = [line for line in community(1500, source="bench", year=2025).lines if b"withdrawn" not in line]
    lines += last_of_the_year()
    by_subject: dict[str, list[Any]] = defaultdict(list)
    for line in dict.fromkeys(lines):
        by_subject[act_of(line).subject].append(act_of(line))
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for (_, rule, teacher, _), points in replayed(by_subject, context().book).items():
        if rule in PLAIN:
            wanted[rule, teacher] += points
    taken = [await take_in(session, [Activity.model_validate_json(line)]) for line in lines[:50]]
    taken.append(await take_in(session, [Activity.model_validate_json(line) for line in lines[50:]]))
    sums = select(Award.rule, Award.teacher, func.sum(Award.points)).group_by(Award.rule, Award.teacher)
    assert {(rule, who): points for rule, who, points in await session.execute(sums)} == wanted
    assert sum(taken) == len(set(lines))
    assert {rule for rule, _ in wanted} == PLAIN


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ("delete from act where number = 1", "stored 119 acts of 120"),
        ("update thing set people = people + 1 where people > 0", "miscounted"),
        ("update award set points = 101 where rule = 'GZ-BP-07'", r"too much under \['GZ-BP-07'\]"),
        ("delete from award", "awarded nothing"),
    ],
)
async def test_what_the_naive_service_must_not_leave_is_found(
    servers: Servers, empty: str, session: AsyncSession, done: str, found: str
) -> None:
    lines = community(120, source="bench", year=2025).lines
    await take_in(session, [Activity.model_validate_json(line) for line in lines])
    await session.commit()
    async with servers.connected(empty) as link:
        await naive.check(link, 120)
        await link.execute(done)
        with pytest.raises(WrongRunError, match=found):
            await naive.check(link, 120)


async def test_every_award_is_one_transfer(servers: Servers, posted: list[Posting], tmp_path: Path) -> None:
    file = tmp_path / "ledger.sql"
    file.write_text(STAND_IN.format(arrives="amount"))
    template = await ledger.prepare(servers, file, posted)
    assert (await ledger.measure(servers, template))["P-ledger"] > 0


async def test_a_ledger_that_loses_points_has_no_figure(
    servers: Servers, posted: list[Posting], tmp_path: Path
) -> None:
    file = tmp_path / "ledger.sql"
    file.write_text(STAND_IN.format(arrives="amount - 1"))
    template = await ledger.prepare(servers, file, posted)
    with pytest.raises(WrongRunError, match="accounts of pgledger hold another sum"):
        await ledger.measure(servers, template)


async def test_a_file_that_postgresql_refuses_is_named(servers: Servers, tmp_path: Path) -> None:
    file = tmp_path / "ledger.sql"
    file.write_text("create nothing")
    with pytest.raises(WrongRunError, match=r"ledger\.sql: syntax error"):
        await ledger.prepare(servers, file, [])


async def test_events_arrive_once_by_the_journal_and_by_an_outbox(
    servers: Servers, posted: list[Posting]
) -> None:
    found = await events.measure(servers, posted, 250)
    assert set(found) == {"P-relay", "P-outbox"}
    assert min(found.values()) > 0


@pytest.mark.parametrize(
    ("where", "done", "found"),
    [
        ("source", "delete from fact where event = (select event from fact limit 1)", "written"),
        ("source", "insert into outbox (event) values (gen_random_uuid())", "1 waiting"),
        ("listener", "delete from inbox where event = (select event from inbox limit 1)", "0 heard of 1"),
        ("listener", "update lot set points = 2 * points", "projection of events differs in 2 places"),
    ],
)
async def test_what_an_outbox_lost_or_doubled_is_found(
    servers: Servers, posted: list[Posting], where: str, done: str, found: str
) -> None:
    names = {"source": servers.fresh("points", EMPTY), "listener": servers.fresh("hours", EMPTY)}
    (one,) = [posting for posting in posted if posting.award][:1]
    async with servers.connected(names["source"]) as link, servers.connected(names["listener"]) as other:
        await link.execute(outbox.SOURCE)
        await other.execute(outbox.LISTENER)
        await link.execute("insert into fact (event) values (gen_random_uuid())")
        await other.execute("insert into inbox values (gen_random_uuid())")
        fact = one.fact
        await other.execute("insert into lot values ($1, $2, $3)", fact.teacher, fact.expires_at, fact.points)
        await events.check_classic(servers, names["source"], names["listener"], [one])
        await (link if where == "source" else other).execute(done)
        with pytest.raises(WrongRunError, match=found):
            await events.check_classic(servers, names["source"], names["listener"], [one])
    for name in names.values():
        servers.drop(name)
