"""A place of files holds the same promises in a folder and in a store."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from shared.runtime.place import UNREADABLE, Place
from tests.support.stores import Store

LARGE = bytes(range(256)) * 50_000
"""More than what goes in one part."""


@pytest.fixture(params=["folder", "store"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    if request.param == "folder":
        yield Place.at(str(tmp_path / "files"))
        return
    async with Store.serving(tmp_path) as store:
        yield Place.at(store.url("files"))


async def test_what_is_written_is_there_whole_and_replaced_whole(place: Place) -> None:
    for content in (LARGE, b"", b"shorter"):
        place.write("one", content)
        assert place.holds("one")
        assert place.size("one") == len(content)
        assert place.read("one") == content
        assert place.digest("one") == sha256(content).digest()
    assert not place.holds("another")
    for ask in (place.size, place.read, place.digest):
        with pytest.raises(FileNotFoundError):
            ask("another")


async def test_a_file_whose_making_breaks_off_is_not_there(place: Place) -> None:
    with pytest.raises(ZeroDivisionError), place.making("one"):
        raise ZeroDivisionError
    assert not place.holds("one")


@pytest.mark.long
async def test_a_store_that_is_away_says_so_and_is_used_again_once_it_is_back(tmp_path: Path) -> None:
    async with Store.serving(tmp_path) as store:
        place = Place.at(store.url("files"))
        place.write("one", b"1")
        store.stop()
        with pytest.raises(UNREADABLE):
            place.read("one")
        await store.start()
        assert place.read("one") == b"1"
