"""A journal whose years can be sealed and archived."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.runtime.archive.books import Books
from tests.support.world import World


@pytest.fixture
async def books(world: World, tmp_path: Path) -> AsyncIterator[Books]:
    folder = str(tmp_path / "archive")
    made = Books(world, await world.publisher("points", archive_url=folder), folder)
    yield made
    await made.owner.dispose()
