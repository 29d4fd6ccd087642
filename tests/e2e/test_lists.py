"""Lists go on where the page before ended: at every limit, at an exact end, beyond the ten thousandth row."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from shared.runtime.pages import encode_cursor
from tests.support.city import SERVICES, City
from tests.support.deeds import act, person, record
from tests.support.world import World, until

MANY = 10_001
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")


async def read(client: httpx.AsyncClient, path: str, limit: int, **wanted: Any) -> list[list[dict[str, Any]]]:
    """All pages of a list."""
    pages: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while True:
        asked = {**wanted, "limit": limit} | ({} if cursor is None else {"cursor": cursor})
        answer = await client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["items"])
        cursor = answer.json()["next"]
        if cursor is None:
            return pages


Keys = Callable[[int, dict[str, Any]], list[Any]]
"""The keys of a row, by its place and what it shows: what its cursor is made of."""


@dataclass(frozen=True)
class Listed:
    """A list, how many rows it has in the year below, and the keys that it is ordered by."""

    service: str
    path: str
    count: int
    keys: Keys
    wanted: dict[str, Any] = field(default_factory=dict)


def by(*names: str) -> Keys:
    return lambda _, row: [row[name] for name in names]


def _cents(missing: dict[str, str]) -> int:
    return int(missing["hours"].replace(".", ""))


OF_YEAR = {"year": 2024}
LISTS = [
    Listed("points", "/v1/awards", 10, by("teacher", "at", "rule", "ground"), OF_YEAR),
    Listed("points", "/v1/accounts", 5, by("teacher"), OF_YEAR),
    Listed("points", "/v1/exchanges", 5, by("request"), OF_YEAR),
    Listed(
        "points",
        "/v1/teachers/T1/statement",
        3,
        lambda _, row: [int(row["event"].rpartition("/")[2]), row["balance"]],
    ),
    Listed("hours", "/v1/organisations", 3, by("organisation")),
    Listed("hours", "/v1/teachers", 8, by("teacher")),
    Listed("hours", "/v1/totals", 8, by("teacher"), OF_YEAR),
    Listed("hours", "/v1/teachers/T1/statement", 5, lambda place, _: [place + 1], OF_YEAR),
    Listed("hours", "/v1/outlook", 3, lambda _, row: [_cents(row["missing"]), row["teacher"]], OF_YEAR),
    Listed("hours", "/v1/outlook", 3, by("teacher"), {**OF_YEAR, "order": "teacher"}),
    Listed("hours", "/v1/exchangeable", 5, by("teacher", "expires_at")),
    Listed("verification", "/v1/runs", 5, by("requested_at", "run")),
    Listed("verification", "/v1/results", 8, by("year", "teacher"), OF_YEAR),
    Listed("verification", "/v1/discrepancies", 3, by("year", "teacher", "opened_at", "entry")),
    Listed("certificates", "/v1/certificates", 5, by("number")),
    Listed("certificates", "/v1/certificates/failures", 3, by("teacher", "year", "kind")),
]


def forged(keys: list[Any]) -> Iterator[str]:
    """Cursors that no answer ever named: no text, no list, other sizes, other kinds, beyond every bound."""
    yield from ("rubbish", "文", urlsafe_b64encode(b"[" * 1200).decode())
    yield from (encode_cursor([]), encode_cursor([*keys, keys[0]]))
    for place in range(len(keys)):
        wrong: tuple[Any, ...] = (None, True, 1.5, {}, [], "\0", 10**30, -(10**30))
        for value in wrong:
            yield encode_cursor([*keys[:place], value, *keys[place + 1 :]])
        if isinstance(keys[place], int) or INSTANT.match(keys[place]):
            for text in ("2024-01-01T00:00:00", "no instant"):
                yield encode_cursor([*keys[:place], text, *keys[place + 1 :]])


async def hold(client: httpx.AsyncClient, of: Listed) -> None:
    """The same rows whatever the limit; a page that ends the list exactly is the last one."""
    [whole] = await read(client, of.path, 1000, **of.wanted)
    assert len(whole) == of.count, of.path
    for limit in (1, of.count - 1, of.count, of.count + 1):
        pages = await read(client, of.path, limit, **of.wanted)
        assert [row for page in pages for row in page] == whole, f"{of.path} {limit}"
        assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1), f"{of.path} {limit}"
        assert pages[-1], f"{of.path} {limit}: an empty page at the end"
    for place, row in enumerate(whole):
        cursor = encode_cursor(of.keys(place, row))
        after = (await client.get(of.path, params={**of.wanted, "cursor": cursor})).json()
        assert (after["items"], after["next"]) == (whole[place + 1 :], None), f"{of.path} after {place}"


async def hold_refusals(client: httpx.AsyncClient, of: Listed) -> None:
    """What is no cursor and no limit is refused; nothing of it reaches the store."""
    [first, *_] = (await client.get(of.path, params=of.wanted)).json()["items"]
    for cursor in forged(of.keys(0, first)):
        answer = await client.get(of.path, params={**of.wanted, "cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor.invalid"), f"{of.path} {cursor}"
    for limit in ("0", "1001", "-1", "many"):
        answer = await client.get(of.path, params={**of.wanted, "limit": limit})
        assert (answer.status_code, answer.json()["code"]) == (422, "body.invalid"), f"{of.path} {limit}"


async def live(city: City) -> None:
    """Five teachers who pass, and three whom the province passes though they did nothing and have no name."""
    teachers, idle = [f"T{n}" for n in range(5)], [f"U{n}" for n in range(3)]
    await city.enrol(
        *(person(teacher) for teacher in teachers), *(person(one, name="\ue000") for one in idle)
    )
    provinces = [
        {"organisation": f"P{n}", "level": "province", "name": f"P{n}", "division": f"{n}0000"}
        for n in (11, 12, 13)
    ]
    answer = await city.hours.post(
        "/v1/organisations", json={"organisations": provinces}, headers={"Idempotency-Key": "provinces"}
    )
    assert answer.json()["refused"] == 0, answer.text
    for teacher in teachers:
        for n in range(2):
            name, day = f"{teacher}-{n}", f"2024-03-0{n + 1}T09:00:00+08:00"
            await city.do(act("workshop.founded", teacher, day, name, workshop=name))
        await city.exchange(f"x-{teacher}", teacher, "professional", 1, "2024-06-01T09:00:00+08:00")
        await city.register(
            record(f"{teacher}-p", teacher, "GZ-HR-1.01", "30"),
            record(f"{teacher}-f", teacher, "GZ-HR-2.01", "42"),
            record(f"{teacher}-e", teacher, "GZ-HR-3.01", "18"),
        )
    for key in "abcde":
        await city.verify(2024, key=key)
    decided = {"year": 2024, "outcome": "pass", "decided_at": "2025-01-20T10:00:00+08:00"}
    verdicts = [{**decided, "verdict": f"V-{one}", "teacher": one} for one in (*teachers, *idle)]
    answer = await city.verification.post("/v1/verdicts", json=verdicts)
    assert answer.json()["accepted"] == len(verdicts), answer.text
    for teacher in teachers:
        await city.certificate(teacher, 2024)

    async def stuck() -> bool:
        return len((await city.certificates.get("/v1/certificates/failures")).json()["items"]) == len(idle)

    await until(stuck)


@pytest.mark.long
async def test_every_list_is_the_same_at_every_limit_and_after_every_row(world: World) -> None:
    city = await City.serve(world, VERIFICATION_AUTHORITY="province")
    for of in LISTS:
        empty = await getattr(city, of.service).get(of.path, params=of.wanted)
        assert empty.status_code == 200, f"{of.path} {empty.text}"
        assert (empty.json()["items"], empty.json()["next"]) == ([], None), of.path
    await live(city)
    for of in LISTS:
        await hold(getattr(city, of.service), of)
        await hold_refusals(getattr(city, of.service), of)


async def test_a_partition_of_the_journal_is_read_on_from_any_number(world: World) -> None:
    city = await City.serve(world, VERIFICATION_AUTHORITY="province")
    await live(city)
    for service in SERVICES:
        client: httpx.AsyncClient = getattr(city, service)
        heads = (await client.get("/v1/journal/heads")).json()["heads"]
        partition, head = max(heads.items(), key=lambda item: item[1])
        path = f"/v1/journal/{partition}"
        whole = (await client.get(path)).json()["items"]
        assert [event["seq"] for event in whole] == list(range(1, head + 1))
        for limit in (1, head, head + 1, 1000):
            assert (await client.get(path, params={"limit": limit})).json()["items"] == whole[:limit]
        for after in (*range(head + 1), head + 1, 2**63, 10**30):
            page = await client.get(path, params={"after": after, "limit": 1})
            assert page.json() == {"items": whole[after : after + 1]}, f"{service} after {after}"
        for wrong in ({"after": -1}, {"after": "x"}, {"limit": 0}, {"limit": 1001}):
            refused = await client.get(path, params=wrong)
            assert (refused.status_code, refused.json()["code"]) == (422, "body.invalid"), (
                f"{service} {wrong}"
            )
        [silent, *_] = [name for name, seq in heads.items() if seq == 0]
        assert (await client.get(f"/v1/journal/{silent}")).json() == {"items": []}
        unknown = await client.get("/v1/journal/9999")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "partition.unknown")


@pytest.mark.long
async def test_lists_go_on_beyond_the_ten_thousandth_row(world: World) -> None:
    points, hours = await world.serve("points"), await world.serve("hours")
    acts = [
        act("workshop.founded", f"T{n:05}", "2024-03-01T09:00:00+08:00", f"f{n}", workshop=f"w{n}")
        for n in range(MANY)
    ]
    people = [person(f"T{n:05}") for n in range(MANY)]
    for start in range(0, MANY, 2000):
        taken = await points.post("/v1/activities", json=acts[start : start + 2000])
        assert taken.json()["refused"] == 0
        listed = await hours.post(
            "/v1/roster",
            json={"teachers": people[start : start + 2000]},
            headers={"Idempotency-Key": f"r{start}"},
        )
        assert listed.json()["refused"] == 0
    everybody = [one["teacher"] for one in people]
    for client, path in (
        (points, "/v1/accounts"),
        (points, "/v1/awards"),
        (hours, "/v1/totals"),
        (hours, "/v1/teachers"),
    ):
        pages = await read(client, path, 1000, **({} if path == "/v1/teachers" else {"year": 2024}))
        assert [len(page) for page in pages] == [1000] * 10 + [1], path
        assert sorted(row["teacher"] for page in pages for row in page) == everybody, path
