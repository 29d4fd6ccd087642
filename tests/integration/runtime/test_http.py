"""What every service answers the same way: refusals, limits, languages, replays, health."""

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import text

from shared.access import CallerOf
from shared.runtime.database import Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import HoursField, Text
from shared.runtime.guarded import GuardedRoute
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.limits import MAX_BODY
from shared.runtime.pages import Page, decode_keys, page
from shared.runtime.plain import PlainRoute
from shared.runtime.service import Service, create
from tests.support.signing import calling, signed
from tests.support.world import Publisher, World

router = APIRouter(route_class=GuardedRoute)
plain = APIRouter(prefix="/plain", route_class=PlainRoute)


class Order(BaseModel):
    name: Text
    hours: HoursField


@router.post("/orders")
async def order(body: Order, key: IdempotencyKey, tx: Tx) -> Any:
    async def act() -> Answer:
        count = await tx.execute(text("select count(*) from kept_answer"))
        return Answer(201, {"name": body.name, "hours": body.hours, "count": count.scalar_one()})

    return (await once(tx, key, act)).response()


@router.get("/refuse")
async def refuse() -> None:
    raise DomainError("body.too_large", limit=7)


@router.get("/break")
async def break_down() -> None:
    raise RuntimeError("secret words")


@router.get("/who")
async def who(caller: CallerOf) -> dict[str, str]:
    return {"kind": caller.kind, "id": caller.id}


@router.get("/numbers")
async def numbers(limit: Annotated[int, Query()] = 3, cursor: str | None = None) -> Page[int]:
    after = decode_keys(cursor, int)
    rows = [n for n in range(7) if after is None or n > after[0]][: limit + 1]
    return Page[int].model_validate(page(rows, limit, [[n] for n in rows]))


@plain.post("/words", summary="Say it again")
async def echo(request: Request) -> PlainTextResponse:
    if not await request.body():
        raise DomainError("body.not_json")
    return PlainTextResponse((await request.body()).decode())


SHOP = Path(__file__).with_name("shop")


@pytest.fixture
async def publisher(world: World) -> Publisher:
    made = await world.publisher("points")
    await world.stop("points")
    return made


def build(world: World, publisher: Publisher, *routers: APIRouter) -> FastAPI:
    journal, database = publisher.journal, publisher.app.state.database
    service = Service(
        name="points", title="shop", summary="answers", folder=SHOP, journal=journal, routers=routers
    )
    return create(service, world.settings("points", database.url), database)


@pytest.fixture
async def client(world: World, publisher: Publisher) -> httpx.AsyncClient:
    return await world.start("points", build(world, publisher, plain, router))


async def unknown() -> None: ...


@pytest.mark.parametrize(
    ("kind", "says"), [(GuardedRoute, "GET /unknown"), (APIRoute, "routes beside the gate: ['/unknown']")]
)
async def test_a_service_with_a_route_without_an_act_or_beside_the_gate_is_not_built(
    world: World, publisher: Publisher, kind: type[APIRoute], says: str
) -> None:
    other = APIRouter(route_class=kind)
    other.add_api_route("/unknown", unknown, include_in_schema=False)
    with pytest.raises(AssertionError, match=re.escape(says)):
        build(world, publisher, plain, router, other)


ORDER = {"name": "买买提·阿卜杜拉", "hours": "1.5"}


async def test_a_key_gives_the_first_answer_again_and_refuses_another_body(client: httpx.AsyncClient) -> None:
    first = await client.post("/orders", json=ORDER, headers={"Idempotency-Key": "k"})
    again = await client.post("/orders", json=dict(reversed(ORDER.items())), headers={"Idempotency-Key": "k"})
    other = await client.post("/orders", json=ORDER | {"hours": "2"}, headers={"Idempotency-Key": "k"})
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")
    assert other.headers["content-type"] == "application/problem+json"


async def test_a_write_without_a_key_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/orders", json=ORDER)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_missing")


