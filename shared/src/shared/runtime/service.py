"""A service as an application: its routes, its relay, its consumers, its jobs, joined in one place.

A process does all of that, or only answers requests, or only works, as `DUTY` says: the copies of a service
compete for their work, so nobody needs to know who else there is.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError
from starlette.exceptions import HTTPException
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from shared.access import Gate
from shared.access import gate as access
from shared.adoptions import api as adoptions
from shared.adoptions.operations import Adoptions
from shared.places.store import Places
from shared.policy.workdays import NotAnnouncedError
from shared.reads import api as reads
from shared.reads.watch import Watch
from shared.runtime import errors, health
from shared.runtime.database import Database, Transaction
from shared.runtime.errors import Catalogue, DomainError, problems_of
from shared.runtime.exclusive import end
from shared.runtime.guarded import GuardedRoute
from shared.runtime.interface import Described
from shared.runtime.jobs import Job, Work, supervise
from shared.runtime.journal import Journal, Projection, feed, relay
from shared.runtime.journal.consumer import Consumer, Following
from shared.runtime.journal.layout import Lane
from shared.runtime.limits import Limits
from shared.runtime.plain import plain_endpoints
from shared.runtime.reading import Reader
from shared.runtime.replica import Replica
from shared.runtime.settings import Duty, Settings
from shared.runtime.tokens import Tokens
from shared.startup import StartUpError

log = logging.getLogger(__name__)

VERSION = "0.1.0"
DESCRIPTION, PAGE = "/openapi.json", "/docs"
"""The description of a service and its page: for everybody, beside the gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What one service is made of."""

    name: str
    title: str
    summary: str
    folder: Path
    """The service's package: `problems.toml`, `access.toml`, `examples.json` and `migrations/` lie there."""
    journal: Journal
    adoptions: Adoptions | None = None
    """Its rules, for services that have some: they are kept before anything else is done."""
    places: Places | None = None
    """Who lies where, for services that show people; reads of these are logged."""
    projections: Sequence[Projection] = ()
    routers: Sequence[APIRouter] = ()
    streams: Collection[str] = ()
    """Routes, each as `METHOD /path`, that read NDJSON line by line and so without a total limit."""
    consumers: Sequence[Consumer] = ()
    jobs: Sequence[Job] = ()
    answering: Mapping[str, Work] = field(default_factory=dict)
    """What goes on beside requests where they are answered, in one copy at a time, by name."""
    context: Any = None
    """What the service's own routes need: its settings, its rule packs; see `context_of`."""
    closing: Sequence[Any] = field(default_factory=tuple)
    """Async functions called once at the end, for clients the service opened."""

    @property
    def migrations(self) -> Path:
        """Folder of the migrations."""
        return self.folder / "migrations"


