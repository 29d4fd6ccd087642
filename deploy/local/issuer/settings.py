"""What the issuer is told, and when it refuses to start.

It is for development only, so it starts and mints under `DEPLOYMENT=development` alone (a deployment that
says nothing is one of production), and only in the name of an address that no other machine reaches:
`TOKEN_ISSUER` is http or https and a port on loopback, with nothing before and nothing behind them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import rehearsal
from deploy.local.issuer.mint import AUDIENCE
from deploy.local.order import state_folder
from shared.runtime.settings import clock_ahead
from shared.startup import StartUpError

FOLDER = "issuer"
"""Its place in the state folder of a stack."""
ADDRESS = "address"
"""The file in it that says where it serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSettings:
    """In whose name and for whom it signs, and where key and secrets lie."""

    issuer: str
    audience: str
    folder: Path
    ahead: timedelta
    """By how much its clock is ahead, as are those of the services that believe it."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "IssuerSettings":
        """Read `DEPLOYMENT`, `TOKEN_ISSUER`, `TOKEN_AUDIENCE`, `ISSUER_FOLDER` and `CLOCK_AHEAD`.

        Without `ISSUER_FOLDER` it is the folder in the state of `make run` under these `DATA`, `TODAY` and
        `STATE`; without `TOKEN_ISSUER` it is the address at which an issuer of that folder serves or served
        last, and without `CLOCK_AHEAD` the clock is that of the state.

        Raises: StartUpError where it must not start.
        """
        deployment = environment.get("DEPLOYMENT") or "production"
        if deployment != "development":
            raise StartUpError(f"DEPLOYMENT is {deployment}: this issuer is for development only")
        named = environment.get("ISSUER_FOLDER")
        folder = Path(named) if named else state_folder(environment) / FOLDER
        issuer = environment.get("TOKEN_ISSUER") or _noted(folder)
        if not _is_here(issuer):
            raise StartUpError(
                f"TOKEN_ISSUER is {issuer}, not a port on loopback such as http://127.0.0.1:8105"
            )
        return cls(
            issuer=issuer,
            audience=environment.get("TOKEN_AUDIENCE") or AUDIENCE,
            folder=folder,
            ahead=clock_ahead(environment) or rehearsal.kept(folder.parent),
        )

    @property
    def host(self) -> str:
        """Where it listens when no socket is handed down."""
        return urlsplit(self.issuer).hostname or ""

    @property
    def port(self) -> int:
        """The port there."""
        return urlsplit(self.issuer).port or 0

    def note(self) -> None:
        """Leave word of the address for who mints by hand."""
        (self.folder / ADDRESS).write_text(self.issuer)


def _is_here(issuer: str) -> bool:
    """Whether an address is of the form `http://<loopback>:<port>`, or the same with https."""
    try:
        url = urlsplit(issuer)
        loopback = url.hostname == "localhost" or ip_address(url.hostname or "").is_loopback
        with_port = bool(url.port)
    except ValueError:
        return False
    bare = issuer == f"{url.scheme}://{url.netloc}" and "@" not in url.netloc
    return url.scheme in {"http", "https"} and loopback and with_port and bare


def _noted(folder: Path) -> str:
    try:
        return (folder / ADDRESS).read_text()
    except FileNotFoundError:
        raise StartUpError(
            f"TOKEN_ISSUER is not set, and no issuer has served from {folder} (`make run` does)"
        ) from None
