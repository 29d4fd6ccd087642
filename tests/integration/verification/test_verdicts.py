"""Where the province decides: predictions wait, verdicts come in any order, differences stay visible."""

import asyncio
from typing import Any

import httpx

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, SHORT, judge, result, said
from tests.support.country import lying
from tests.support.signing import calling

VERDICTS = ("verification.passed.v1", "verification.failed.v1", "verification.revoked.v1")
DISCREPANCIES = ("verification.discrepancy_opened.v1", "verification.discrepancy_closed.v1")


def verdict(name: str, outcome: str = "pass", day: int = 10, **further: Any) -> dict[str, Any]:
    return {
        "verdict": name,
        "teacher": "T1",
        "year": 2024,
        "outcome": outcome,
        "decided_at": f"2025-02-{day:02}T10:00:00+08:00",
        **further,
    }


async def send(client: httpx.AsyncClient, *bodies: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.post("/v1/verdicts", json=list(bodies))
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def kinds(office: Office, *types: str) -> list[str]:
    return [event["type"].split(".")[1] for event in await said(office.client, *types)]


async def judged(office: Office, hours: dict[str, str]) -> None:
    await office.ledger.enrol("T1")
    await office.ledger.post("T1", hours)
    await office.ledger.heard()
    await judge(office.client, "k1")


async def test_a_prediction_is_submitted_and_decides_nothing(province: Office) -> None:
    await judged(province, PASSING)
    found = await result(province.client, "T1")
    assert (found["outcome"], found["predicted"], found["revision"]) == (None, "pass", None)
    waiting = (await province.client.get("/v1/results", params={"outcome": "undecided"})).json()["items"]
    assert [row["teacher"] for row in waiting] == ["T1"]
    assert await kinds(province, *VERDICTS) == []
    assert await kinds(province, "verification.predicted.v1", "verification.submitted.v1") == [
        "predicted",
        "submitted",
    ]


async def test_the_provinces_pass_stands_with_our_figures(province: Office) -> None:
    await judged(province, PASSING)
    answer = await province.client.post("/v1/verdicts", json=verdict("V-1", certificate_reference="GD-7"))
    assert (answer.status_code, answer.json()["arrived"]) == (201, "standing")
    found = await result(province.client, "T1")
    assert (found["outcome"], found["authority"], found["verdict"]) == ("pass", "province", "V-1")
    assert found["decided_at"] == "2025-02-10T02:00:00Z"
    [passed] = await said(province.client, "verification.passed.v1")
    assert passed["data"]["figures"]["professional"] == "50.00"
    assert passed["data"]["basis"]["certificate_reference"] == "GD-7"
    assert (await province.client.get("/v1/discrepancies")).json()["items"] == []
    assert await province.world.rebuild("verification") == []


async def test_local_pass_and_the_provinces_fail_open_a_discrepancy_and_the_fail_stands(
    province: Office,
) -> None:
    await judged(province, PASSING)
    totals = {"public": "28.00", "professional": "50.00", "elective": "18.00"}
    await send(province.client, verdict("V-1", "fail", totals=totals))
    found = await result(province.client, "T1")
    assert (found["outcome"], found["predicted"]) == ("fail", "pass")
    [row] = (await province.client.get("/v1/discrepancies", params={"state": "open"})).json()["items"]
    assert (row["predicted"], row["decided"], row["difference"]) == ("pass", "fail", {"public": "-2.00"})
    [opened] = await said(province.client, "verification.discrepancy_opened.v1")
    assert opened["data"]["difference"] == {"public": "-2.00"}
    assert await province.world.rebuild("verification") == []


async def test_a_later_verdict_wins_whatever_arrives_first(province: Office) -> None:
    await judged(province, PASSING)
    await send(province.client, verdict("V-late", "pass", day=20))
    [early] = await send(province.client, verdict("V-early", "fail", day=5))
    assert (early["status"], early["arrived"]) == (201, "late")
    assert (await result(province.client, "T1"))["verdict"] == "V-late"
    assert await kinds(province, *VERDICTS) == ["passed"]
    await send(province.client, verdict("V-last", "fail", day=21))
    assert (await result(province.client, "T1"))["verdict"] == "V-last"
    assert await kinds(province, *VERDICTS) == ["passed", "revoked", "failed"]
    states = {
        name: (await province.client.get(f"/v1/verdicts/{name}")).json()["state"]
        for name in ("V-late", "V-early", "V-last")
    }
    assert states == {"V-late": "replaced", "V-early": "late", "V-last": "standing"}
    assert await province.world.rebuild("verification") == []


async def test_several_verdicts_in_one_request_let_the_last_decided_stand(province: Office) -> None:
    await judged(province, PASSING)
    rows = await send(
        province.client, verdict("V-2", "fail", 12), verdict("V-3", "pass", 13), verdict("V-1", "fail", 11)
    )
    assert [row["arrived"] for row in rows] == ["late", "standing", "late"]
    assert await kinds(province, *VERDICTS) == ["passed"]
    assert await province.world.rebuild("verification") == []


async def test_ct_03_hours_taken_back_put_the_provinces_pass_in_doubt_until_they_are_there_again(
    province: Office,
) -> None:
    await province.ledger.enrol("T1")
    postings = await province.ledger.post("T1", PASSING)
    await province.ledger.heard()
    await judge(province.client, "k1")
    await send(province.client, verdict("V-1"))
    [passed] = await said(province.client, "verification.passed.v1")
    await province.ledger.take_back(postings[2])
    await province.ledger.heard()
    found = await result(province.client, "T1")
    assert (found["outcome"], found["revision"], found["doubted"]) == ("pass", 1, True)
    [doubted] = await said(province.client, "verification.doubted.v1")
    assert doubted["data"]["doubts"] == f"verification/{passed['partition']}/{passed['seq']}"
    assert doubted["data"]["shortfall"] == {"elective": "18.00", "total": "10.00"}
    why = await province.client.get("/v1/teachers/T1/years/2024/why", headers={"Accept-Language": "zh"})
    assert "结果存疑" in why.json()["words"]
    assert await province.world.rebuild("verification") == []

    await province.ledger.post("T1", {"elective": "19"})
    await province.ledger.heard()
    found = await result(province.client, "T1")
    assert (found["outcome"], found["revision"], found["doubted"]) == ("pass", 2, False)
    assert (found["verdict"], found["authority"]) == ("V-1", "province")
    assert await kinds(province, *VERDICTS) == ["passed", "revoked", "passed"]
    history = (await province.client.get("/v1/teachers/T1/years/2024")).json()["history"]
    assert [step["type"] for step in history if "submitted" not in step["type"]] == [
        "verification.predicted.v1",
        "verification.passed.v1",
        "verification.predicted.v1",
        "verification.doubted.v1",
        "verification.predicted.v1",
        "verification.revoked.v1",
        "verification.passed.v1",
    ]
    assert await kinds(province, *DISCREPANCIES) == ["discrepancy_opened", "discrepancy_closed"]
    assert await province.world.rebuild("verification") == []


async def test_a_later_pass_replaces_a_pass_with_the_next_revision(province: Office) -> None:
    await judged(province, PASSING)
    await send(province.client, verdict("V-1"))
    await send(province.client, verdict("V-2", day=15))
    events = await said(province.client, *VERDICTS)
    assert [event["type"].split(".")[1] for event in events] == ["passed", "revoked", "passed"]
    assert [event["data"].get("revision") for event in events] == [1, None, 2]
    assert events[1]["data"]["reason"] == "superseded"


async def test_the_same_verdict_again_is_replayed_and_another_content_refused(province: Office) -> None:
    await judged(province, PASSING)
    first = await province.client.post("/v1/verdicts", json=verdict("V-1"))
    same = verdict("V-1") | {"decided_at": "2025-02-10T02:00:00Z", "unknown": "ignored"}
    again = await province.client.post("/v1/verdicts", json=same)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == first.json()
    other = await province.client.post("/v1/verdicts", json=verdict("V-1", "fail"))
    assert (other.status_code, other.json()["code"]) == (409, "verdict.conflict")
    chinese = {"Accept-Language": "zh"}
    told = (await province.client.post("/v1/verdicts", json=verdict("V-1", "fail"), headers=chinese)).json()
    assert told["detail"] == "验证结果 V-1 已以其他内容记录。未作任何更改；新的决定须使用新的标识。"
    stranger = await province.client.post("/v1/verdicts", json=verdict("V-1", teacher="T2"))
    assert stranger.status_code == 409
    assert await kinds(province, *VERDICTS) == ["passed"]


async def test_any_text_can_be_a_verdicts_identity(province: Office) -> None:
    await judged(province, PASSING)
    answer = await province.client.post("/v1/verdicts", json=verdict("粤人社 2025/001?"))
    assert answer.status_code == 201
    found = (await province.client.get(answer.headers["location"])).json()
    assert (found["verdict"], found["state"]) == ("粤人社 2025/001?", "standing")


async def test_good_rows_of_a_bulk_request_are_kept_and_bad_ones_reported(province: Office) -> None:
    await judged(province, PASSING)
    answer = await province.client.post(
        "/v1/verdicts",
        json=[
            verdict("V-1"),
            verdict("V-2") | {"decided_at": "2025-02-10T10:00:00"},
            verdict("V-1"),
            verdict("V-1", "fail"),
            verdict("V-3", totals={"public": "-1"}),
            verdict("V-4", year=2005),
            verdict("V-5") | {"decided_at": "2099-01-01T00:00:00Z"},
            verdict("V-6", totals={"public": "30", "leisure": "1"}),
            "nonsense",
        ],
    )
    body = answer.json()
    assert (body["accepted"], body["replayed"], body["refused"]) == (1, 1, 7)
    assert [row["status"] for row in body["results"]] == [201, 422, 201, 409, 422, 422, 422, 422, 422]
    faults = [
        row["problem"].get("errors", [{}])[0].get("code") for row in body["results"][3:] if "problem" in row
    ]
    expected = ["hours.negative", "year.without_requirement", "verdict.in_future", "category.unknown"]
    assert faults[1:5] == expected
    assert await kinds(province, *VERDICTS) == ["passed"]


async def test_a_verdict_on_an_unknown_teacher_waits_until_the_roster_names_them(province: Office) -> None:
    await province.ledger.enrol("T9")
    await province.ledger.heard()
    rows = await send(province.client, verdict("V-1", "fail", 5), verdict("V-2", "pass", 6))
    assert [(row["status"], row["arrived"]) for row in rows] == [(202, "parked"), (202, "parked")]
    assert await kinds(province, *VERDICTS) == []
    await province.ledger.enrol("T1")
    await province.ledger.heard()
    found = await result(province.client, "T1")
    assert (found["outcome"], found["verdict"], found["predicted"]) == ("pass", "V-2", "fail")
    states = [(await province.client.get(f"/v1/verdicts/{v}")).json()["state"] for v in ("V-1", "V-2")]
    assert states == ["late", "standing"]
    [again] = await send(province.client, verdict("V-2", "pass", 6))
    assert (again["status"], again["replayed"], again["arrived"]) == (202, True, "parked")
    assert await province.world.rebuild("verification") == []


async def test_a_verdict_that_comes_before_any_run_is_predicted_first(province: Office) -> None:
    await province.ledger.enrol("T1")
    await province.ledger.post("T1", PASSING)
    await province.ledger.heard()
    await send(province.client, verdict("V-1"))
    found = await result(province.client, "T1")
    assert (found["outcome"], found["predicted"]) == ("pass", "pass")
    assert [step["run"] for step in found["history"]] == ["verdict", "verdict", None]
    run = await judge(province.client, "k1")
    assert run["changed"] == 0


async def test_a_correction_opens_and_closes_a_discrepancy_and_leaves_the_verdict(province: Office) -> None:
    await judged(province, SHORT)
    await send(province.client, verdict("V-1", "pass"))
    assert await kinds(province, *DISCREPANCIES) == ["discrepancy_opened"]
    [extra] = await province.ledger.post("T1", {"elective": "1"})
    await province.ledger.heard()
    assert await kinds(province, *DISCREPANCIES) == ["discrepancy_opened", "discrepancy_closed"]
    await province.ledger.take_back(extra)
    await province.ledger.heard()
    assert await kinds(province, *DISCREPANCIES) == [
        "discrepancy_opened",
        "discrepancy_closed",
        "discrepancy_opened",
    ]
    assert await kinds(province, *VERDICTS) == ["passed", "revoked", "passed"], "on the figures of then"
    found = await result(province.client, "T1")
    assert (found["outcome"], found["predicted"], found["verdict"]) == ("pass", "fail", "V-1")
    assert found["doubted"]
    rows = (await province.client.get("/v1/discrepancies", params={"year": 2024, "school": "S01"})).json()
    assert [row["closed_at"] is None for row in rows["items"]] == [False, True]
    closed = await province.client.get("/v1/discrepancies", params={"state": "closed", "limit": 1})
    assert len(closed.json()["items"]) == 1
    assert await province.world.rebuild("verification") == []


async def test_the_province_counts_carried_hours_as_professional(province: Office) -> None:
    await province.ledger.carry("T1", 2023, "8")
    await judged(province, {"public": "30", "professional": "34", "elective": "18"})
    totals = {"public": "30", "professional": "42", "elective": "18"}
    await send(province.client, verdict("V-1", totals=totals))
    assert (await province.client.get("/v1/discrepancies")).json()["items"] == []


async def test_where_we_decide_no_verdict_is_taken(local: Office) -> None:
    await judged(local, PASSING)
    answer = await local.client.post("/v1/verdicts", json=verdict("V-1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "verdict.not_awaited")


async def test_only_the_province_or_the_operator_hands_in_verdicts(province: Office) -> None:
    await judged(province, PASSING)
    await province.ledger.say([lying("S01", "P")])
    await province.ledger.heard()
    school = {**calling("school:S01"), "Accept-Language": "zh"}
    answer = await province.client.post("/v1/verdicts", json=verdict("V-1"), headers=school)
    assert (answer.status_code, answer.json()["title"]) == (403, "您的角色无权执行此操作")
    assert answer.json()["detail"] == "您令牌中的角色均无权执行此操作:提交省级审核结论。"
    allowed = calling("province:P")
    assert (await province.client.post("/v1/verdicts", json=verdict("V-1"), headers=allowed)).is_success


async def test_we_never_overrule_the_province_after_changing_who_decides(province: Office) -> None:
    await judged(province, PASSING)
    await send(province.client, verdict("V-1", "fail"))
    await province.world.stop("verification")
    client = await province.world.serve("verification", VERIFICATION_AUTHORITY="local")
    await judge(client, "k2")
    await province.ledger.post("T1", {"public": "5"})
    await province.ledger.heard()
    found = await result(client, "T1")
    assert (found["outcome"], found["authority"], found["predicted"]) == ("fail", "province", "pass")


async def test_one_identity_sent_twice_at_once_for_two_teachers_is_taken_once(province: Office) -> None:
    await province.ledger.enrol("T1", "T2")
    await province.ledger.heard()
    answers = await asyncio.gather(
        *(
            province.client.post("/v1/verdicts", json=verdict("V-1", teacher=teacher))
            for teacher in ("T1", "T2", "T1", "T2")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert await kinds(province, *VERDICTS) == ["passed"]