def create(service: Service, settings: Settings, database: Database) -> FastAPI:
    """Build the application of a service."""
    app = Described(
        title=service.title,
        summary=service.summary,
        version=VERSION,
        lifespan=partial(_lifespan, service=service, settings=settings, database=database),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=None if settings.duty is Duty.WORK else DESCRIPTION,
        docs_url=PAGE,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    if service.adoptions is not None:
        database.begin_with(partial(_adopt, service.adoptions, service.journal))
    app.state.service = service
    app.state.database = database
    sources = [consumer.source for consumer in service.consumers]
    app.state.reader = Reader(service.journal, sources, database, _replica(settings, database))
    app.state.catalogue = Catalogue(errors.COMMON, service.folder / "problems.toml")
    app.state.gate = gate = Gate(Tokens(settings.issuer), access.COMMON, service.folder / "access.toml")
    app.add_middleware(Limits, streams=service.streams)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    app.add_exception_handler(DomainError, errors.on_domain_error)
    app.add_exception_handler(NotAnnouncedError, errors.on_not_announced)
    app.add_exception_handler(RequestValidationError, errors.on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(DBAPIError, _on_store_error)
    app.add_exception_handler(InterfaceError, _on_store_error)
    app.add_exception_handler(OSError, _on_store_error)
    app.add_exception_handler(Exception, _on_failure)
    app.state.watch = None if service.places is None else Watch(gate, database)
    answering = () if settings.duty is Duty.WORK else _answering(service)
    routers = (*answering, health.router)
    for router in routers:
        app.include_router(router)
    app.plain = plain_endpoints(answering)
    gate.check(_guarded(app, routers))
    assert not any(gate.is_personal(f"{method} {path}") for method, path in app.plain), "past the watch"
    return app


async def _adopt(rules: Adoptions, journal: Journal, tx: Transaction) -> None:
    await rules.adopt(tx, journal.now())


def _answering(service: Service) -> Sequence[APIRouter]:
    """The routes of requests; the log before the service's own, whose teachers may be paths."""
    log_of_reads = () if service.places is None else (reads.router,)
    policies = () if service.adoptions is None else (adoptions.router,)
    return (*log_of_reads, *policies, *service.routers, feed.router, _problems)


def _guarded(app: FastAPI, routers: Sequence[APIRouter]) -> list[str]:
    """The routes that are served, each as `METHOD /path`; all but the description stand behind the gate."""
    routes = [*(route for router in routers for route in router.routes), *app.routes[: -len(routers)]]
    found = [route for route in routes if isinstance(route, GuardedRoute)]
    others = {getattr(route, "path", "") for route in routes if not isinstance(route, GuardedRoute)}
    beside = others - {DESCRIPTION, PAGE}
    assert not beside, f"routes beside the gate: {sorted(beside)}"
    return [f"{method} {route.path_format}" for route in found for method in route.methods or ()]


def _replica(settings: Settings, database: Database) -> Replica | None:
    if settings.replica_url is None or settings.duty is Duty.WORK:
        return None
    return Replica(settings.replica_url, database, settings.replica_behind)


@asynccontextmanager
async def _lifespan(
    app: FastAPI, *, service: Service, settings: Settings, database: Database
) -> AsyncIterator[None]:
    try:
        with suppress(DBAPIError, InterfaceError, OSError):  # it is away: who reaches it first does it
            await database.begin()
    except StartUpError as error:
        app.state.refused = error  # uvicorn says only that it did not start
        await database.dispose()
        raise
    works = _works(service, settings, database)
    tasks = [
        asyncio.create_task(supervise(settings.database_url, name, work), name=name)
        for name, work in works.items()
    ]
    replica: Replica | None = app.state.reader.replica
    try:
        async with nullcontext() if replica is None else replica.watched():
            yield
    finally:
        await end(*tasks)
        for close in service.closing:
            await close()
        await database.dispose()


def _works(service: Service, settings: Settings, database: Database) -> Mapping[str, Work]:
    """What goes on beside requests and without them, by the lock under which one copy at a time does it."""
    beside = {f"{service.name}.{name}": work for name, work in service.answering.items()}
    if settings.duty is Duty.REQUESTS:
        return beside
    broker = settings.broker
    idle = relay.IDLE_APART if settings.duty is Duty.WORK else relay.IDLE
    works = {f"{service.name}.relay": relay.Relay(database, service.journal, broker, idle).work}
    for consumer in service.consumers:
        ours = replace(consumer, credentials=settings.credentials)
        for lane in [Lane(index=index, of=settings.lanes) for index in range(settings.lanes)]:
            following = Following(service.name, ours, database, broker, lane)
            works[lane.named(f"{service.name}.hears.{consumer.source}")] = following.work
    works |= {f"{service.name}.job.{job.name}": job.work for job in service.jobs}
    return works if settings.duty is Duty.WORK else works | beside


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    codes = {404: "route.unknown", 405: "route.method", 400: "body.not_json"}
    if error.status_code not in codes:
        raise error
    answer = problems_of(request).answer(DomainError(codes[error.status_code]))
    answer.headers.update(error.headers or {})
    return answer


async def _on_store_error(request: Request, error: Exception) -> JSONResponse:
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if (
        isinstance(error, DBAPIError)
        and state is not None
        and state[:2] not in {"08", "40", "53", "57", "58"}
    ):
        return await _on_failure(request, error)
    log.warning("store away: %s", type(error).__name__, exc_info=error)
    return problems_of(request).answer(DomainError("store.away"))


async def _on_failure(request: Request, error: Exception) -> JSONResponse:
    incident = uuid4().hex[:12]
    log.error("incident %s at %s %s", incident, request.method, request.url.path, exc_info=error)
    return problems_of(request).answer(DomainError("internal", incident=incident))


_problems = APIRouter(tags=["problems"], route_class=GuardedRoute)


@_problems.get("/problems", summary="Every problem code this service can answer with")
async def problems(request: Request) -> dict[str, Any]:
    """List the catalogue."""
    catalogue: Catalogue = request.app.state.catalogue
    return {"items": [_described(catalogue, code) for code in sorted(catalogue.words)]}


@_problems.get(
    "/problems/{code}",
    summary="What a problem code means",
    responses={404: {"description": "`problem.unknown`"}},
)
async def problem(request: Request, code: str) -> dict[str, Any]:
    """Describe one code."""
    catalogue: Catalogue = request.app.state.catalogue
    if code not in catalogue.words:
        raise DomainError("problem.unknown", unknown=code)
    return _described(catalogue, code)


def _described(catalogue: Catalogue, code: str) -> dict[str, Any]:
    words = catalogue.words[code]
    return {
        "code": code,
        "status": words.status,
        "title": {"en": words.title, "zh": words.title_zh},
        "detail": {"en": words.detail, "zh": words.detail_zh},
    }
