"""The services of one run as processes of their own, over fresh databases and a fresh broker.

Nobody starts them again: a service that dies in a run makes the run a wrong one. Copies of a service share
its listening socket and its database, as on any machine; one that only works has a socket of its own.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from bench.servers import SERVICES, Servers
from bench.signing import issuer, signed
from deploy.local import ports
from deploy.local.bank import Service
from deploy.local.child import ServerError
from deploy.local.environment import for_children
from deploy.local.nats import Nats
from deploy.local.stack import Process
from shared.runtime.settings import Duty

FIRST_PORT = 8601
PATIENCE, STEP = 60.0, 0.05
UP = "Application startup complete"
"""What a copy writes into its log; asking would be answered by any of them."""
NOBODY = "http://127.0.0.1:1"
"""Where the services answer that take no part."""
NO_BROKER = "nats://127.0.0.1:1"
"""What a service is told that hears nothing and says nothing."""
WHOLE = (Duty.BOTH,)
"""One process a service, as on a laptop."""
APART = (Duty.REQUESTS, Duty.WORK)
"""A process for requests and one for work, as in a deployment."""


@contextmanager
def serving(name: str, home: Path, **settings: str) -> Iterator[Process]:
    """One service of the benchmark's own, as a process; its folder is removed at the end."""
    (home / "logs").mkdir(parents=True, exist_ok=True)
    process = Process(name, home, ports.listen(FIRST_PORT))
    process.environment = for_children(**({"NATS_URL": NO_BROKER} | settings))
    process.revive()
    try:
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            process.wait_until_ready(client)
        yield process
    finally:
        process.stop()
        shutil.rmtree(home, ignore_errors=True)


def _wait_until_up(process: Process) -> None:
    """Wait until this very copy takes requests.

    Raises: ServerError.
    """
    end = time.monotonic() + PATIENCE
    while UP not in process.log.read_text():
        if process.pid is None or time.monotonic() > end:
            raise ServerError(f"a copy of {process.service} does not start; its log: {process.log}")
        time.sleep(STEP)


class Site:
    """points and hours, as long as the `with` block.

    Their databases are fresh, or copied from `templates`; those that are `standing` are used and left. Each
    service has a process for each of the `duties`, the first of which answers requests.
    """

    def __init__(
        self,
        servers: Servers,
        templates: Mapping[str, str] | None = None,
        *,
        standing: Mapping[str, str] | None = None,
        duties: Sequence[Duty] = WHOLE,
    ) -> None:
        self.servers = servers
        self.databases: dict[str, str] = dict(standing or {})
        self.processes: dict[str, list[Process]] = {}
        """The copies of each service."""
        self._templates = templates or {}
        self._duties = duties
        self._home = servers.state / "site"
        self._nats = Nats(self._home / "nats", sync_always=True)
        self._kept = standing is not None

    def __enter__(self) -> Self:
        """Start everything and wait until it is ready.

        Raises: ServerError with what does not start, and why.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything and remove the databases."""
        self.stop()

    @property
    def points(self) -> Service:
        """The points service as anybody sees it."""
        return Service("points", self.url("points"), self.check, signed())

    @property
    def hours(self) -> Service:
        """The hours service as anybody sees it."""
        return Service("hours", self.url("hours"), self.check, signed())

    def url(self, service: str) -> str:
        """Where a service answers."""
        return self.processes[service][0].url

    def check(self) -> None:
        """Raise ServerError when a service is gone."""
        for process in self._all:
            if process.pid is None:
                raise ServerError(f"{process.service} died in a run; its log: {process.log}")

    def keep(self) -> dict[str, str]:
        """Leave the databases behind when the site stops, to be templates of others; return their names."""
        self._kept = True
        return dict(self.databases)

    def stop(self) -> None:
        """Stop the services, then the broker."""
        for process in self._all:
            process.ask_to_stop()
        for process in self._all:
            process.stop()
        self._nats.stop()
        if not self._kept:
            for name in self.databases.values():
                self.servers.drop(name)
        shutil.rmtree(self._home, ignore_errors=True)

    def _start(self) -> None:
        homes = [self._home / str(copy) for copy in range(len(self._duties))]
        for home in homes:
            (home / "logs").mkdir(parents=True, exist_ok=True)
        self._nats.start()
        for place, service in enumerate(SERVICES):
            shared = ports.listen(FIRST_PORT + place)
            self.processes[service] = [
                Process(service, home, ports.listen(FIRST_PORT) if duty is Duty.WORK else shared)
                for home, duty in zip(homes, self._duties, strict=True)
            ]
            if service not in self.databases:
                self.databases[service] = self.servers.fresh(service, self._templates.get(service))
        environment = self._environment()
        for service, copies in self.processes.items():
            own = {**environment, **issuer().told(self.servers.issuer, service)}
            for process, duty in zip(copies, self._duties, strict=True):
                process.environment = own | {"DUTY": duty}
                process.revive()
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            for process in self._all:
                process.wait_until_ready(client)
                _wait_until_up(process)
        self.servers.settle()

    @property
    def _all(self) -> list[Process]:
        return [process for copies in self.processes.values() for process in copies]

    def _environment(self) -> dict[str, str]:
        settings = {
            "NATS_URL": self._nats.url,
            "SUBJECT_PREFIX": "bench",
            "VERIFICATION_URL": NOBODY,
            "CERTIFICATES_URL": NOBODY,
        }
        for service in self.processes:
            addresses = self.servers.addresses(service, self.databases[service])
            settings[f"{service.upper()}_URL"] = self.url(service)
            settings[f"{service.upper()}_DATABASE_URL"] = addresses.service
            settings[f"{service.upper()}_OWNER_URL"] = addresses.owner
        return for_children(**settings)
