"""The verification service in both modes, with a real journal in place of the hours service."""

from dataclasses import dataclass

import httpx
import pytest

from tests.integration.verification.ledger import Ledger
from tests.support.world import World


@dataclass(frozen=True)
class Office:
    """A running verification service and what it hears."""

    client: httpx.AsyncClient
    ledger: Ledger
    world: World


async def open_office(world: World, authority: str, **settings: str) -> Office:
    publisher = await world.publisher("hours")
    client = await world.serve("verification", VERIFICATION_AUTHORITY=authority, **settings)
    return Office(client=client, ledger=Ledger(publisher, world), world=world)


@pytest.fixture
async def local(world: World) -> Office:
    """We decide."""
    return await open_office(world, "local")


@pytest.fixture
async def province(world: World) -> Office:
    """The province decides."""
    return await open_office(world, "province")
