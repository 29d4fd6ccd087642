"""The whole stack on one machine: PostgreSQL, NATS, four migrated databases, four services, an issuer.

Everything of a stack lies in one state folder, and everything listens on loopback only.
"""

import hashlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from deploy.local import child, ports
from deploy.local.child import ServerError
from deploy.local.environment import for_children, variable
from deploy.local.home import Home
from deploy.local.issuer import clients as issuing
from deploy.local.issuer.mint import AUDIENCE, Mint
from deploy.local.issuer.settings import FOLDER
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.local.settings import SERVICES, Databases, OwnServers
from deploy.local.supervisor import Supervisor

FIRST_PORT, NATS_PORT = 8101, 4222
PATIENCE = 90.0
ISSUER = "issuer"
PACKAGES = {**{service: service for service in SERVICES}, ISSUER: "deploy.local.issuer"}
"""Everything that serves, in the order of its ports, with the package that is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told to every process beside where the others are."""

    authority: Literal["local", "province"] = "local"
    """Whose verdict stands."""
    policy: str = ""
    """Whose rules: a file or the name of a shipped pack; empty for the default."""
    ahead: timedelta = timedelta()
    """By how much every clock is ahead."""


class Process:
    """What serves under a name, as a process; its listening socket is ours and outlives it.

    It runs a package that is named alike, unless another one is named.
    """

    def __init__(
        self, service: str, state: Path, listening: socket.socket, *, package: str | None = None
    ) -> None:
        self.service = service
        self.url = f"http://{ports.HOST}:{ports.number(listening)}"
        self.log = state / "logs" / f"{service}.log"
        self.environment: Mapping[str, str] = {}
        self._package = package or service
        self._listening = listening
        self._mark = f"hourbank={state}"
        self._note = state / f"{service}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process number, while there is one."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    def clear_remains(self) -> None:
        """Stop the process that an owner who was killed left behind; the mark tells it from strangers."""
        try:
            child.stop_orphan(int(self._note.read_text()), self._mark, first=signal.SIGTERM, patience=10.0)
        except (FileNotFoundError, ValueError):
            return

    def run(self, command: str) -> subprocess.Popen[bytes]:
        """Start another command of the package, under the same environment."""
        words = [sys.executable, "-m", self._package, command]
        return child.start(words, log=self.log, environment=self.environment)

    def revive(self) -> None:
        """Start serving; requests are taken as soon as they can, until then they wait at the socket."""
        number = self._listening.fileno()
        self._process = child.start(
            [sys.executable, "-X", self._mark, "-m", self._package, "serve", "--fd", str(number)],
            log=self.log,
            environment=self.environment,
            sockets=[number],
        )
        self._note.write_text(str(self._process.pid))

    def wait_until_ready(self, client: httpx.Client) -> None:
        """Wait for `/readyz`.

        Raises: ServerError with the last words of the log.
        """
        end = time.monotonic() + PATIENCE
        said = "no answer"
        while self.pid is not None and time.monotonic() < end:
            try:
                answer = client.get(f"{self.url}/readyz")
            except httpx.HTTPError as error:
                said = str(error)
            else:
                if answer.is_success:
                    return
                said = answer.text
            time.sleep(child.STEP)
        raise ServerError(f"{self.service} does not become ready ({said}):\n{child.tail(self.log)}")

    def ask_to_stop(self) -> None:
        """Send the signal only, so that all processes can stop at the same time."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Stop serving and close the socket."""
        if self._process is not None:
            child.stop(self._process, patience=15.0)
        self._note.unlink(missing_ok=True)
        self._listening.close()


