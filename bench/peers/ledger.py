"""P-ledger: the awards of our run as transfers of pgledger, a double-entry ledger in SQL, same server.

Its file is given by a path and is no part of this repository. One transfer an award, from the issuer's
account to the teacher's, one a transaction, driven by pgbench: nothing of ours runs.
"""

from collections.abc import Sequence
from pathlib import Path

import asyncpg

from bench import pgbench
from bench.checks import WrongRunError
from bench.peers.posted import Posting
from bench.pgbench import CLIENTS, Script
from bench.servers import EMPTY, Link, Servers
from deploy.local.postgres import SUPERUSER

SERVICE = "points"
"""Whose role owns the databases."""
SCRIPT = """\\set i :i + 1
\\set n (:i - 1) * :clients + :client_id
select made.id from due, pgledger_create_transfer(due.debit, due.credit, due.points) as made where due.n = :n;
"""
"""Each client takes every n-th of the transfers that are due; beyond the last one there is nothing to do."""
_DUE = "create table due (n bigint primary key, debit text, credit text, points numeric)"
_ACCOUNT = "select id from pgledger_create_account($1, 'points')"
_WRONG = (
    "with owed as (select id, sum(points) as points from"
    " (select credit as id, points from due union all select debit, -points from due) as moved group by id)"
    " select count(*) from owed full join pgledger_accounts_view as held using (id)"
    " where owed.points is distinct from held.balance"
)


async def prepare(servers: Servers, file: Path, postings: Sequence[Posting]) -> str:
    """Make a template with pgledger, an account for everybody, and the transfers that are due.

    What the file needs from `vendor` beside it is run before it.

    Raises: WrongRunError where PostgreSQL refuses the file.
    """
    database = servers.fresh(SERVICE, EMPTY)
    awards = [posting.fact for posting in postings if posting.award]
    async with servers.connected(database) as link:
        for part in (*sorted(file.parent.glob("vendor/**/*.sql")), file):
            try:
                await link.execute(part.read_text())
            except asyncpg.PostgresError as error:
                raise WrongRunError(f"{part.name}: {error}") from None
        issuer = await link.fetchval(_ACCOUNT, "issuer")
        teachers = sorted({fact.teacher for fact in awards})
        accounts = {teacher: await link.fetchval(_ACCOUNT, teacher) for teacher in teachers}
        due = [(n, issuer, accounts[fact.teacher], fact.points) for n, fact in enumerate(awards)]
        await link.execute(_DUE)
        await link.copy_records_to_table("due", records=due)
        await link.execute("analyze")
    return database


async def measure(servers: Servers, template: str) -> dict[str, float]:
    """P-ledger in transfers a second, at the best of several numbers of clients.

    Raises: WrongRunError.
    """
    return {"P-ledger": max([await _run(servers, template, clients) for clients in CLIENTS])}


async def _run(servers: Servers, template: str, clients: int) -> float:
    database = servers.fresh(SERVICE, template)
    script = Script(file=servers.state / "ledger.sql", variables={"i": "0", "clients": str(clients)})
    script.file.write_text(SCRIPT)
    try:
        async with servers.connected(database) as link:
            due = int(await link.fetchval("select count(*) from due"))
        each = -(-due // clients)
        servers.settle()
        address = servers.address(database, SUPERUSER)
        rate = await pgbench.rate(servers, address, script, clients, ("-t", str(each)))
        async with servers.connected(database) as link:
            await _check(link, due)
    finally:
        servers.drop(database)
    return rate * due / (each * clients)


async def _check(link: Link, due: int) -> None:
    """One transfer each, and every balance is what was owed."""
    made = await link.fetchval("select count(*) from pgledger_transfers_view")
    if made != due:
        raise WrongRunError(f"{made} transfers of {due}")
    wrong = await link.fetchval(_WRONG)
    if wrong:
        raise WrongRunError(f"{wrong} accounts of pgledger hold another sum than their transfers")
