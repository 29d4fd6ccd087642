"""A small world for one test: databases from migrated templates, services in this process, real HTTP.

`World` reserves an address for every service before any starts, so that they can name each other.
"""

import asyncio
import atexit
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import nats
import uvicorn
from alembic.migration import MigrationContext
from alembic.operations import Operations
from fastapi import FastAPI
from nats.js.errors import NotFoundError
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from shared.runtime import migrate
from shared.runtime.broker import Broker
from shared.runtime.database import Database
from shared.runtime.journal import Draft, Entry, Journal, Layout, schema
from shared.runtime.journal.checking import Difference
from shared.runtime.journal.rebuild import compare
from shared.runtime.service import Service, create
from shared.runtime.settings import Settings
from shared.runtime.trust import trusted
from tests.support import signing
from tests.support.servers import NatsServer, PostgresServer

SERVICES = ("points", "hours", "verification", "certificates")
KEPT = 600
"""Seconds for which connections are kept: none ends under a client that a busy machine held up."""
TICKS = 10
"""What a server counts in a second; with every tenth it tells the time anew."""
PATIENCE = 30.0
"""Seconds before a condition that should come true counts as broken; no test depends on being fast."""

_PAPERS = tempfile.TemporaryDirectory(prefix="hourbank-papers-")
atexit.register(_PAPERS.cleanup)
"""Where files lie that tests hand in; what has another content has another name."""


class Cluster:
    """The servers of a test run, and a migrated template of each service's database."""

    def __init__(self, postgres: PostgresServer, nats: NatsServer, issuer: str) -> None:
        self.postgres = postgres
        self.nats = nats
        self.issuer = issuer
        """Where the issuer of tokens answers."""
        self._templates: dict[str, str] = {}
        self._roles: set[str] = set()
        self._ended: list[str] = []

    async def forget(self, prefix: str) -> None:
        """Delete the streams of a world that ended, and those that earlier ones asked for while they ended.

        Every stream reserves its size: after some tests the broker would take no more of them, and all that
        hears would go on over HTTP alone.
        """
        self._ended.append(f"{prefix}-")
        client = await nats.connect(self.nats.url)
        stream = client.jetstream()
        for info in await stream.streams_info():
            name = info.config.name or ""
            if name.startswith(tuple(self._ended)):
                with suppress(NotFoundError):
                    await stream.delete_stream(name)
        await client.close()

    def roles(self, service: str) -> None:
        for role in (service, f"{service}_owner"):
            if role not in self._roles:
                self.postgres.create_role(role)
                self._roles.add(role)

    def create_database(self, name: str, service: str, template: str = "template0") -> None:
        """A database that the service's role may connect to and its owner role owns."""
        self.postgres.create_database(name, owner=f"{service}_owner", template=template)
        self.postgres.sql(f'grant connect on database "{name}" to "{service}"')

    def template(self, service: str) -> str:
        """Name of the migrated template of a service's database; made at first use."""
        if service not in self._templates:
            self.roles(service)
            name = f"{service}_template_{uuid4().hex[:10]}"
            self.postgres.create_database(name, owner=f"{service}_owner")
            folder = Path(import_module(service).__path__[0]) / "migrations"
            migrate.upgrade(folder, self.postgres.url(name, f"{service}_owner"), service)
            self._templates[service] = name
        return self._templates[service]

    async def spoken(self, layout: Layout) -> str:
        """Name of the template of a database with a journal in it and nothing else; made at first use."""
        kept = f"{layout.service} speaks"
        if kept not in self._templates:
            self.roles(layout.service)
            owner, name = f"{layout.service}_owner", f"{layout.service}_template_{uuid4().hex[:10]}"
            await asyncio.to_thread(self.postgres.create_database, name, owner=owner)
            await _make_journal(self.postgres.url(name, owner), layout, layout.service)
            self._templates[kept] = name
        return self._templates[kept]


class _Server(uvicorn.Server):
    """A server that ends as soon as it is told to, and not at the next look of its own."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ending = asyncio.Event()

    async def main_loop(self) -> None:
        seconds = 0
        while not (self.ending.is_set() or await self.on_tick(seconds * TICKS)):
            seconds += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.ending.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to pytest."""
        yield


