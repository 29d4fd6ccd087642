"""F5: the same single requests to an endpoint that does nothing, on the services' own kind of server."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.checks import WrongRunError
from bench.client import post
from bench.empty import NAME
from bench.measures.intake import PATH
from bench.measures.singles import warmed
from bench.servers import Servers
from bench.site import FIRST_PORT
from deploy.local import ports
from deploy.local.environment import for_children
from deploy.local.stack import Process

UNUSED = {
    f"{NAME.upper()}_DATABASE_URL": "postgresql+asyncpg://none@127.0.0.1:1/none",
    "NATS_URL": "nats://127.0.0.1:1",
}
"""Settings that every service must have; this one connects to nothing."""


async def measure(servers: Servers, lines: Sequence[bytes], seconds: float) -> dict[str, float]:
    """F5 in requests a second, in a closed loop.

    Raises: WrongRunError.
    """
    with serving_nothing(servers.state / "empty") as process:
        load = await warmed(process.url, [post(PATH, line) for line in lines], seconds)
    if any(answer.status != 201 for answer in load.answers):
        raise WrongRunError("the empty endpoint did not answer everything")
    return {"F5": load.rate}


@contextmanager
def serving_nothing(home: Path) -> Iterator[Process]:
    """The service that does nothing, as a process; its folder is removed at the end."""
    (home / "logs").mkdir(parents=True, exist_ok=True)
    process = Process(NAME, home, ports.listen(FIRST_PORT))
    process.environment = for_children(**UNUSED)
    process.revive()
    try:
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            process.wait_until_ready(client)
        yield process
    finally:
        process.stop()
        shutil.rmtree(home, ignore_errors=True)
