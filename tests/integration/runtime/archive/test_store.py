"""A year may be archived into a store that speaks S3, and is read from there."""

from pathlib import Path

import pytest

from tests.integration.runtime.archive.books import Books
from tests.integration.runtime.archive.test_readers import answers, fill
from tests.support.stores import Store
from tests.support.world import World


@pytest.mark.long
async def test_a_year_that_lies_in_a_store_is_read_as_before(world: World, tmp_path: Path) -> None:
    async with Store.serving(tmp_path) as store:
        url = store.url("archive")
        books = Books(world, await world.publisher("points", archive_url=url), url)
        await fill(books, 7)
        before = await answers(books, 7)
        await books.close_year()
        assert await books.rows() is None
        assert await answers(books, 7) == before
        await books.owner.dispose()
