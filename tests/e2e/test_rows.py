"""How many rows one request may bring: the most is read, and of one more none is."""

from uuid import uuid4

import httpx
import msgspec
import pytest

from shared.runtime.limits import STREAMED
from tests.support.signing import OPERATOR, signed
from tests.support.world import World

MOST = 5_000
ROUTES = {
    "points": {"/v1/activities": "", "/v1/exchanges": ""},
    "verification": {"/v1/verdicts": ""},
    "hours": {
        "/v1/records": "",
        "/v1/declarations": "",
        "/v1/declarations/decisions": "decisions",
        "/v1/organisations": "organisations",
        "/v1/roster": "teachers",
        "/v1/classes/K/seats": "teachers",
        "/v1/classes/K/attendance": "rows",
        "/v1/classes/K/results": "rows",
        "/v1/plans/P/results": "results",
        "/v1/reviews/R/marks": "marks",
        "/v1/objections/answers": "answers",
    },
}
"""Routes that read rows one by one, and the field of the body that holds them, if it is no array."""


ANYBODY = signed(OPERATOR, "district_centre@district:D", "school_administrator@school:S")


async def send(client: httpx.AsyncClient, address: str, field: str, rows: int) -> httpx.Response:
    """The answer to a request that brings so many rows, each of them wrong."""
    given = ["0"] * rows
    headers = {**ANYBODY, "Idempotency-Key": str(uuid4())}
    return await client.post(address, json={field: given} if field else given, headers=headers)


async def test_of_one_row_more_than_are_taken_none_is_read(world: World) -> None:
    for service, routes in ROUTES.items():
        client = await world.serve(service)
        for address, field in routes.items():
            answer = await send(client, address, field, MOST + 1)
            assert (answer.status_code, answer.json()["code"]) == (422, "body.invalid"), address
            (fault,) = answer.json()["errors"]
            assert (fault["code"], fault["path"]) == ("list.too_long", f"/{field}" if field else "")
            assert str(MOST) in fault["detail"], answer.text
            assert len(answer.content) < 2_000, address


@pytest.mark.long
async def test_as_many_rows_as_are_taken_are_read(world: World) -> None:
    for service, routes in ROUTES.items():
        client = await world.serve(service)
        for address, field in routes.items():
            answer = await send(client, address, field, MOST)
            assert "list.too_long" not in answer.text, address


async def test_sound_acts_are_limited_like_others_and_streams_of_them_not(world: World) -> None:
    points = await world.serve("points")
    act = {"source": "s", "type": "topic.started", "teacher": "T", "occurred_at": "2024-05-01T09:00:00Z"}
    acts = [{**act, "id": str(one), "object": {"topic": str(one)}} for one in range(MOST + 1)]
    refused = await points.post("/v1/activities", json=acts)
    assert [one["code"] for one in refused.json()["errors"]] == ["list.too_long"]
    assert (await points.post("/v1/activities", json=acts[1:])).json()["accepted"] == MOST
    lines = b"\n".join(map(msgspec.json.encode, acts))
    streamed = await points.post("/v1/activities", content=lines, headers={"content-type": STREAMED})
    assert len(streamed.text.splitlines()) == MOST + 1
