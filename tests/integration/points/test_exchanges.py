"""Exchanges over HTTP: decided once under the teacher's lock, answered once by hours."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.runtime.journal import Draft
from tests.integration.points.reading import account, ask, everything
from tests.support.deeds import shared, withdrawal, workshop
from tests.support.world import Publisher, World, until

NOW = datetime(2024, 12, 20, 2, tzinfo=UTC)


async def earn(points: httpx.AsyncClient, workshops: int, teacher: str = "T1") -> None:
    """550 points for each of the first two workshops, 500 for each further one."""
    for n in range(workshops):
        answer = await points.post(
            "/v1/activities", json=workshop(f"{teacher}-{n}", teacher, f"2024-0{n + 1}-01")
        )
        assert answer.json()["refused"] == 0


@pytest.fixture
async def hours(world: World) -> Publisher:
    return await world.publisher("hours")


async def answer(said: Publisher, kind: str, **facts: Any) -> None:
    shape = {
        "posted": HoursExchangePosted,
        "refused": HoursExchangeRefused,
        "reversed": HoursExchangeReversed,
    }[kind]
    teacher = facts.setdefault("teacher", "T1")
    await said.say(f"hours.exchange_{kind}.v1", f"teacher:{teacher}", shape(**facts), NOW)


async def in_state(points: httpx.AsyncClient, request: str, state: str) -> dict[str, Any]:
    """Wait until a request has a state."""
    shown: dict[str, Any] = {}

    async def reached() -> bool:
        shown.update((await points.get(f"/v1/exchanges/{request}")).json())
        return bool(shown["state"] == state)

    await until(reached)
    return shown


async def test_an_exchange_is_debited_at_once_and_settled_when_hours_has_posted(
    points: httpx.AsyncClient, hours: Publisher, world: World
) -> None:
    await earn(points, 1)
    asked = await ask(points, "x", 5)
    assert (asked.status_code, asked.headers["Location"]) == (202, "/v1/exchanges/x")
    assert asked.json()["state"] == "pending"
    assert await account(points, "T1", 2024) == (550, 500, 0, 50)
    await answer(
        hours, "posted", exchange="x", category="professional", hours=Decimal(5), posting="hours/40/1"
    )
    assert (await in_state(points, "x", "settled"))["posting"] == "hours/40/1"
    again = await ask(points, "x", 5)
    assert (again.status_code, again.json()) == (202, asked.json()), "the first answer, for ever"
    assert await world.rebuild("points") == []


async def test_the_same_request_again_is_replayed_and_another_one_conflicts(
    points: httpx.AsyncClient,
) -> None:
    await earn(points, 1)
    first, again = await ask(points, "x", 5), await ask(points, "x", "5.00")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    for changed in (
        {"hours": 4},
        {"category": "elective"},
        {"at": "2024-12-21T10:00:00+08:00"},
        {"at": None},
    ):
        hours_asked = changed.pop("hours", 5)
        other = await ask(points, "x", hours_asked, **changed)
        assert (other.status_code, other.json()["code"]) == (409, "exchange.conflict")
    assert await account(points, "T1", 2024) == (550, 500, 0, 50)


@pytest.mark.parametrize(
    ("workshops", "asked", "status", "code"),
    [
        (1, {"hours": 5, "category": "public"}, 422, "exchange.category_not_allowed"),
        (1, {"hours": "1.5"}, 422, "exchange.hours_not_whole"),
        (1, {"hours": 0}, 422, "exchange.hours_not_whole"),
        (4, {"hours": 11}, 409, "exchange.cap_exceeded"),
        (1, {"hours": 6}, 409, "exchange.points_insufficient"),
        (1, {"hours": 1, "at": "2024-12-31T16:00:01Z"}, 409, "exchange.points_expired"),
        (1, {"hours": 1, "at": "2099-01-01T00:00:00Z"}, 422, "exchange.at_in_future"),
        (1, {"hours": 1, "at": "2023-12-31T23:00:00+08:00"}, 409, "exchange.points_insufficient"),
    ],
)
async def test_a_refusal_has_a_stable_code_and_moves_nothing(
    points: httpx.AsyncClient, workshops: int, asked: dict[str, Any], status: int, code: str
) -> None:
    await earn(points, workshops)
    before = await account(points, "T1", 2024)
    refused = await ask(points, "x", **asked)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.headers["content-type"] == "application/problem+json"
    assert await account(points, "T1", 2024) == before


async def test_a_refusal_names_categories_and_instants_in_the_readers_language(
    points: httpx.AsyncClient,
) -> None:
    for changed, chinese, english in (
        (
            {"category": "public"},
            "“公需科目”不在可兑换的科目类别(个人选修科目、专业科目)之内。",
            "public is not among the categories that points are exchanged into: elective, professional.",
        ),
        (
            {"at": "2099-01-01T08:00:00+08:00"},
            "at 为 2099-01-01T00:00:00Z,兑换时间不得晚于现在。",
            "`at` is 2099-01-01T00:00:00Z; an exchange cannot be dated ahead.",
        ),
    ):
        for language, words in (("zh", chinese), ("en", english)):
            points.headers["Accept-Language"] = language
            problem = (await ask(points, "x", 1, **changed)).json()
            assert (problem["detail"], problem["errors"][0]["detail"]) == (words, words)
    refused = (await ask(points, "x", 1, category="public")).json()
    assert (refused["category"], refused["allowed"]) == ("public", ["elective", "professional"])


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"hours": -1}, "/hours", "hours.negative"),
        ({"hours": "1.005"}, "/hours", "hours.over_precise"),
        ({"hours": 1, "at": "2024-12-20T10:00:00"}, "/at", "instant.offset_missing"),
        ({"hours": 1, "teacher": "T\0"}, "/teacher", "text.nul"),
        ({"hours": 1, "teacher": None}, "/teacher", "field.missing"),
    ],
)
async def test_a_malformed_request_names_the_place(
    points: httpx.AsyncClient, changed: dict[str, Any], path: str, code: str
) -> None:
    refused = await ask(points, "x", **changed)
    assert refused.status_code == 422
    assert [(e["path"], e["code"]) for e in refused.json()["errors"]] == [(path, code)]


async def test_ninety_nine_points_are_not_an_hour(points: httpx.AsyncClient) -> None:
    await points.post("/v1/activities", json=[shared(f"r{n}", "T1", "2024-02-01") for n in range(4)])
    refused = await ask(points, "x", 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "exchange.points_insufficient")
    assert refused.json()["figures"]["available"] == 80


async def test_a_refusal_is_kept_and_can_be_asked_why(points: httpx.AsyncClient, world: World) -> None:
    await earn(points, 1)
    refused = await ask(points, "x", 6)
    await points.post("/v1/activities", json=workshop("more", "T1", "2024-09-01"))
    again = await ask(points, "x", 6)
    assert again.status_code == 409
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await ask(points, "y", 6)).status_code == 202
    why = (await points.get(refused.json()["why"], headers={"Accept-Language": "zh"})).json()
    assert why["arithmetic"] == ["0 + 6 = 6 ≤ 10", "6 × 100 = 600 > 550"]
    assert why["rules"][0]["rule"] == "GZ-EX-01"
    assert "积满100积分即可兑换1学时" in why["rules"][0]["words"]
    assert why["words"] == "兑换 6 学时需 600 积分,现有 550 积分。"
    assert await world.rebuild("points") == []


async def test_1250_points_make_five_professional_and_seven_elective_hours(points: httpx.AsyncClient) -> None:
    await earn(points, 2)
    rows = [shared(f"r{n}", "T1", "2024-02-01") for n in range(5)]
    rows += [
        {
            **rows[0],
            "id": f"s{n}",
            "type": "session.created",
            "object": {"session": f"s{n}", "workshop": "T1-0"},
        }
        for n in range(3)
    ]
    await points.post("/v1/activities", json=rows)
    assert (await account(points, "T1", 2024))[0] == 1260
    assert (await ask(points, "a", 5)).status_code == 202
    assert (await ask(points, "b", 7, "elective")).status_code == 202
    assert await account(points, "T1", 2024) == (1260, 1200, 0, 60)


async def test_both_caps_are_ten_and_the_rest_is_stranded(points: httpx.AsyncClient) -> None:
    await earn(points, 4)
    assert (await account(points, "T1", 2024))[0] == 2100
    assert (await ask(points, "a", 10)).status_code == 202
    assert (await ask(points, "b", 10, "elective")).status_code == 202
    assert (await ask(points, "c", 1)).json()["code"] == "exchange.cap_exceeded"
    assert await account(points, "T1", 2024) == (2100, 2000, 0, 100)
    at = {"at": "2024-12-21T00:00:00+08:00"}
    forecast = (await points.get("/v1/teachers/T1/forecast", params=at)).json()
    assert (forecast["points"], forecast["beyond_exchange"]) == (100, 100)


async def test_of_two_six_hour_requests_at_once_on_1200_points_one_is_granted(
    points: httpx.AsyncClient, world: World
) -> None:
    await earn(points, 3)
    answers = await asyncio.gather(*(ask(points, f"six-{n}", 6) for n in range(2)))
    assert sorted(a.status_code for a in answers) == [202, 409]
    assert {a.json().get("code") for a in answers} == {None, "exchange.cap_exceeded"}
    assert (await account(points, "T1", 2024))[1] == 600
    assert await world.rebuild("points") == []


async def test_many_requests_at_once_never_overdraw(points: httpx.AsyncClient, world: World) -> None:
    await earn(points, 2)
    kinds = ("professional", "elective")
    answers = await asyncio.gather(*(ask(points, f"r{n}", 2, kinds[n % 2]) for n in range(16)))
    granted = [a for a in answers if a.status_code == 202]
    assert len(granted) == 5
    assert await account(points, "T1", 2024) == (1100, 1000, 0, 100)
    assert await world.rebuild("points") == []


async def test_many_in_one_body_are_decided_in_order_and_refused_by_index(points: httpx.AsyncClient) -> None:
    await earn(points, 1)
    at = "2024-12-20T10:00:00+08:00"
    one = {"request": "a", "teacher": "T1", "category": "professional", "hours": 3, "at": at}
    body = [
        one,
        {**one, "request": "b"},
        {**one, "request": "c", "hours": "x"},
        one,
        {**one, "request": "d", "hours": 2},
    ]
    answered = (await points.post("/v1/exchanges", json=body)).json()
    assert [row["status"] for row in answered["results"]] == [202, 409, 422, 202, 202]
    assert (answered["accepted"], answered["replayed"], answered["refused"]) == (2, 1, 2)
    listed = await everything(points, "/v1/exchanges", year=2024, state="pending")
    assert [item["request"] for item in listed] == ["a", "d"]


async def test_what_hours_refuses_is_given_back_and_the_cap_is_free_again(
    points: httpx.AsyncClient, hours: Publisher, world: World
) -> None:
    await earn(points, 2)
    await ask(points, "x", 10)
    await answer(hours, "refused", exchange="x", reason="teacher.unknown")
    assert (await in_state(points, "x", "refused"))["reason"] == "teacher.unknown"
    assert await account(points, "T1", 2024) == (1100, 0, 0, 1100)
    await answer(
        hours, "posted", exchange="x", category="professional", hours=Decimal(10), posting="hours/40/9"
    )
    await world.heard("points", "hours")
    assert (await points.get("/v1/exchanges/x")).json()["state"] == "refused"
    assert (await ask(points, "y", 10)).status_code == 202
    assert await world.rebuild("points") == []


async def test_points_taken_back_after_the_exchange_call_hours_back(
    points: httpx.AsyncClient, hours: Publisher, world: World
) -> None:
    await points.post("/v1/activities", json=[shared(f"r{n}", "T1", "2024-02-01") for n in range(5)])
    await ask(points, "x", 1)
    await answer(
        hours, "posted", exchange="x", category="professional", hours=Decimal(1), posting="hours/40/1"
    )
    await in_state(points, "x", "settled")
    await points.post("/v1/activities", json=withdrawal("share-r0", "T1", "2024-03-05T10:00:00+08:00"))
    assert await account(points, "T1", 2024) == (80, 100, 0, -20)
    assert (await ask(points, "y", 1)).json()["code"] == "exchange.points_insufficient"
    shown = (await points.get("/v1/exchanges/x")).json()
    assert (shown["state"], shown["hours_called_back"]) == ("settled", 1)
    await points.post("/v1/activities", json=withdrawal("share-r1", "T1", "2024-03-06T10:00:00+08:00"))
    assert (await points.get("/v1/exchanges/x")).json()["hours_called_back"] == 1
    for _ in range(2):
        await answer(hours, "reversed", recall="x#1", exchange="x", hours=1)
    await in_state(points, "x", "recalled")
    await world.heard("points", "hours")
    assert await account(points, "T1", 2024) == (60, 0, 0, 60)
    assert await world.rebuild("points") == []


async def test_a_pending_exchange_that_is_called_back_and_then_refused_is_given_back_once(
    points: httpx.AsyncClient, hours: Publisher, world: World
) -> None:
    await points.post("/v1/activities", json=[shared(f"r{n}", "T1", "2024-02-01") for n in range(5)])
    await ask(points, "x", 1)
    await points.post("/v1/activities", json=withdrawal("share-r0", "T1", "2024-03-05T10:00:00+08:00"))
    await answer(hours, "refused", exchange="x", reason="teacher.unknown")
    await in_state(points, "x", "refused")
    await answer(hours, "reversed", recall="x#1", exchange="x", hours=1)
    await world.heard("points", "hours")
    assert await account(points, "T1", 2024) == (80, 0, 0, 80)
    assert await world.rebuild("points") == []


async def test_answers_of_one_batch_keep_their_order(
    points: httpx.AsyncClient, hours: Publisher, world: World
) -> None:
    await world.stop("hours")
    await points.post("/v1/activities", json=[shared(f"r{n}", "T1", "2024-02-01") for n in range(5)])
    await ask(points, "x", 1)
    await points.post("/v1/activities", json=withdrawal("share-r0", "T1", "2024-03-05T10:00:00+08:00"))
    posted = HoursExchangePosted(
        exchange="x", teacher="T1", category="professional", hours=Decimal(1), posting="hours/40/1"
    )
    back = HoursExchangeReversed(recall="x#1", exchange="x", teacher="T1", hours=1)
    facts = (("hours.exchange_posted.v1", posted), ("hours.exchange_reversed.v1", back))
    await hours.say_all(
        [Draft(type=k, subject="teacher:T1", effective_at=NOW, policy="test@1", data=f) for k, f in facts]
    )
    await world.start("hours", hours.app)
    assert (await in_state(points, "x", "recalled"))["posting"] == "hours/40/1"
    assert await account(points, "T1", 2024) == (80, 0, 0, 80)
    assert await world.rebuild("points") == []
