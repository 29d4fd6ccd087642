"""F3: one act a transaction, straight into the tables of points, at the best of several numbers of clients.

One statement writes the key of the act and its entry, and numbers it under the partition's row lock; pgbench
drives it over prepared statements, so nothing of ours runs.
"""

import asyncio
import re
import subprocess
from pathlib import Path

from bench.checks import WrongRunError
from bench.servers import Servers
from deploy.local.environment import for_children

SERVICE = "points"
CLIENTS = (8, 32, 64)
THREADS = 2
SCRIPT = """\\set p random(0, 31)
with numbered as (update part set seq = seq + 1, recorded_at = now() where partition = :p returning seq),
entered as (
  insert into journal (partition, seq, type, subject, effective_at, recorded_at, policy, data, hash, year)
  select :p, seq, 'activity.recorded.v1', cast(:subject as text) || seq % 1000, now(), now(), '',
    cast(:data as text) || seq || '"}', decode(repeat('5a', 32), 'hex'), 2026
  from numbered returning partition, seq)
insert into act (source, id, partition, seq, digest, withdrawn)
select 'bench', partition || '-' || seq, partition, seq, decode(repeat('5a', 32), 'hex'), false from entered;
"""
TEXTS = {
    "subject": "topic:bench/topic-",
    "data": '{"object":{"topic":"topic-360"},"occurred_at":"2025-04-04T08:32:00Z","source":"bench",'
    '"teacher":"T000360","type":"topic.replied","id":"act-',
}
"""Given as variables: pgbench would take what follows a colon in its script for one."""
_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


async def measure(servers: Servers, seconds: float) -> dict[str, float]:
    """F3 in transactions a second.

    Raises: WrongRunError.
    """
    database = servers.fresh(SERVICE)
    script = servers.state / "single.sql"
    script.write_text(SCRIPT)
    try:
        servers.settle()
        rates = [
            await asyncio.to_thread(_run, servers, database, script, clients, seconds) for clients in CLIENTS
        ]
    finally:
        servers.drop(database)
    return {"F3": max(rates)}


def _run(servers: Servers, database: str, script: Path, clients: int, seconds: float) -> float:
    done = subprocess.run(
        [
            servers.tool("pgbench"),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", str(THREADS)),
            *(word for name, text in TEXTS.items() for word in ("-D", f"{name}={text}")),
            *("-T", str(max(1, round(seconds))), "-f", script, servers.address(database, SERVICE)),
        ],
        capture_output=True,
        text=True,
        env=for_children(),
        check=False,
    )
    found = _RATE.search(done.stdout)
    if done.returncode != 0 or found is None:
        raise WrongRunError(f"pgbench: {done.stderr.strip() or done.stdout.strip()}")
    return float(found[1])
