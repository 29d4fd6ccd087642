"""F5: the same single requests to an endpoint that does nothing, on the services' own kind of server."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bench.checks import WrongRunError
from bench.client import post
from bench.empty import NAME
from bench.measures.intake import PATH
from bench.measures.singles import warmed
from bench.servers import Servers
from bench.site import serving
from deploy.local.stack import Process

UNUSED = {f"{NAME.upper()}_DATABASE_URL": "postgresql+asyncpg://none@127.0.0.1:1/none"}
"""A setting that every service must have; this one connects to nothing."""


async def measure(servers: Servers, lines: Sequence[bytes], seconds: float) -> dict[str, float]:
    """F5 in requests a second, in a closed loop.

    Raises: WrongRunError.
    """
    with serving_nothing(servers.state / "empty") as process:
        load = await warmed(process.url, [post(PATH, line) for line in lines], seconds)
    if any(answer.status != 201 for answer in load.answers):
        raise WrongRunError("the empty endpoint did not answer everything")
    return {"F5": load.rate}


def serving_nothing(home: Path) -> AbstractContextManager[Process]:
    """The service that does nothing, as a process; its folder is removed at the end."""
    return serving(NAME, home, **UNUSED)
