"""Appeals over HTTP: filed in time, decided by somebody without a hand in it, granted whole or not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.runtime import clock
from tests.integration.hours.acts import close_points, key, paper, register, total
from tests.integration.hours.acts import record as completed
from tests.integration.hours.test_declarations import (
    CENTRE,
    SCHOOL_OF,
    TEACHER,
    decide,
    declaration,
    declare,
    village,
)
from tests.integration.hours.test_declared_hours import score
from tests.integration.hours.test_transfers import MOVING
from tests.support.past import record_at
from tests.support.signing import account, calling, signed
from tests.support.world import World, until

CITY, PROVINCE = calling("city:C"), signed("provincial_education@province:P")
AUDITOR = signed("auditor@province:P")
GROUNDS = "因病住院,未能按时补交材料"


async def refuse(hours: httpx.AsyncClient, number: str, **changed: Any) -> str:
    """A declaration that its school refused; its file."""
    file = await paper(hours, number, TEACHER)
    assert await declare(hours, declaration(number, files=[file], **changed)) == (201, "declared")
    assert await decide(hours, SCHOOL_OF, number, "refuse", reason="材料不清") == "refused"
    return file


async def reverse(hours: httpx.AsyncClient, record: str, headers: dict[str, str]) -> None:
    address = f"/v1/records/{record}/reversal"
    answer = await hours.post(address, json={"reason": "登记有误"}, headers={**key(), **headers})
    assert answer.status_code == 201, answer.text


async def appeal(
    hours: httpx.AsyncClient, number: str, matter: str, headers: dict[str, str] = TEACHER, **more: Any
) -> str:
    """`open`, or the code."""
    body = {"matter": matter, "grounds": GROUNDS, **more}
    answer = await hours.post("/v1/appeals", json=body, headers={"Idempotency-Key": number, **headers})
    return said(answer)


async def act(
    hours: httpx.AsyncClient, what: str, headers: dict[str, str], body: dict[str, str] | None = None
) -> str:
    """The state after `<appeal>/grant` and the like, or the code."""
    reason = {} if body else {"reason": "经核实"}
    sent = {**key(), **headers}
    answer = await hours.post(f"/v1/appeals/{what}", json={**reason, **(body or {})}, headers=sent)
    return said(answer)


def said(answer: httpx.Response) -> str:
    return str(answer.json().get("code") or answer.json()["state"])


async def listed(hours: httpx.AsyncClient, headers: dict[str, str], **asked: Any) -> list[str]:
    answer = await hours.get("/v1/appeals", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    assert GROUNDS not in answer.text
    return [one["appeal"] for one in answer.json()["items"]]


async def test_a_refused_declaration_counts_once_somebody_else_grants_the_appeal(world: World) -> None:
    hours = await village(world)
    file = await refuse(hours, "A")
    assert await appeal(hours, "a", "declaration:A", calling("teacher:F1")) == "appeal.matter_unknown"
    assert await appeal(hours, "a", "declaration:A", SCHOOL_OF) == "appeal.own_doing"
    assert await appeal(hours, "a", "declaration:A", files=["0" * 64]) == "evidence.not_handed_in"
    better = await paper(hours, "better", TEACHER)
    assert await appeal(hours, "a", "declaration:A", files=[better]) == "open"
    assert await appeal(hours, "a", "declaration:A", files=[better]) == "open", "the same again"
    assert await appeal(hours, "b", "declaration:A") == "appeal.open"
    shown = {
        name: (await hours.get("/v1/appeals/a", headers=who)).json()
        for name, who in {"teacher": TEACHER, "school": SCHOOL_OF, "city": CITY, "auditor": AUDITOR}.items()
    }
    assert {name: one["grounds"] for name, one in shown.items()} == {
        "teacher": GROUNDS,
        "school": None,
        "city": GROUNDS,
        "auditor": None,
    }
    for who, status in ((CITY, 200), (TEACHER, 200), (SCHOOL_OF, 404), (AUDITOR, 403)):
        got = await hours.get(f"/v1/appeals/a/files/{better}", headers=who)
        assert got.status_code == status
    assert (await hours.get(f"/v1/appeals/a/files/{file}", headers=CITY)).status_code == 404, "not attached"
    assert await act(hours, "a/grant", signed("city_department@city:X")) == "appeal.unknown"
    assert await act(hours, "a/grant", CENTRE) == "access.forbidden"
    for had_a_hand in ("school_administrator@school:S", "teacher@person:T1"):
        same = signed(had_a_hand, "city_department@city:C")
        assert await act(hours, "a/grant", same) == "appeal.own", "the account reviewed or filed"
    mine = [await listed(hours, who, mine=True) for who in (TEACHER, CITY, PROVINCE, AUDITOR, SCHOOL_OF)]
    assert mine == [["a"], ["a"], ["a"], [], []]
    assert (await total(hours, "T1"))["professional"] == "0.00"
    assert await act(hours, "a/grant", CITY) == "granted"
    assert (await total(hours, "T1"))["professional"] == "24.00"
    record = (await hours.get("/v1/records/declaration:A")).json()
    assert (record["registrar"], record["recogniser"]) == ("teacher:T1", "city:C")
    assert (await hours.get("/v1/declarations/A")).json()["state"] == "posted"
    again = declaration("B", "GZ-HR-2.07", files=[file])
    assert await declare(hours, again) == (409, "evidence.claimed"), "it stands for the declaration again"
    assert await act(hours, "a/rejection", PROVINCE, {"reason": "x"}) == "appeal.over"
    whole = (await hours.get("/v1/appeals/a")).json()
    assert [step["type"] for step in whole["history"]] == ["appeal.filed.v1", "appeal.granted.v1"]
    _, partition, seq = whole["history"][1]["event"].split("/")
    why = (await hours.get(f"/v1/entries/{partition}/{seq}/why", headers=TEACHER)).json()
    assert [one["type"] for one in (why, why["because"][0], why["because"][0]["because"][0])] == [
        "appeal.granted.v1",
        "appeal.filed.v1",
        "declaration.refused.v1",
    ]
    assert GROUNDS not in str(why)
    assert await world.rebuild("hours") == []


async def test_the_content_of_a_reversed_record_is_registered_anew_and_names_the_old_one(
    world: World,
) -> None:
    hours = await village(world)
    file = await paper(hours, "score", SCHOOL_OF)
    row = declaration("S", "GZ-HR-3.03", files=[file], **score(9000))
    assert await declare(hours, row, SCHOOL_OF) == (201, "posted")
    assert await appeal(hours, "x", "record:declaration:S") == "appeal.not_decided"
    await reverse(hours, "declaration:S", SCHOOL_OF)
    assert await appeal(hours, "x", "record:declaration:S", SCHOOL_OF) == "appeal.own_doing"
    assert await appeal(hours, "x", "record:nothing") == "appeal.matter_unknown"
    assert await appeal(hours, "s/1", "record:declaration:S") == "open"
    assert (await total(hours, "T1"))["elective"] == "0.00"
    school_and_city = signed("school_administrator@school:S", "city_department@city:C")
    assert await act(hours, "s/1/grant", school_and_city) == "appeal.own", "the account reversed it"
    await hours.post("/v1/transfers", json=MOVING, headers={"Idempotency-Key": "m", **calling("school:F")})
    for caller in ("district:E", "school:S", "district:D"):
        await hours.post("/v1/transfers/m/approval", headers={**key(), **calling(caller)})
    assert await act(hours, "s/1/grant", CITY) == "granted", "another school now, the same hours"
    assert await appeal(hours, "s2", "record:declaration:S") == "appeal.not_decided", "it would count twice"
    assert (await total(hours, "T1"))["elective"] == "8.00"
    anew = (await hours.get("/v1/records/appeal:s/1")).json()
    old = (await hours.get("/v1/records/declaration:S")).json()
    assert (old["state"], anew["state"], anew["restores"]) == ("reversed", "registered", "declaration:S")
    same = ("registrar", "matter", "files", "details", "hours", "activity", "from", "to")
    assert {name: anew[name] for name in same} == {name: old[name] for name in same}
    assert anew["recogniser"] == "city:C"
    address = f"/v1/records/{anew['record']}/reversal"
    back = await hours.post(address, json={"reason": "x"}, headers={**key(), **calling("school:F")})
    assert (back.status_code, back.json()["code"]) == (403, "registrar.not_allowed"), "but who granted it"
    await reverse(hours, anew["record"], CITY)
    assert await appeal(hours, "s2", "record:declaration:S") == "appeal.granted", "appeal about the reversal"
    assert await appeal(hours, "t", f"record:{anew['record']}") == "open"
    assert await act(hours, "t/grant", CITY) == "appeal.own", "it reversed this one"
    assert await act(hours, "t/grant", PROVINCE) == "granted"
    await register(hours, completed("R", "T1", "GZ-HR-2.01", "8"))
    await reverse(hours, "R", calling("operator:local"))
    assert await appeal(hours, "r", "record:R", calling("school:F")) == "open"
    reversed_it = signed("operator@deployment:local", "city_department@city:C")
    assert await act(hours, "r/grant", reversed_it) == "appeal.own", "by the account that the entry keeps"
    assert await act(hours, "r/grant", CITY) == "granted"
    assert (await total(hours, "T1"))["professional"] == "8.00"
    wrong = completed("W", "T1", "GZ-HR-2.01", "2")
    await register(hours, wrong)
    right = {**wrong, "record": "W2", "hours": "3", "reason": "学时登记有误"}
    headers = {**key(), **reversed_it}
    assert (await hours.post("/v1/records/W/correction", json=right, headers=headers)).is_success
    assert await appeal(hours, "w", "record:W", calling("school:F")) == "appeal.not_decided", (
        "it stands as W2, with more"
    )
    await reverse(hours, "W2", account("another", "operator@deployment:local"))
    assert await appeal(hours, "w", "record:W2", calling("school:F")) == "open"
    assert await act(hours, "w/grant", reversed_it) == "appeal.own", "its account corrected it"
    assert await world.rebuild("hours") == []


async def test_a_grant_that_is_refused_leaves_everything_as_it_was(world: World) -> None:
    points = await world.publisher("points")
    hours = await village(world)
    file = await refuse(hours, "A")
    other = declaration("B", "GZ-HR-2.07", files=[file])
    assert await declare(hours, other) == (201, "declared"), "the file was free meanwhile"
    assert await appeal(hours, "a", "declaration:A") == "open"
    assert await act(hours, "a/grant", CITY) == "evidence.claimed"
    await refuse(hours, "C")
    assert await appeal(hours, "c", "declaration:C") == "open"
    assert (
        await act(hours, "a/grant", CITY, {"reason": "经核实", "override": "同一证书含两项内容"}) == "granted"
    )
    await close_points(points, 2024)
    await world.heard("hours", "points")
    assert (await hours.post("/v1/years/2024/close", headers=key())).is_success

    async def closed() -> bool:
        return bool((await hours.get("/v1/years/2024")).json()["state"] == "closed")

    await until(closed)
    before = (await hours.get("/v1/journal/heads")).json()
    assert await act(hours, "c/grant", CITY) == "year.closed"
    assert (await hours.get("/v1/journal/heads")).json() == before
    assert (await hours.get("/v1/declarations/C")).json()["state"] == "refused"
    assert await listed(hours, CITY, state="open") == ["c"]
    assert await world.rebuild("hours") == []


async def test_rejected_with_a_reason_and_withdrawn_by_who_filed_it(world: World) -> None:
    hours = await village(world)
    await refuse(hours, "A")
    assert await appeal(hours, "a", "declaration:A") == "open"
    assert await act(hours, "a/withdrawal", SCHOOL_OF) == "appeal.not_filer"
    assert await act(hours, "a/withdrawal", TEACHER) == "withdrawn"
    both = [appeal(hours, number, "declaration:A") for number in ("b", "c")]
    assert sorted(await asyncio.gather(*both)) == ["appeal.open", "open"]
    (number,) = await listed(hours, TEACHER, state="open")
    assert await act(hours, f"{number}/rejection", CITY, {"reason": ""}) == "body.invalid", "without a reason"
    reason = {"reason": "诊断证明与培训时间不符"}
    assert await act(hours, f"{number}/rejection", CITY, reason) == "rejected"
    whole = (await hours.get(f"/v1/appeals/{number}", headers=TEACHER)).json()
    assert (whole["reason"], whole["decided_by"]) == (reason["reason"], "city:C")
    assert (await hours.get(f"/v1/appeals/{number}", headers=AUDITOR)).json()["reason"] is None
    assert await appeal(hours, "d", "declaration:A") == "open"
    assert [await listed(hours, who, mine=True, state="open") for who in (CITY, PROVINCE)] == [[], ["d"]]
    assert await act(hours, "d/grant", CITY) == "appeal.own", "it decided before"
    assert await world.rebuild("hours") == [], "`d` is read before `a`, which was over when it was filed"
    assert await act(hours, "d/grant", PROVINCE) == "granted"
    assert await appeal(hours, "d", "declaration:A", calling("school:S")) == "idempotency.conflict"
    assert await listed(hours, calling("teacher:F1")) == []
    assert await world.rebuild("hours") == []


async def test_an_appeal_is_taken_for_thirty_days_and_due_in_working_days(world: World) -> None:
    hours = await village(world, HOURS_APPEAL_ANSWER_DAYS="5")
    now = clock.now()
    for number, days in (("late", 31), ("in time", 30)):
        record_at(world, "hours", now - timedelta(days=days))
        await refuse(hours, number)
    assert await appeal(hours, "late", "declaration:late") == "appeal.too_late"
    record_at(world, "hours", datetime(2026, 6, 18, 15, 59, tzinfo=UTC))
    assert await appeal(hours, "a", "declaration:in time") == "open"
    assert (await hours.get("/v1/appeals/a")).json()["due"] == "2026-06-26", "a Friday is free"
    for at in ("2026-06-26T00:00:00+08:00", "2026-06-26T15:59:59Z"):
        assert await listed(hours, CITY, overdue_at=at) == []
    for at in ("2026-06-26T16:00:00Z", "2026-12-01T00:00:00Z"):
        assert await listed(hours, CITY, overdue_at=at) == ["a"], "from the day after, in China"
    record_at(world, "hours", datetime(2026, 6, 28, tzinfo=UTC))
    assert await act(hours, "a/rejection", CITY, {"reason": "x"}) == "rejected", "late, and answered"
    answered = {
        at: await listed(hours, CITY, overdue_at=f"{at}T08:00:00Z") for at in ("2026-06-27", "2026-06-28")
    }
    assert answered == {"2026-06-27": ["a"], "2026-06-28": []}
    for path, field in (("courses", "overdue_at"), ("appeals", "overdue_at"), ("outlook", "at")):
        for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
            asked = {field: at, **({"year": "2026"} if field == "at" else {})}
            far = await hours.get(f"/v1/{path}", params=asked)
            assert far.status_code == 422, far.text
            told = [(one["path"], one["code"]) for one in far.json()["errors"]]
            assert told == [(f"/query/{field}", "instant.out_of_range")], path
    unknown = await hours.get("/v1/appeals", params={"overdue_at": "2099-01-08T00:00:00Z"}, headers=CITY)
    assert unknown.json()["code"] == "calendar.not_announced"