async def test_every_fault_is_named_with_its_place(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/orders", json={"name": "a\0", "hours": "-1"}, headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == 422
    assert [(e["path"], e["code"]) for e in answer.json()["errors"]] == [
        ("/name", "text.nul"),
        ("/hours", "hours.negative"),
    ]


async def test_what_is_not_json_is_said_so(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/orders",
        content=b"{nope",
        headers={"Idempotency-Key": "k", "content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "body.not_json")


async def test_a_plain_route_is_answered_refused_and_described_like_others(client: httpx.AsyncClient) -> None:
    answer = await client.post("/plain/words", content=b"b")
    refused = await client.post("/plain/words")
    other = await client.get("/plain/words")
    assert (answer.status_code, answer.text) == (200, "b")
    assert (refused.status_code, refused.json()["code"]) == (400, "body.not_json")
    assert (other.status_code, other.json()["code"]) == (405, "route.method")
    described = (await client.get("/openapi.json")).json()["paths"]["/plain/words"]
    assert described["post"]["summary"] == "Say it again"


async def test_a_small_request_to_a_plain_route_is_answered_and_refused_like_others(
    client: httpx.AsyncClient,
) -> None:
    small = {"content-type": "application/json"}
    answer = await client.post("/plain/words", content=b"b", headers=small)
    refused = await client.post("/plain/words", content=b"", headers=small)
    broken = await client.post("/plain/words", content=b"\xff", headers=small)
    long = await client.post("/plain/words", content=b"b" * (MAX_BODY + 1), headers=small)
    address = await client.post("/plain/words?x=%00", content=b"b", headers=small)
    assert (answer.status_code, answer.text) == (200, "b")
    assert (refused.status_code, refused.json()["code"]) == (400, "body.not_json")
    assert (broken.status_code, broken.json()["code"]) == (500, "internal")
    assert (long.status_code, long.json()["code"]) == (413, "body.too_large")
    assert (address.status_code, address.json()["code"]) == (422, "text.nul")


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_over_ten_megabytes_is_refused(client: httpx.AsyncClient, declared: bool) -> None:
    body = b'{"name": "' + b"x" * (10 * 1024 * 1024) + b'"}'

    async def stream() -> Any:
        for start in range(0, len(body), 1 << 20):
            yield body[start : start + (1 << 20)]

    answer = await client.post(
        "/orders",
        content=body if declared else stream(),
        headers={"Idempotency-Key": "k", "content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too_large")


@pytest.mark.parametrize(
    ("accept", "title"),
    [
        ("zh-CN,zh;q=0.9", "请求体过大"),
        ("en", "The body is too large"),
        ("", "The body is too large"),
        ("en;q=0.1, zh;q=0.8", "请求体过大"),
        ("fr, en;q=0.5", "The body is too large"),
        ("*;q=banana", "The body is too large"),
    ],
)
async def test_words_follow_the_language_asked_for(
    client: httpx.AsyncClient, accept: str, title: str
) -> None:
    answer = await client.get("/refuse", headers={"Accept-Language": accept})
    assert (answer.json()["title"], answer.json()["limit"]) == (title, 7)


async def test_a_failure_tells_nothing_but_its_incident(client: httpx.AsyncClient) -> None:
    answer = await client.get("/break")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.json()["incident"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "route.unknown"),
        ("PUT", "/orders", 405, "route.method"),
        ("GET", "/who%00", 422, "text.nul"),
        ("GET", "/who?x=%00", 422, "text.nul"),
        ("GET", "/problems/nothing", 404, "problem.unknown"),
        ("GET", "/numbers?cursor=rubbish", 422, "cursor.invalid"),
    ],
)
async def test_whatever_the_framework_refuses_has_a_code_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_also_the_short_way_of_small_requests_leads_through_the_gate(
    client: httpx.AsyncClient, kind: str
) -> None:
    for headers, told in (
        ({"Authorization": ""}, (401, "token.missing")),
        ({"Authorization": "Bearer rubbish"}, (401, "token.invalid")),
        (signed(), (403, "access.forbidden")),
    ):
        answer = await client.post("/plain/words", content=b"{}", headers={"Content-Type": kind, **headers})
        assert (answer.status_code, answer.json()["code"]) == told
        assert answer.headers.get("www-authenticate") == ("Bearer" if told[0] == 401 else None)


async def test_a_caller_is_whom_the_token_names(client: httpx.AsyncClient) -> None:
    assert (await client.get("/who")).json() == {"kind": "operator", "id": "local"}
    named = await client.get("/who", headers=calling("school:广州市越秀区云麓小学"))
    assert named.json() == {"kind": "school", "id": "广州市越秀区云麓小学"}


async def test_a_request_may_name_in_which_of_the_tokens_roles_it_is_made(client: httpx.AsyncClient) -> None:
    held = [
        "operator@deployment:local",
        "school_administrator@school:S1",
        "school_administrator@school:云麓小学",
    ]
    for order in (held, held[::-1]):
        for role, told in zip(held, ("local", "S1", "云麓小学"), strict=True):
            acting = signed(*order) | {"Hourbank-Role": quote(role)}
            assert (await client.get("/who", headers=acting)).json()["id"] == told
        assert (await client.get("/who", headers=signed(*order))).json()["id"] in {"local", "云麓小学"}
    for role in ("school_administrator@school:S2", "rubbish", ""):
        refused = await client.get("/who", headers=signed(*held) | {"Hourbank-Role": role})
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_held")


async def test_pages_go_on_after_the_last_row(client: httpx.AsyncClient) -> None:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        answer = (await client.get("/numbers", params={"cursor": cursor} if cursor else {})).json()
        seen += answer["items"]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == list(range(7))


async def test_problem_codes_are_described_in_both_languages(client: httpx.AsyncClient) -> None:
    described = (await client.get("/problems/body.too_large")).json()
    assert described["status"] == 413
    assert described["title"] == {"en": "The body is too large", "zh": "请求体过大"}
    assert len((await client.get("/problems")).json()["items"]) > 10


async def test_a_process_is_alive_and_not_ready_before_its_migrations(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).status_code == 503
