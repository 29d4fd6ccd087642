"""Taking activities in over HTTP: keys, replays, conflicts, bad rows, streams."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.integration.points.reading import awards
from tests.support.deeds import act, topic
from tests.support.signing import HEADER
from tests.support.world import World, until

REPLY = act("topic.replied", "T0360", "2025-04-04T16:32:00+08:00", "reply-8841", topic="topic-17")
NDJSON = {"content-type": "application/x-ndjson"}


async def test_an_activity_gets_a_receipt_and_the_same_again_when_sent_again(
    points: httpx.AsyncClient,
) -> None:
    first = await points.post("/v1/activities", json=REPLY)
    again = await points.post(
        "/v1/activities", json={**REPLY, "occurred_at": "2025-04-04T08:32:00.000Z", "unknown": 1}
    )
    assert first.status_code == again.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert first.json()["event"].startswith("points/")


async def test_the_same_key_with_other_content_is_a_conflict_and_changes_nothing(
    points: httpx.AsyncClient, world: World
) -> None:
    await points.post("/v1/activities", json=REPLY)
    other = await points.post("/v1/activities", json={**REPLY, "teacher": "T1"})
    assert (other.status_code, other.json()["code"]) == (409, "activity.conflict")
    shown = (await points.get("/v1/activities/gz-community/reply-8841")).json()
    assert shown["teacher"] == "T0360"
    assert await world.rebuild("points") == []


async def test_good_rows_are_kept_and_bad_ones_reported_by_index(points: httpx.AsyncClient) -> None:
    rows: list[Any] = [
        REPLY,
        {**REPLY, "id": "b", "type": "topic.liked"},
        {**REPLY, "id": "c", "occurred_at": "2025-04-04T16:32:00"},
        {**REPLY, "id": "d", "teacher": "T\0"},
        {**REPLY, "id": "e", "occurred_at": "2099-01-01T00:00:00Z"},
        "not an object",
        REPLY,
        {**REPLY, "teacher": "T1"},
        {**REPLY, "id": "g"},
    ]
    answer = await points.post("/v1/activities", json=rows, headers={"Accept-Language": "zh"})
    body = answer.json()
    assert answer.status_code == 200
    assert [row["status"] for row in body["results"]] == [201, 422, 422, 422, 422, 422, 201, 409, 201]
    assert (body["accepted"], body["replayed"], body["refused"]) == (2, 1, 6)
    places = [[(e["path"], e["code"]) for e in r["problem"].get("errors", [])] for r in body["results"][1:6]]
    assert places == [
        [("/type", "activity.type_unknown")],
        [("/occurred_at", "instant.offset_missing")],
        [("/teacher", "text.nul")],
        [("/occurred_at", "activity.in_future")],
        [("", "activity.not_an_object")],
    ]
    assert body["results"][1]["problem"]["errors"][0]["detail"] == "topic.liked 不是行为类型。"


async def test_no_teacher_is_named_by_an_identity_number(world: World) -> None:
    points = await world.serve("points")
    number = "34052419800101001X"
    by = {"homework": "h1", "workshop": "w1", "by": f"T{number}"}
    rows = [
        {**REPLY, "teacher": number},
        {**REPLY, "teacher": "３４０５２４１９８００１０１００１Ｘ"},
        {**REPLY, "type": "homework.recommended", "object": by},
        {**REPLY, "type": number},
    ]
    places = ["/teacher", "/teacher", "/object/by", "/type"]
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    streamed = await points.post(
        "/v1/activities", content=lines, headers={"content-type": "application/x-ndjson"}
    )
    many = await points.post("/v1/activities", json=rows)
    for results in (many.json()["results"], [json.loads(line) for line in streamed.text.splitlines()]):
        found = [(e["path"], e["code"]) for row in results for e in row["problem"]["errors"]]
        assert found == [(place, "text.citizen_id") for place in places]
    single = [await points.post("/v1/activities", json=row) for row in rows]
    assert [one.json()["errors"][0]["path"] for one in single] == places
    assert not any(number in one.text for one in (streamed, many, *single))
    own = await points.post("/v1/activities", json={**REPLY, "id": number})
    assert own.status_code == 201  # a platform's own name


async def test_one_bad_activity_is_a_problem_with_its_places(points: httpx.AsyncClient) -> None:
    answer = await points.post("/v1/activities", json={**REPLY, "object": {}, "teacher": None})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [e["path"] for e in answer.json()["errors"]] == ["/teacher", "/object/topic"]


async def test_what_is_no_json_or_too_large_is_refused(points: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    broken = await points.post("/v1/activities", content=b"{", headers=headers)
    large = await points.post("/v1/activities", content=b"[" + b" " * (10 * 2**20) + b"]", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "body.not_json")
    assert (large.status_code, large.json()["code"]) == (413, "body.too_large")


async def test_a_stream_is_answered_line_by_line(points: httpx.AsyncClient) -> None:
    lines = [
        json.dumps(REPLY),
        "",
        "{broken",
        json.dumps({**REPLY, "id": "x", "filler": "y" * 70_000}),
        json.dumps({**REPLY, "id": "b"}),
        json.dumps({**REPLY, "teacher": "T1"}),
        json.dumps(REPLY),
    ]
    answer = await points.post("/v1/activities", content="\n".join(lines), headers=NDJSON)
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [(row["index"], row["status"]) for row in rows] == [
        (0, 201), (2, 400), (3, 413), (4, 201), (5, 409), (6, 201),
    ]  # fmt: skip
    assert rows[1]["problem"]["code"] == "activity.line_not_json"
    assert rows[2]["problem"]["code"] == "activity.line_too_long"
    assert rows[5]["replayed"] is True


async def test_a_long_stream_has_no_total_limit(points: httpx.AsyncClient) -> None:
    filler = "y" * 60_000

    async def body() -> AsyncIterator[bytes]:
        for n in range(200):
            yield json.dumps({**REPLY, "id": f"long-{n}", "filler": filler}).encode() + b"\n"

    answer = await points.post("/v1/activities", content=body(), headers=NDJSON)
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["status"] for row in rows] == [201] * 200


async def test_a_broken_stream_leaves_whole_rows_and_can_be_sent_again(
    points: httpx.AsyncClient, world: World
) -> None:
    lines = [json.dumps({**REPLY, "id": f"row-{n}"}).encode() + b"\n" for n in range(3)]
    host, port = points.base_url.host, points.base_url.port
    _, writer = await asyncio.open_connection(host, port)
    body = b"".join(lines[:2]) + lines[2][:40]
    writer.write(
        b"POST /v1/activities HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        + HEADER.encode()
        + b"Content-Length: 100000\r\n\r\n"
        + body
    )
    await writer.drain()

    async def taken() -> bool:
        return (await points.get("/v1/activities/gz-community/row-1")).status_code == 200

    await until(taken)
    writer.close()
    await writer.wait_closed()
    assert (await points.get("/v1/activities/gz-community/row-2")).status_code == 404
    answer = await points.post("/v1/activities", content=b"".join(lines), headers=NDJSON)
    assert [json.loads(row).get("replayed", False) for row in answer.text.splitlines()] == [True, True, False]
    assert await world.rebuild("points") == []


async def test_a_client_that_goes_away_cancels_nothing(points: httpx.AsyncClient) -> None:
    rows = [{**REPLY, "id": f"away-{n}"} for n in range(500)]
    host, port = points.base_url.host, points.base_url.port
    body = json.dumps(rows).encode()
    _, writer = await asyncio.open_connection(host, port)
    head = "POST /v1/activities HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}{HEADER}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    async def taken() -> bool:
        return (await points.get("/v1/activities/gz-community/away-499")).status_code == 200

    await until(taken)


async def test_an_activity_says_what_it_counts_towards_and_what_is_missing(points: httpx.AsyncClient) -> None:
    rows = topic("t", "T1", "2024-05-01T20:00:00+08:00", 7)
    await points.post("/v1/activities", json=rows)
    shown = (
        await points.get("/v1/activities/gz-community/reply-t-003", headers={"Accept-Language": "zh"})
    ).json()
    assert shown["state"] == "stands"
    steps = {step["rule"]: step for step in shown["counts_towards"]}
    assert steps["GZ-BP-06"]["missing"] == {"people": 3}
    assert steps["GZ-BP-06"]["missing_words"] == ["还差 3 人"]
    assert "10人以上" in steps["GZ-BP-06"]["words"]


async def test_an_unknown_activity_is_not_found(points: httpx.AsyncClient) -> None:
    answer = await points.get("/v1/activities/gz-community/nobody")
    assert (answer.status_code, answer.json()["code"]) == (404, "activity.unknown")


@pytest.mark.parametrize("together", [True, False])
async def test_the_same_act_sent_at_once_many_times_is_recorded_once(
    points: httpx.AsyncClient, second: httpx.AsyncClient, world: World, together: bool
) -> None:
    rows = topic("t", "T1", "2024-05-01T20:00:00+08:00", 10)
    if together:
        jobs = [client.post("/v1/activities", json=rows) for client in (points, second) for _ in range(3)]
    else:
        jobs = [client.post("/v1/activities", json=row) for row in rows for client in (points, second)]
    answers = await asyncio.gather(*jobs)
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert [(award.rule, award.points) for award in await awards(points, 2024)] == [("GZ-BP-06", 10)]
    if together:
        assert sum(answer.json()["accepted"] for answer in answers) == len(rows)
    assert await world.rebuild("points") == []
