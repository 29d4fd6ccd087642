"""The command of every service: `python -m <service> migrate | serve | rebuild | redrive | openapi | …`.

Those that seal and archive years stand in `shared.runtime.journal.archive.command`.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from fastapi import FastAPI

from shared.runtime import clock, garbage, migrate, serving
from shared.runtime import logging as lines
from shared.runtime.database import Database
from shared.runtime.journal.archive import arguments as archive
from shared.runtime.journal.consumer import redrive
from shared.runtime.journal.rebuild import compare
from shared.runtime.service import Service
from shared.runtime.settings import Settings, owner_url
from shared.startup import StartUpError

CreateApp = Callable[[Settings], FastAPI]

NOT_STARTED = 2
"""Exit status when a setting or a rule pack is wrong, as for a wrong argument."""

log = logging.getLogger(__name__)


def main(name: str, create_app: CreateApp) -> None:
    """Run one command of the service `name`; end with one line where a setting or a pack is wrong."""
    options = _arguments(name)
    if options.command == "openapi":
        print(json.dumps(openapi(name, create_app), indent=2, ensure_ascii=False))  # noqa: T201 - its output
        return
    lines.configure(options.log_level)
    try:
        _run(name, create_app, options)
    except StartUpError as error:
        print(f"{name}: {error}", file=sys.stderr)  # noqa: T201 - for the person who starts it
        sys.exit(NOT_STARTED)


def _run(name: str, create_app: CreateApp, options: argparse.Namespace) -> None:
    settings = Settings.from_environment(name)
    clock.run_ahead(settings.ahead)
    if options.command == "migrate":
        folder = Path(import_module(name).__path__[0]) / "migrations"
        migrate.upgrade(folder, owner_url(name), migrate.role_of(settings.database_url))
        return
    app = create_app(settings)
    garbage.collect_seldom()
    if options.command == "serve":
        if hasattr(app.state, "gate"):
            settings.check_sign_in()
        serving.serve(app, host=options.host, port=options.port, fd=options.fd)
    elif options.command == "rebuild":
        sys.exit(asyncio.run(_rebuild(name, app)))
    elif options.command in archive.COMMANDS:
        from shared.runtime.journal.archive.command import run  # noqa: PLC0415 - Arrow takes 40 MB and a while

        journal = app.state.service.journal
        sys.exit(asyncio.run(run(journal, owner_url(name), settings.archive_url, options, clock.now())))
    else:
        asyncio.run(_redrive(app))


def openapi(name: str, create_app: CreateApp) -> dict[str, object]:
    """The interface of a service, described without touching a server."""
    nowhere = {f"{name.upper()}_DATABASE_URL": f"postgresql+asyncpg://{name}@127.0.0.1:1/{name}"}
    urls = {
        f"{other}_URL": "http://127.0.0.1:1" for other in ("POINTS", "HOURS", "VERIFICATION", "CERTIFICATES")
    }
    return create_app(
        Settings.from_environment(name, {"NATS_URL": "nats://127.0.0.1:1", **nowhere, **urls})
    ).openapi()


def _arguments(name: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument("--log-level", default="INFO")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database to the newest schema, as its owner")
    serve = commands.add_parser("serve", help="answer requests, relay, consume and do jobs, as DUTY says")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--fd", type=int, help="an open listening socket, shared with other copies")
    commands.add_parser("rebuild", help="make every projection again from the journal and compare")
    commands.add_parser("redrive", help="apply parked events again, in order")
    archive.add(commands)
    commands.add_parser("openapi", help="print the interface as OpenAPI 3.1")
    return parser.parse_args()


async def _rebuild(name: str, app: FastAPI) -> int:
    service: Service = app.state.service
    database = Database(owner_url(name))
    found = await compare(database, service.journal, service.projections)
    await database.dispose()
    for difference in found:
        log.error("%s: %s", difference.place, difference.detail)
    log.info("%s: %d differences", name, len(found))
    return 1 if found else 0


async def _redrive(app: FastAPI) -> None:
    service: Service = app.state.service
    for consumer in service.consumers:
        count = await redrive(app.state.database, consumer)
        log.info("%s: %d events applied", consumer.source, count)
    await app.state.database.dispose()
