"""Services as processes of their own, to be killed: each listens on the socket its world reserved for it."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx

from tests.support.signing import OPERATOR, signed
from tests.support.world import PATIENCE, World, until

UNKEPT = httpx.Limits(max_keepalive_connections=0)
"""A connection a request: one kept from before a kill would break the next request after it."""

ROOT = Path(__file__).parents[2]


class Processes:
    """The service processes of one test. Connections to a killed one wait until it is started again.

    A process is named after its service; one that has only a part of the duties, such as `points/work`, after
    that as well, and has an address of its own.
    """

    def __init__(self, world: World, logs: Path) -> None:
        self._world = world
        self._logs = logs
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self.clients: dict[str, httpx.AsyncClient] = {}
        self.settings: dict[str, str] = {}

    async def start(self, *names: str) -> None:
        """Start processes and wait until each is ready."""
        for name in names:
            service, _, duty = name.partition("/")
            environment = {**await self._world.environment(service), **self.settings, "DUTY": duty}
            fd = self._world.listening(name)
            with self._log(name).open("ab") as log:
                self._running[name] = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", service, "serve", "--fd", str(fd)),
                    env=environment,
                    cwd=ROOT,
                    pass_fds=[fd],
                    stdout=log,
                    stderr=log,
                )
            if name not in self.clients:
                self.clients[name] = httpx.AsyncClient(
                    base_url=self._world.url(name),
                    timeout=PATIENCE,
                    trust_env=False,
                    limits=UNKEPT,
                    headers=signed(OPERATOR),
                )
        for name in names:
            await until(lambda n=name: self._ready(n))

    async def _ready(self, name: str) -> bool:
        assert self._running[name].returncode is None, self._log(name).read_text()
        try:
            return (await self.clients[name].get("/readyz", timeout=2)).status_code == 200
        except httpx.HTTPError:
            return False

    def _log(self, name: str) -> Path:
        return self._logs / f"{name.replace('/', '-')}.log"

    async def kill(self, name: str) -> None:
        """Kill a process as a power cut would: no goodbye."""
        process = self._running.pop(name)
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def command(self, service: str, command: str) -> tuple[int, str]:
        """Run a service's command with its arguments to its end: its exit code, and what it said."""
        done = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", service, *command.split()),
            env={**await self._world.environment(service), **self.settings},
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        assert done.returncode is not None
        return done.returncode, said.decode()

    async def close(self) -> None:
        """Kill what still runs."""
        for name in list(self._running):
            await self.kill(name)
        for client in self.clients.values():
            await client.aclose()
