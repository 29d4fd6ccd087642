"""What bad input gets: status, code and place of everything that is wrong, and nothing half done.

Each case is sent alone and among good rows; the good ones are kept and the bad one is reported by its index.
"""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.city import SERVICES, City
from tests.support.deeds import act, person, record, shared, workshop
from tests.support.world import World

MAX_BODY, MAX_LINE = 10 * 2**20, 64 * 2**10
LAST = "2024-12-31T23:59:59+08:00"

Wrong = tuple[dict[str, Any], int, str, str]
"""What is changed in a good row; status, code of the place, and the place."""

FOUNDED = act("workshop.founded", "T1", "2024-05-01T09:00:00+08:00", "good", workshop="w")

ACTS: list[Wrong] = [
    ({"occurred_at": "2099-01-01T00:00:00Z"}, 422, "activity.in_future", "/occurred_at"),
    ({"occurred_at": "2024-05-01T09:00:00"}, 422, "instant.offset_missing", "/occurred_at"),
    ({"type": "workshop.liked"}, 422, "activity.type_unknown", "/type"),
    ({"teacher": None}, 422, "field.missing", "/teacher"),
    ({"object": {}}, 422, "field.missing", "/object/workshop"),
    ({"object": {"workshop": "w\0"}}, 422, "text.nul", "/object/workshop"),
    ({"teacher": "T" * 201}, 422, "text.too_long", "/teacher"),
]

STUDY = record("good", "T1", "GZ-HR-2.02", "8")

RECORDS: list[Wrong] = [
    ({"teacher": "nobody"}, 422, "teacher.unknown", "/teacher"),
    ({"source_rule": "GZ-HR-9.99"}, 422, "rule.unknown", "/source_rule"),
    ({"source_rule": "GZ-HR-2.05"}, 409, "rule.disabled", "/source_rule"),
    ({"to": "2099-12-31"}, 422, "record.in_future", "/to"),
    ({"year": 2099}, 422, "year.not_begun", "/year"),
    ({"hours": "-0.5"}, 422, "hours.negative", "/hours"),
    ({"hours": "0.125"}, 422, "hours.over_precise", "/hours"),
    ({"activity": "a\0"}, 422, "text.nul", "/activity"),
    (
        {"details": {"approved_at": "2024-05-01T09:00:00"}},
        422,
        "instant.offset_missing",
        "/details/approved_at",
    ),
]

ASKED = {"request": "good", "teacher": "T1", "category": "professional", "hours": 1, "at": LAST}

EXCHANGES: list[Wrong] = [
    ({"category": "public"}, 422, "exchange.category_not_allowed", "/category"),
    ({"hours": 11}, 409, "exchange.cap_exceeded", "/hours"),
    ({"teacher": "T2"}, 409, "exchange.points_insufficient", "/hours"),
    ({"at": "2024-12-31T16:00:01Z"}, 409, "exchange.points_expired", "/at"),
    ({"at": "2099-01-01T00:00:00Z"}, 422, "exchange.at_in_future", "/at"),
    ({"at": "2024-12-31T23:59:59"}, 422, "instant.offset_missing", "/at"),
    ({"hours": -1}, 422, "hours.negative", "/hours"),
    ({"hours": "1.001"}, 422, "hours.over_precise", "/hours"),
    ({"hours": "1.5"}, 422, "exchange.hours_not_whole", "/hours"),
    ({"teacher": "T\0"}, 422, "text.nul", "/teacher"),
]


def place_of(problem: dict[str, Any]) -> tuple[int, str, str]:
    """Status, and the code and path of the one thing that is wrong; its words are whole sentences."""
    [fault] = problem["errors"]
    assert problem["code"] in {fault["code"], "body.invalid"}
    for words in (problem["title"], problem["detail"], fault["detail"]):
        assert words
        assert "{" not in words
    return problem["status"], fault["code"], fault["path"]


async def hold(
    client: httpx.AsyncClient, path: str, key: str, good: dict[str, Any], cases: list[Wrong]
) -> None:
    """Send every case alone, then all of them between two good rows."""
    bad = [{**good, key: f"bad-{index}", **changed} for index, (changed, *_) in enumerate(cases)]
    expected = [wrong[1:] for wrong in cases]
    for row, (status, *_) in zip(bad, expected, strict=True):
        alone = await client.post(path, json=row)
        assert (alone.status_code, alone.headers["content-type"]) == (status, "application/problem+json")
        assert place_of(alone.json()) in expected
    both = [{**good, key: name} for name in ("first", "last")]
    answer = (await client.post(path, json=[both[0], *bad, both[1]])).json()
    assert (answer["accepted"], answer["refused"]) == (2, len(bad)), answer
    results = answer["results"]
    assert [row["index"] for row in results if "problem" in row] == list(range(1, len(bad) + 1))
    assert [place_of(row["problem"]) for row in results[1:-1]] == expected


async def test_wrong_acts_are_named_and_good_ones_among_them_are_kept(world: World) -> None:
    points = await world.serve("points")
    await hold(points, "/v1/activities", "id", FOUNDED, ACTS)
    kept = [
        (await points.get(f"/v1/activities/gz-community/{name}")).status_code
        for name in ("first", "last", *(f"bad-{index}" for index in range(len(ACTS))))
    ]
    assert kept == [200, 200, *[404] * len(ACTS)]
    assert await world.rebuild("points") == []