class Stack:
    """Everything, as long as the `with` block lasts."""

    def __init__(
        self, state: Path, own: OwnServers, report: Callable[[str], None], told: Told | None = None
    ) -> None:
        self._told = told or Told()
        self.home = Home(state)
        self.supervisor = Supervisor(report)
        self.processes: dict[str, Process] = {}
        self._own = own
        self._report = report
        self._postgres: Postgres | None = None
        self._nats: Nats | None = None

    @property
    def urls(self) -> dict[str, str]:
        """Where each service answers, and the issuer."""
        return {name: process.url for name, process in self.processes.items()}

    @property
    def mint(self) -> Mint:
        """What signs tokens in the name of this stack's issuer."""
        return Mint.open(self._issuer_folder, self.urls[ISSUER])

    @property
    def _issuer_folder(self) -> Path:
        return self.home.path / FOLDER

    def __enter__(self) -> Self:
        """Start everything.

        Raises: ServerError with what does not start, and why.
        """
        self.home.hold()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything."""
        self.stop()

    def stop(self) -> None:
        """Stop what serves, then the servers that it uses."""
        self.supervisor.stop()
        for process in self.processes.values():
            process.ask_to_stop()
        for process in self.processes.values():
            process.stop()
        for server in (self._nats, self._postgres):
            if server is not None:
                server.stop()
        self.home.release()

    def _start(self) -> None:
        (self.home.path / "logs").mkdir(exist_ok=True)
        for place, (name, package) in enumerate(PACKAGES.items()):
            listening = ports.listen(self._next_port(place))
            self.processes[name] = Process(name, self.home.path, listening, package=package)
        for process in self.processes.values():
            process.clear_remains()
        databases, nats_url = self._start_databases(), self._start_nats()
        common = self._common(databases, nats_url) | self._tokens()
        for name, own in self._own_settings().items():
            self.processes[name].environment = for_children(**common, **own)
        self._migrate()
        self._serve()
        self.supervisor.start()

    def _next_port(self, place: int) -> int:
        taken = [int(process.url.rsplit(":", 1)[1]) for process in self.processes.values()]
        return max([FIRST_PORT + place - 1, *taken]) + 1

    def _start_databases(self) -> dict[str, Databases]:
        databases = dict(self._own.databases)
        missing = [service for service in SERVICES if service not in databases]
        if missing:
            self._report("starting PostgreSQL")
            self._postgres = Postgres(self.home.path / "postgres")
            self._postgres.start()
            self.supervisor.add("PostgreSQL", self._postgres)
            databases |= {service: make_database(self._postgres, service) for service in missing}
        return databases

    def _start_nats(self) -> str:
        if self._own.nats_url is not None:
            return self._own.nats_url
        self._report("starting NATS")
        self._nats = Nats(self.home.path / "nats", port=ports.free(NATS_PORT))
        self._nats.start()
        self.supervisor.add("NATS", self._nats)
        return self._nats.url

    def _common(self, databases: Mapping[str, Databases], nats_url: str) -> dict[str, str]:
        tenant = hashlib.sha256(str(self.home.path).encode()).hexdigest()[:8]
        settings = {
            "NATS_URL": nats_url,
            "SUBJECT_PREFIX": self._own.subject_prefix or f"hb{tenant}",
            "VERIFICATION_AUTHORITY": variable("VERIFICATION_AUTHORITY") or self._told.authority,
            "CLOCK_AHEAD": str(self._told.ahead // timedelta(seconds=1)),
            "EVIDENCE_URL": variable("EVIDENCE_URL") or str(self.home.path / "evidence"),
        }
        for service in SERVICES:
            settings[f"{service.upper()}_PACK"] = variable(f"{service.upper()}_PACK") or self._told.policy
            settings[f"{service.upper()}_URL"] = self.processes[service].url
            settings[f"{service.upper()}_DATABASE_URL"] = databases[service].service
            settings[f"{service.upper()}_OWNER_URL"] = databases[service].owner
        return settings

    def _tokens(self) -> dict[str, str]:
        """Whose tokens are taken, how they are proved, and where services get theirs."""
        issuer = self.processes[ISSUER].url
        return {
            "DEPLOYMENT": "development",
            "TOKEN_ISSUER": issuer,
            "TOKEN_AUDIENCE": AUDIENCE,
            "TOKEN_KEYS": f"{issuer}/jwks.json",
            "TOKEN_URL": f"{issuer}/token",
        }

    def _own_settings(self) -> dict[str, dict[str, str]]:
        """What is told to one process only: a service its secret, the issuer where all of them lie."""
        clients = issuing.kept(self._issuer_folder)
        settings = {
            service: {"CLIENT_ID": service, "CLIENT_SECRET": clients[service].secret} for service in SERVICES
        }
        return settings | {ISSUER: {"ISSUER_FOLDER": str(self._issuer_folder)}}

    def _migrate(self) -> None:
        self._report("migrating four databases")
        services = [self.processes[service] for service in SERVICES]
        running = [(process, process.run("migrate")) for process in services]
        codes = [(process, migration.wait()) for process, migration in running]
        for process, code in codes:
            if code != 0:
                raise ServerError(f"The migration of {process.service} failed:\n{child.tail(process.log)}")

    def _serve(self) -> None:
        self._report("starting four services and the issuer")
        for process in self.processes.values():
            process.revive()
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            for process in self.processes.values():
                process.wait_until_ready(client)
                self.supervisor.add(process.service, process)


def make_database(postgres: Postgres, service: str) -> Databases:
    """Make a service's database with its two roles; nobody else may connect to it."""
    owner = f"{service}_owner"
    postgres.create_role(owner)
    postgres.create_role(service)
    postgres.create_database(service, owner=owner)
    postgres.sql(f'grant connect on database "{service}" to "{service}"')
    return Databases(service=postgres.url(service, service), owner=postgres.url(service, owner))
