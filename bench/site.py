"""The services of one run as processes of their own, over fresh databases and a fresh broker.

Nobody starts them again: a service that dies in a run makes the run a wrong one.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from bench.servers import SERVICES, Servers
from deploy.local import ports
from deploy.local.bank import Service
from deploy.local.child import ServerError
from deploy.local.environment import for_children
from deploy.local.nats import Nats
from deploy.local.stack import Process

FIRST_PORT = 8601
NOBODY = "http://127.0.0.1:1"
"""Where the services answer that take no part."""
NO_BROKER = "nats://127.0.0.1:1"
"""What a service is told that hears nothing and says nothing."""


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


class Site:
    """points and hours, as long as the `with` block; databases are copied from `templates` where given."""

    def __init__(self, servers: Servers, templates: Mapping[str, str] | None = None) -> None:
        self.servers = servers
        self.databases: dict[str, str] = {}
        self.processes: dict[str, Process] = {}
        self._templates = templates or {}
        self._home = servers.state / "site"
        self._nats = Nats(self._home / "nats", sync_always=True)
        self._kept = False

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
        return Service("points", self.url("points"), self.check)

    @property
    def hours(self) -> Service:
        """The hours service as anybody sees it."""
        return Service("hours", self.url("hours"), self.check)

    def url(self, service: str) -> str:
        """Where a service answers."""
        return self.processes[service].url

    def check(self) -> None:
        """Raise ServerError when a service is gone."""
        for service, process in self.processes.items():
            if process.pid is None:
                raise ServerError(f"{service} died in a run; its log: {process.log}")

    def keep(self) -> dict[str, str]:
        """Leave the databases behind when the site stops, to be templates of others; return their names."""
        self._kept = True
        return dict(self.databases)

    def stop(self) -> None:
        """Stop the services, then the broker."""
        for process in self.processes.values():
            process.ask_to_stop()
        for process in self.processes.values():
            process.stop()
        self._nats.stop()
        if not self._kept:
            for name in self.databases.values():
                self.servers.drop(name)
        shutil.rmtree(self._home, ignore_errors=True)

    def _start(self) -> None:
        (self._home / "logs").mkdir(parents=True, exist_ok=True)
        self._nats.start()
        for place, service in enumerate(SERVICES):
            self.processes[service] = Process(service, self._home, ports.listen(FIRST_PORT + place))
            self.databases[service] = self.servers.fresh(service, self._templates.get(service))
        environment = self._environment()
        for process in self.processes.values():
            process.environment = environment
            process.revive()
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            for process in self.processes.values():
                process.wait_until_ready(client)
        self.servers.settle()

    def _environment(self) -> dict[str, str]:
        settings = {
            "NATS_URL": self._nats.url,
            "SUBJECT_PREFIX": "bench",
            "VERIFICATION_URL": NOBODY,
            "CERTIFICATES_URL": NOBODY,
        }
        for service, process in self.processes.items():
            addresses = self.servers.addresses(service, self.databases[service])
            settings[f"{service.upper()}_URL"] = process.url
            settings[f"{service.upper()}_DATABASE_URL"] = addresses.service
            settings[f"{service.upper()}_OWNER_URL"] = addresses.owner
        return for_children(**settings)