async def test_wrong_records_are_named_and_good_ones_among_them_are_kept(world: World) -> None:
    hours = await world.serve("hours")
    await hours.post("/v1/roster", json={"teachers": [person("T1")]}, headers={"Idempotency-Key": "r"})
    await hold(hours, "/v1/records", "record", STUDY, RECORDS)
    [sums] = (await hours.get("/v1/totals", params={"year": 2024})).json()["items"]
    assert (sums["hours"]["professional"], sums["over_cap"]) == ("16.00", "0.00")
    assert await world.rebuild("hours") == []


async def test_wrong_exchanges_are_named_and_good_ones_among_them_are_granted(world: World) -> None:
    points = await world.serve("points")
    await points.post("/v1/activities", json=workshop("w", "T1", "2024-03-01"))
    await hold(points, "/v1/exchanges", "request", ASKED, EXCHANGES)
    accounts = (await points.get("/v1/accounts", params={"year": 2024})).json()["items"]
    assert [(a["teacher"], a["exchanged"], a["balance"]) for a in accounts] == [("T1", 200, 350)]
    assert await world.rebuild("points") == []


async def test_ninety_nine_points_are_no_hour_and_one_more_makes_one(world: World, tmp_path: Path) -> None:
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    pack = tmp_path / "pack.toml"
    pack.write_text(shipped.replace("points = 20\ncap = 100", "points = 33\ncap = 100", 1), encoding="utf-8")
    points = await world.serve("points", POINTS_PACK=str(pack))
    for count, status in ((3, 409), (4, 202)):
        await points.post("/v1/activities", json=shared(f"r{count}", "T1", "2024-02-01"))
        if count == 3:
            await points.post("/v1/activities", json=[shared(f"r{n}", "T1", "2024-02-01") for n in range(2)])
        asked = await points.post("/v1/exchanges", json={**ASKED, "request": f"with-{count}"})
        assert asked.status_code == status, asked.text
        if status == 409:
            assert (asked.json()["code"], asked.json()["figures"]["available"]) == (
                "exchange.points_insufficient",
                99,
            )


async def test_a_closed_year_takes_acts_and_neither_records_nor_exchanges(world: World) -> None:
    city = await City.serve(world)
    await city.enrol(person("T1"))
    await city.do(*workshop("w", "T1", "2024-03-01"))
    await city.close(2024)
    late = await city.hours.post("/v1/records", json=STUDY)
    assert place_of(late.json()) == (409, "year.closed", "/year")
    assert (await city.hours.get("/v1/records/good")).status_code == 404
    asked = await city.points.post("/v1/exchanges", json=ASKED)
    assert place_of(asked.json()) == (409, "exchange.year_closed", "/at")
    await city.do(FOUNDED)


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("points", "/v1/activities"),
        ("points", "/v1/exchanges"),
        ("hours", "/v1/records"),
        ("hours", "/v1/roster"),
        ("verification", "/v1/runs"),
        ("verification", "/v1/verdicts"),
        ("certificates", "/v1/certificates/44010020245000001X/revocation"),
    ],
)
async def test_a_json_body_may_hold_ten_megabytes_and_no_byte_more(
    world: World, service: str, path: str
) -> None:
    client = await world.serve(service)
    headers = {"content-type": "application/json", "Idempotency-Key": "k", "Accept-Language": "zh"}
    full, over = [
        await client.post(path, content=b'"'.ljust(size - 1) + b'"', headers=headers)
        for size in (MAX_BODY, MAX_BODY + 1)
    ]
    assert full.status_code != 413
    assert (over.status_code, over.json()["code"]) == (413, "body.too_large")
    assert over.json()["title"] == "请求体过大"
    if path != "/v1/activities":  # which reads lines as they come
        lines = {**headers, "content-type": "application/x-ndjson"}
        over = await client.post(path, content=b" " * (MAX_BODY + 1), headers=lines)
        assert (over.status_code, over.json()["code"]) == (413, "body.too_large")
    broken = await client.post(path, content=b"{", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "body.not_json")


async def test_a_line_may_hold_64_kilobytes_and_no_byte_more(world: World) -> None:
    points = await world.serve("points")
    lines = []
    for name, size in (("full", MAX_LINE), ("over", MAX_LINE + 1), ("small", 0)):
        bare = {**FOUNDED, "id": name, "filler": ""}
        filler = "x" * max(0, size - len(json.dumps(bare)))
        lines.append(json.dumps({**bare, "filler": filler}))
    assert [len(line) for line in lines[:2]] == [MAX_LINE, MAX_LINE + 1]
    answer = await points.post(
        "/v1/activities", content="\n".join(lines), headers={"content-type": "application/x-ndjson"}
    )
    rows = [json.loads(row) for row in answer.text.splitlines()]
    assert [(row["index"], row["status"]) for row in rows] == [(0, 201), (1, 413), (2, 201)]
    assert rows[1]["problem"]["code"] == "activity.line_too_long"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_nul_in_an_address_is_named_by_every_service(world: World, service: str) -> None:
    client = await world.serve(service)
    answer = await client.get("/v1/positions?x=%00", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["code"]) == (422, "text.nul")
