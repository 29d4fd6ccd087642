"""F2: the writes of points, its own statements with their parameters, sent again inside PostgreSQL.

A procedure takes each batch from tables, runs what the service ran, and commits: the price of our schema and
of our statements, without reading, deciding, Python or HTTP. A COPY becomes an INSERT … SELECT, the closest
thing there is inside the server.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from sqlalchemy import Table

from bench.checks import WrongRunError
from bench.recording import Recording
from bench.servers import Link, Servers
from shared.runtime.unnest import POSTGRESQL

SERVICE = "points"


async def prepare(servers: Servers, recording: Recording) -> str:
    """Make a template that holds the recorded writes and the procedure; return its name."""
    database = servers.fresh(SERVICE)
    async with servers.connected(database) as link:
        await link.execute(
            "create table said_order (batch int, place int, kind int, primary key (batch, place))"
        )
        kinds: dict[str, int] = {}
        branches: list[str] = []
        for batch, writes in enumerate(recording.batches):
            for place, write in enumerate(writes):
                key = write.what if isinstance(write.what, str) else write.what.name
                if key not in kinds:
                    kinds[key] = len(kinds)
                    branches.append(await _make_kind(link, kinds[key], write.what))
                await link.execute("insert into said_order values ($1, $2, $3)", batch, place, kinds[key])
                await _keep(link, kinds[key], (batch, place), write.what, write.values)
        await link.execute(_procedure(len(recording.batches), branches))
        await link.execute("analyze")
    return database


async def measure(servers: Servers, template: str, acts: int) -> dict[str, float]:
    """F2 in acts a second.

    Raises: WrongRunError.
    """
    database = servers.fresh(SERVICE, template)
    try:
        async with servers.connected(database) as link:
            servers.settle()
            began = perf_counter()
            await link.execute("call say_again()")
            seconds = perf_counter() - began
            recorded = await link.fetchval("select count(*) from act where seq is not null")
        if recorded != acts:
            raise WrongRunError(f"{recorded} of {acts} acts were written again")
    finally:
        servers.drop(database)
    return {"F2": acts / seconds}


async def _make_kind(link: Link, kind: int, what: str | Table) -> str:
    """A table for the parameters of one statement; returns the branch of the procedure that runs it."""
    if isinstance(what, str):
        types = [parameter.name for parameter in (await link.prepare(what)).get_parameters()]
        columns = [
            f'p{n} "{type_.removesuffix("[]")}"{"[]" * type_.endswith("[]")}' for n, type_ in enumerate(types)
        ]
        using = ", ".join(f"r.p{n}" for n in range(len(types)))
        run = f"execute {_literal(what)}{' using ' + using if using else ''}"
        branch = f"select * into r from said_{kind} where batch = b and place = s.place; {run};"
    else:
        columns = [f'"{column.name}" {column.type.compile(POSTGRESQL)}' for column in what.columns]
        names = ", ".join(f'"{column.name}"' for column in what.columns)
        branch = (
            f"insert into {what.name} ({names}) select {names} from said_{kind}"
            " where batch = b and place = s.place order by n;"
        )
        columns.append("n int")
    await link.execute(f"create table said_{kind} (batch int, place int, {', '.join(columns)})")
    await link.execute(f"create index on said_{kind} (batch, place)")
    return f"when {kind} then {branch}"


async def _keep(link: Link, kind: int, at: tuple[int, int], what: str | Table, values: Sequence[Any]) -> None:
    rows = [(*at, *values)] if isinstance(what, str) else [(*at, *row, n) for n, row in enumerate(values)]
    await link.copy_records_to_table(f"said_{kind}", records=rows)


def _procedure(batches: int, branches: Sequence[str]) -> str:
    body = "\n".join(branches)
    return f"""
        create procedure say_again() language plpgsql as $procedure$
        declare s record; r record;
        begin
          for b in 0..{batches - 1} loop
            for s in select place, kind from said_order where batch = b order by place loop
              case s.kind {body} end case;
            end loop;
            commit;
          end loop;
        end $procedure$
    """


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
