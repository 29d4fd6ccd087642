"""The state that the pages speak of: the four services after the main job on the shipped sample year."""

import asyncio
from collections.abc import AsyncIterator
from io import StringIO

import pytest
from rich.console import Console

from deploy.local import intake
from deploy.local.bank import Bank
from deploy.local.issuer import clients
from deploy.local.issuer.app import create_app
from deploy.local.issuer.bearer import Bearer
from deploy.local.job import Job, Task
from deploy.local.progress import Telling
from deploy.local.sampling import folder as sample
from shared.policy import loader
from shared.runtime import clock
from tests.support.signing import ISSUER
from tests.support.world import SERVICES, Cluster, World

YEAR = 2025


@pytest.fixture(scope="session")
async def bank(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The services as `make run` leaves them, here on ports of their own."""
    world, evidence = World(cluster), str(tmp_path_factory.mktemp("evidence"))
    try:
        for service in SERVICES:
            await world.serve(service, VERIFICATION_AUTHORITY="local", EVIDENCE_URL=evidence)
        await asyncio.to_thread(_run, {service: world.url(service) for service in SERVICES})
        await world.start("issuer", create_app(ISSUER.mint, clients.kept(ISSUER.folder)))
        yield world
    finally:
        await world.close()


def _run(urls: dict[str, str]) -> None:
    telling = Telling(Console(file=StringIO()))
    with Bank(urls, lambda: None, lambda role: Bearer(ISSUER.mint, [role])) as bank, telling:
        folder = intake.read(sample.FOLDER)
        task = Task(folder=folder, pack=loader.builtin(), years=[YEAR], now=clock.now())
        Job(bank, task, telling).run()
