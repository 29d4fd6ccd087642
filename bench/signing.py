"""Who the load is: the operator, by an issuer of the benchmark's own that serves beside its servers."""

import atexit
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx

from deploy.local import ports
from deploy.local.environment import for_children
from deploy.local.issuer.bearer import Bearer
from deploy.local.issuer.mint import Mint
from deploy.local.stack import ISSUER, PACKAGES, Process
from shared.runtime import clock

NAME = "http://127.0.0.1:8600"
"""As tokens name the issuer; where it answers is another matter."""
FIRST_PORT = 8600
ROLES = ("operator@deployment:bench",)
LONG = 7 * 24 * 3600
"""Seconds; longer than a benchmark lasts."""

_KEPT = tempfile.TemporaryDirectory(prefix="hourbank-bench-")
atexit.register(_KEPT.cleanup)
FOLDER = Path(_KEPT.name)
"""Where key and secrets lie."""


@cache
def mint() -> Mint:
    """Who signs."""
    return Mint.open(FOLDER, NAME)


@cache
def bearer() -> str:
    """The value of the header that signs a request in."""
    return f"Bearer {mint().token(ROLES, seconds=LONG, now=clock.now())}"


def signed() -> Bearer:
    """The same for clients of httpx."""
    return Bearer(mint(), ROLES)


@contextmanager
def issuing(home: Path) -> Iterator[str]:
    """The issuer as a process; gives its address."""
    (home / "logs").mkdir(parents=True, exist_ok=True)
    process = Process(ISSUER, home, ports.listen(FIRST_PORT), package=PACKAGES[ISSUER])
    process.environment = for_children(DEPLOYMENT="development", TOKEN_ISSUER=NAME, ISSUER_FOLDER=str(FOLDER))
    process.revive()
    try:
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            process.wait_until_ready(client)
        yield process.url
    finally:
        process.stop()


def told(address: str, service: str) -> Mapping[str, str]:
    """The settings of a service by which requests are signed in, and it signs in with others."""
    return {
        "DEPLOYMENT": "development",
        "TOKEN_ISSUER": NAME,
        "TOKEN_KEYS": f"{address}/jwks.json",
        "TOKEN_URL": f"{address}/token",
        "CLIENT_ID": service,
        "CLIENT_SECRET": (FOLDER / "secrets" / service).read_text(),
    }