class World:
    """What one test runs in. Use it through the `world` fixture."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.prefix = f"t{uuid4().hex[:10]}"
        self.apps: dict[str, FastAPI] = {}
        self.databases: dict[str, str] = {}
        self._made: list[str] = []
        self._sockets: dict[str, socket.socket] = {}
        self._running: dict[str, tuple[_Server, asyncio.Task[None], httpx.AsyncClient]] = {}

    @property
    def broker(self) -> Broker:
        """The broker as this test's services know it."""
        return Broker(url=self.cluster.nats.url, prefix=self.prefix)

    def url(self, service: str) -> str:
        """Where a service answers, or will."""
        if service not in self._sockets:
            self._sockets[service] = listening = socket.create_server(("127.0.0.1", 0))
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as serving does
        host, port = self._sockets[service].getsockname()
        return f"http://{host}:{port}"

    def listening(self, service: str) -> int:
        """The reserved socket itself, for a process that takes it over."""
        self.url(service)
        return self._sockets[service].fileno()

    async def database(self, service: str) -> str:
        """Name of this test's database of a service; made at first use."""
        if service not in self.databases:
            template = await asyncio.to_thread(self.cluster.template, service)
            name = f"{service}_{self.prefix}"
            await self._make(name, service, template)
            self.databases[service] = name
        return self.databases[service]

    async def _make(self, name: str, service: str, template: str) -> None:
        self._made.append(name)
        await asyncio.to_thread(self.cluster.create_database, name, service, template)

    async def environment(self, service: str) -> dict[str, str]:
        """The settings of a service, as its process would find them."""
        name = await self.database(service)
        postgres = self.cluster.postgres
        return {
            f"{service.upper()}_DATABASE_URL": postgres.url(name, service),
            f"{service.upper()}_OWNER_URL": postgres.url(name, f"{service}_owner"),
            "NATS_URL": self.cluster.nats.url,
            "SUBJECT_PREFIX": self.prefix,
            "EVIDENCE_URL": _PAPERS.name,
            **signing.ISSUER.told(self.cluster.issuer, service),
            **{f"{other.upper()}_URL": self.url(other) for other in SERVICES},
        }

    def settings(self, service: str, database_url: str, **more: str) -> Settings:
        """The settings of something that a test builds itself, in the name of a service."""
        return Settings.from_environment(
            service,
            {
                f"{service.upper()}_DATABASE_URL": database_url,
                "NATS_URL": self.cluster.nats.url,
                "SUBJECT_PREFIX": self.prefix,
                **signing.ISSUER.told(self.cluster.issuer, service),
                **more,
            },
        )

    async def serve(self, service: str, **settings: str) -> httpx.AsyncClient:
        """Start a service; further settings as in its environment."""
        return await self.start(service, await self._app(service, settings))

    async def beside(self, service: str, **settings: str) -> httpx.AsyncClient:
        """Start another copy of a service, on an address that nobody else is told."""
        return await self.start(f"another {service}", await self._app(service, settings))

    async def _app(self, service: str, settings: dict[str, str]) -> FastAPI:
        environment = {**await self.environment(service), **settings}
        app: FastAPI = import_module(f"{service}.app").create_app(
            Settings.from_environment(service, environment)
        )
        return app

    async def start(self, service: str, app: FastAPI) -> httpx.AsyncClient:
        """Run an application on the address reserved for `service`."""
        url = self.url(service)
        config = uvicorn.Config(
            app,
            log_config=None,
            lifespan="on",
            timeout_graceful_shutdown=2,
            timeout_keep_alive=KEPT,
            proxy_headers=False,
        )
        server = _Server(config)
        listening = self._sockets[service].dup()
        task = asyncio.create_task(server.serve(sockets=[listening]))
        client = httpx.AsyncClient(
            base_url=url,
            timeout=PATIENCE,
            trust_env=False,
            verify=trusted(),
            headers=signing.signed(signing.OPERATOR),
        )
        self._running[service] = (server, task, client)
        self.apps[service] = app
        await until(lambda: _started(server, task))
        return client

    async def stop(self, service: str) -> None:
        """Stop one service; its address stays reserved and it can be served again."""
        server, task, client = self._running.pop(service)
        await client.aclose()
        server.ending.set()
        await task
        # Whoever was still being answered after the grace of the server is left to us.
        for connection in list(server.server_state.connections):
            connection.transport.abort()

    async def publisher(
        self, service: str, broker: Broker | None = None, archive_url: str | None = None
    ) -> "Publisher":
        """A real journal that speaks in the name of `service`, for tests of those who hear it."""
        over = broker or self.broker
        name = f"{service}_said_{self.prefix}"
        layout = Layout(
            service=service, ranks=(("organisation", "teacher"),), relayed=("organisation", "teacher")
        )
        template = await self.cluster.spoken(layout)
        await self._make(name, service, template)
        journal = Journal(layout, archive_url)
        database = Database(self.cluster.postgres.url(name, service))
        settings = replace(
            self.settings(service, database.url),
            nats_url=over.url,
            nats_replicas=over.replicas,
            subject_prefix=over.prefix,
        )
        said = Service(
            name=service,
            title=service,
            summary="says what a test wants said",
            folder=Path(__file__).parent / "publisher",
            journal=journal,
        )
        app = create(said, settings, database)
        client = await self.start(service, app)
        return Publisher(journal, database, client, app)

    async def rebuild(self, service: str) -> list[Difference]:
        """Rebuild and compare a service's projections; empty when they agree."""
        described: Service = self.apps[service].state.service
        url = self.cluster.postgres.url(self.databases[service], f"{service}_owner")
        database = Database(url)
        try:
            return await compare(database, described.journal, described.projections)
        finally:
            await database.dispose()

    async def heard(self, listener: str, source: str) -> None:
        """Wait until `listener` has applied everything that `source` has said so far."""
        _, _, hearing = self._running[listener]
        _, _, saying = self._running[source]
        heads = (await saying.get("/v1/journal/heads")).json()["heads"]

        async def reached() -> bool:
            known = (await hearing.get("/v1/positions")).json()["positions"].get(source, {})
            return all(known.get(partition, 0) >= head for partition, head in heads.items())

        await until(reached)

    async def close(self) -> None:
        await asyncio.gather(*map(self.stop, list(self._running)))  # each waits a while for its clients
        for reserved in self._sockets.values():
            reserved.close()
        for name in self._made:
            with suppress(Exception):
                await asyncio.to_thread(self.cluster.postgres.sql, f'drop database "{name}" with (force)')
        await self.cluster.forget(self.prefix)


