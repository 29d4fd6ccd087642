"""An issuer of one's own for as long as a process lives, as tests and the benchmark have one.

Tokens are minted here, with the key that the issuer shows when it serves: nobody waits for it to get one.
"""

import atexit
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local import child, ports
from deploy.local.environment import for_children
from deploy.local.issuer.mint import Mint
from shared.runtime import clock

PATIENCE = 30.0
LONG = 7 * 24 * 3600
"""Seconds; longer than any run lasts."""


@dataclass(frozen=True, slots=True)
class OwnIssuer:
    """Its key, and where this and the clients' secrets lie."""

    mint: Mint
    folder: Path

    @classmethod
    def open(cls, name: str) -> "OwnIssuer":
        """Make one that tokens call `name`, wherever it answers. It is gone with the process."""
        kept = tempfile.TemporaryDirectory(prefix="hourbank-issuer-")
        atexit.register(kept.cleanup)
        return cls(Mint.open(Path(kept.name), name), Path(kept.name))

    def bearer(self, roles: Sequence[str], subject: str | None = None) -> str:
        """Return the value of the header that signs a request in for as long as the process lives."""
        return f"Bearer {self.mint.token(roles, subject=subject, seconds=LONG, now=clock.now())}"

    @contextmanager
    def serving(self, log: Path) -> Iterator[str]:
        """Serve as a process, and give the address."""
        listening = ports.listen(0)
        number = listening.fileno()
        process = child.start(
            [sys.executable, "-m", "deploy.local.issuer", "serve", "--fd", str(number)],
            log=log,
            environment=for_children(
                DEPLOYMENT="development", TOKEN_ISSUER=self.mint.issuer, ISSUER_FOLDER=str(self.folder)
            ),
            sockets=[number],
        )
        address = f"http://{ports.HOST}:{ports.number(listening)}"
        try:
            httpx.get(f"{address}/readyz", timeout=PATIENCE, trust_env=False).raise_for_status()
            yield address
        finally:
            child.stop(process)
            listening.close()

    def secret(self, client: str) -> str:
        """Return what a client shows when it asks for its own token; the issuer made it when it started."""
        return (self.folder / "secrets" / client).read_text()

    def told(self, address: str, service: str) -> Mapping[str, str]:
        """Return the settings by which people sign in to a service, and it signs in with others."""
        return {
            "DEPLOYMENT": "development",
            "TOKEN_ISSUER": self.mint.issuer,
            "TOKEN_KEYS": f"{address}/jwks.json",
            "TOKEN_URL": f"{address}/token",
            "CLIENT_ID": service,
            "CLIENT_SECRET": self.secret(service),
        }
