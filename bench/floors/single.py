"""F3: one act a transaction, straight into the tables of points, at the best of several numbers of clients.

One statement writes the key of the act and its entry, and numbers it under the partition's row lock; pgbench
drives it over prepared statements, so nothing of ours runs.
"""

from bench import pgbench
from bench.pgbench import CLIENTS, Script
from bench.servers import Servers

SERVICE = "points"
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


async def measure(servers: Servers, seconds: float) -> dict[str, float]:
    """F3 in transactions a second.

    Raises: WrongRunError.
    """
    database = servers.fresh(SERVICE)
    script = Script(file=servers.state / "single.sql", variables=TEXTS)
    script.file.write_text(SCRIPT)
    address, until = servers.address(database, SERVICE), ("-T", str(max(1, round(seconds))))
    try:
        servers.settle()
        rates = [await pgbench.rate(servers, address, script, clients, until) for clients in CLIENTS]
    finally:
        servers.drop(database)
    return {"F3": max(rates)}