class Publisher:
    """Says facts in the name of a service; they travel the real way: journal, relay, broker, HTTP."""

    def __init__(self, journal: Journal, database: Database, client: httpx.AsyncClient, app: FastAPI) -> None:
        self.journal = journal
        self.client = client
        self.app = app
        self._database = database

    async def say(
        self, kind: str, subject: str, data: msgspec.Struct, effective_at: datetime, policy: str = "test@1"
    ) -> Entry:
        """Append one fact."""
        draft = Draft(type=kind, subject=subject, effective_at=effective_at, policy=policy, data=data)
        return (await self.say_all([draft]))[0]

    async def say_all(self, drafts: list[Draft]) -> list[Entry]:
        """Append facts in one transaction, in order."""
        async with self._database.transaction() as tx:
            await self.journal.lock(tx, {draft.subject for draft in drafts})
            return await self.journal.append(tx, drafts)


async def until(condition: Any, patience: float = PATIENCE) -> None:
    """Wait for a condition (an async function that answers a truth value); fail when it does not come."""
    async with asyncio.timeout(patience):
        while not await condition():  # noqa: ASYNC110 - the condition lies in another process or server
            await asyncio.sleep(0.02)  # between two looks at a condition, not instead of one


async def _started(server: _Server, task: asyncio.Task[None]) -> bool:
    if task.done():
        task.result()
        raise AssertionError("the service stopped while starting")
    return server.started


async def _make_journal(owner_url: str, layout: Layout, role: str) -> None:
    def make(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts={"role": role})
        schema.create(Operations(context), layout)

    engine = create_async_engine(owner_url, poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(make)
    await engine.dispose()
