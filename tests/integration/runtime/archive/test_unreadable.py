"""An archive that is missing or damaged is said, with its year; what is archived is heard like the rest."""

from contextlib import suppress

import nats
from nats.js.errors import NotFoundError

from shared.runtime.journal.archive.errors import unreadable
from shared.runtime.outage import is_away
from tests.integration.runtime.archive.books import IN_2025, IN_2026, Books, note
from tests.support.listening import listening
from tests.support.world import World

SUBJECTS = [f"teacher:T{n}" for n in range(40)]


async def test_a_missing_or_damaged_file_is_said_and_nothing_is_left_out(books: Books) -> None:
    entries = await books.say([note("teacher:T1", f"{n}" * 50) for n in range(30)], IN_2025)
    await books.close_year()
    await books.say([note("teacher:T1")], IN_2026)
    client, path = books.publisher.client, f"/v1/journal/{entries[0].partition}"
    written = books.file.read_bytes()

    books.file.unlink()
    away = await client.get(path)
    assert (away.status_code, away.json()["code"], away.json()["year"]) == (503, "archive.unreadable", 2025)
    later = (await client.get(path, params={"after": 30})).json()["items"]
    assert [event["seq"] for event in later] == [31]

    place = written.index(entries[7].hash)  # what looks like chance is not compressed
    turned = bytes([*written[:place], written[place] ^ 1, *written[place + 1 :]])
    for content in (turned, written[:-9], written[:-9] + b"123456789", b"PAR1" * 40, b""):
        books.file.write_bytes(content)
        assert (await client.get(path)).json()["code"] == "archive.unreadable"

    books.file.write_bytes(written)
    found = (await client.get(path)).json()["items"]
    assert [event["hash"] for event in found[:30]] == [entry.hash.hex() for entry in entries]
    assert len(found) == 31


async def test_the_file_of_another_year_or_place_is_not_taken(books: Books) -> None:
    first = await books.say([note("teacher:T1")], IN_2025)
    await books.say([note("teacher:T1")], IN_2026)
    await books.close_year(2025)
    await books.close_year(2026)
    (books.folder / "points-2026.parquet").replace(books.file)
    answer = await books.publisher.client.get(f"/v1/journal/{first[0].partition}")
    assert (answer.status_code, answer.json()["year"]) == (503, 2025)


def test_listeners_and_jobs_take_it_for_an_outage() -> None:
    assert is_away(unreadable(2025))


async def test_a_new_listener_hears_everything_from_the_first_entry_on(world: World, books: Books) -> None:
    await books.say([note(subject) for subject in SUBJECTS], IN_2025)
    await books.close_year()
    await books.say([note(subject) for subject in SUBJECTS], IN_2026)
    client = await nats.connect(world.cluster.nats.url)
    with suppress(NotFoundError):  # the relay may not have come to make it
        await client.jetstream().purge_stream(f"{world.prefix}-journal-points")
    await client.close()
    async with listening(world) as listener:
        await listener.serve()
        await world.heard("hours", "points")
        heard = await listener.heard()
    assert len(heard) == len(set(heard)) == 80
    for subject in SUBJECTS:
        mine = [seq for one, seq in heard if one == subject]
        assert mine == sorted(mine)
