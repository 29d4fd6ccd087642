"""Tokens for tests: one mint for a test run, whose keys the issuer of the run shows."""

import atexit
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx

from deploy.local import child, ports
from deploy.local.environment import for_children
from deploy.local.issuer.mint import Mint
from shared.runtime import clock

ISSUER = "http://127.0.0.1:8105"
"""As tokens name it; where it answers is another matter."""
PATIENCE = 30.0
LONG = timedelta(days=1)
OPERATOR = "operator@deployment:local"

KINDS: Mapping[str, str] = {
    "operator": "operator@deployment",
    "platform": "platform@deployment",
    "province": "provincial_hr@province",
    "city": "city_department@city",
    "district": "district_centre@district",
    "centre": "district_centre@district",
    "distance_centre": "distance_centre@city",
    "research_department": "research_department@district",
    "school": "school_administrator@school",
    "provider": "provider@city",
    "host": "host@person",
    "teacher": "teacher@person",
}
"""The role of a caller, by what a journal calls it."""


_KEPT = tempfile.TemporaryDirectory(prefix="hourbank-issuer-")
atexit.register(_KEPT.cleanup)
FOLDER = Path(_KEPT.name)
"""Where the key of this test process lies; its issuer has the same."""


@cache
def mint() -> Mint:
    """Who signs."""
    return Mint.open(FOLDER, ISSUER)


def account(subject: str, *roles: str) -> dict[str, str]:
    """The header of an account in roles that it is not named after."""
    token = mint().token(roles, subject=subject, seconds=int(LONG.total_seconds()), now=clock.now())
    return {"Authorization": f"Bearer {token}"}


@cache
def signed(*roles: str) -> dict[str, str]:
    """The header of somebody with these roles, `role@level:id`, for as long as tests run."""
    return account(roles[0] if roles else "somebody", *roles)


HEADER = f"Authorization: {signed(OPERATOR)['Authorization']}\r\n"
"""The operator's, as bytes on a socket have it."""


def calling(caller: str) -> dict[str, str]:
    """The header of a caller as a journal names it, such as `school:S01`."""
    kind, _, identity = caller.partition(":")
    return signed(f"{KINDS[kind]}:{identity}")


def secret(client: str) -> str:
    """What a service shows when it asks for its own token; the issuer made it when it started."""
    return (FOLDER / "secrets" / client).read_text()


@contextmanager
def issuing(log: Path) -> Iterator[str]:
    """The issuer as a process; gives its address."""
    listening = ports.listen(0)
    number = listening.fileno()
    process = child.start(
        [sys.executable, "-m", "deploy.local.issuer", "serve", "--fd", str(number)],
        log=log,
        environment=for_children(DEPLOYMENT="development", TOKEN_ISSUER=ISSUER, ISSUER_FOLDER=str(FOLDER)),
        sockets=[number],
    )
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        httpx.get(f"{address}/readyz", timeout=PATIENCE, trust_env=False).raise_for_status()
        yield address
    finally:
        child.stop(process)
        listening.close()
