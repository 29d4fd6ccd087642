"""Records over HTTP: registered once, judged one by one, cut under caps, taken back."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import text

from tests.integration.hours.acts import enrol, key, record, register, stamped, total
from tests.support.signing import calling
from tests.support.world import World


async def test_a_record_is_registered_once_and_its_receipt_never_changes(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    body = record("R1", "T1", "GZ-HR-2.02", "8")
    first = await hours.post("/v1/records", json=body)
    assert first.status_code == 201, first.text
    assert first.json()["hours"] == "8.00"
    assert first.headers["Location"] == "/v1/records/R1"
    again = await hours.post("/v1/records", json={**body, "hours": "8.00", "unknown": 1})
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await hours.post("/v1/records", json={**body, "hours": "9"})
    assert (other.status_code, other.json()["code"]) == (409, "record.conflict")
    assert (await total(hours, "T1"))["professional"] == "8.00"


async def test_the_same_key_for_another_teacher_is_a_conflict(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1", "T2")
    answers = await asyncio.gather(
        *(
            hours.post("/v1/records", json=record("R1", teacher, "GZ-HR-2.02", "8"))
            for teacher in ("T1", "T2") * 4
        )
    )
    assert {answer.status_code for answer in answers} == {201, 409}
    sums = [(await total(hours, teacher))["professional"] for teacher in ("T1", "T2")]
    assert sorted(sums) == ["0.00", "8.00"]


MALFORMED: list[tuple[dict[str, Any], str, str]] = [
    ({"hours": "-1"}, "/hours", "hours.negative"),
    ({"hours": "1.005"}, "/hours", "hours.over_precise"),
    ({"hours": 1.005}, "/hours", "hours.over_precise"),
    ({"hours": "many"}, "/hours", "hours.invalid"),
    ({"hours": "NaN"}, "/hours", "hours.invalid"),
    ({"activity": "a\0b"}, "/activity", "text.nul"),
    ({"activity": "x" * 201}, "/activity", "text.too_long"),
    ({"category": "other"}, "/category", "category.mismatch"),
    ({"from": "2024-02-30"}, "/from", "date.invalid"),
    ({"from": 20240506}, "/from", "date.invalid"),
    ({"details": {"approved_at": "2024-05-01T08:00:00"}}, "/details/approved_at", "instant.offset_missing"),
    ({"year": 1950}, "/year", "number.too_small"),
]


async def test_malformed_fields_are_named(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    sent = record("R1", "T1", "GZ-HR-2.02", "8")
    results = await register(hours, *(sent | changed for changed, *_ in MALFORMED))
    found = [[(e["path"], e["code"]) for e in result["problem"]["errors"]] for result in results]
    assert found == [[(path, code)] for _, path, code in MALFORMED]
    assert {result["status"] for result in results} == {422}


async def test_bodies_that_are_no_json_or_too_large_are_refused(hours: httpx.AsyncClient) -> None:
    broken = await hours.post("/v1/records", content=b'{"record": ')
    assert (broken.status_code, broken.json()["code"]) == (400, "body.not_json")
    large = await hours.post("/v1/records", content=b"[" + b" " * (10 * 1024 * 1024) + b"]")
    assert (large.status_code, large.json()["code"]) == (413, "body.too_large")


async def test_words_come_in_the_language_asked_for(hours: httpx.AsyncClient) -> None:
    body = record("R1", "T9", "GZ-HR-2.02", "8")
    chinese = await hours.post("/v1/records", json=body, headers={"Accept-Language": "zh-CN"})
    assert chinese.json()["title"] == "教师不在名册中"


async def test_a_bulk_body_keeps_good_rows_and_reports_bad_ones_by_index(hours: httpx.AsyncClient) -> None:
    teachers = [f"T{n}" for n in range(49)]
    await enrol(hours, *teachers)
    rows = [record(f"R{n}", f"T{n}", "GZ-HR-2.02", "8") for n in range(50)]
    rows[7] = {**rows[7], "hours": "-8"}
    answer = (await hours.post("/v1/records", json=rows)).json()
    assert (answer["accepted"], answer["replayed"], answer["refused"]) == (48, 0, 2)
    assert [r["index"] for r in answer["results"] if r["status"] != 201] == [7, 49]
    assert answer["results"][49]["problem"]["code"] == "teacher.unknown"
    again = (await hours.post("/v1/records", json=rows)).json()
    assert (again["accepted"], again["replayed"], again["refused"]) == (0, 48, 2)


async def test_the_same_record_twice_in_one_body_counts_once(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    one = record("R1", "T1", "GZ-HR-2.02", "8")
    results = await register(hours, one, one, {**one, "hours": "9"})
    assert [(r["status"], r.get("replayed", False)) for r in results] == [
        (201, False),
        (201, True),
        (409, False),
    ]
    assert (await total(hours, "T1"))["professional"] == "8.00"


async def test_who_may_register_is_the_rules_to_say(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    body = record("R1", "T1", "GZ-HR-3.03", None, details=stamped(2400))
    teacher = await hours.post("/v1/records", json=body, headers=calling("teacher:T1"))
    assert (teacher.status_code, teacher.json()["code"]) == (403, "registrar.not_allowed")
    assert teacher.json()["rule"] == "GZ-HR-3.03"
    assert teacher.json()["words"].startswith("教师通过“学习强国”")
    other = await hours.post("/v1/records", json=body, headers=calling("school:S02"))
    nobody = await hours.post("/v1/records", json={**body, "teacher": "T2"}, headers=calling("school:S02"))
    assert (other.status_code, other.json()["code"]) == (422, "teacher.unknown")
    assert {**other.json(), "teacher": "T2"}.keys() == nobody.json().keys()
    school = await hours.post("/v1/records", json=body, headers=calling("school:S01"))
    assert (school.status_code, school.json()["code"]) == (409, "rule.other_way")


async def test_a_reversal_lets_hours_over_the_cap_move_up(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.04", "6"), record("R2", "T1", "GZ-HR-2.04", "6"))
    cut = (await hours.get("/v1/records/R2")).json()
    assert (cut["counted"], cut["over_cap"], cut["reason"]) == ("4.00", "2.00", "cap.reached")
    answer = await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    assert (answer.status_code, answer.json()["state"]) == (201, "reversed")
    moved = (await hours.get("/v1/records/R2")).json()
    assert (moved["counted"], moved["over_cap"], moved["reason"]) == ("6.00", "0.00", "")
    assert (await total(hours, "T1"))["professional"] == "6.00"
    again = await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    assert (again.status_code, again.json()["code"]) == (409, "record.reversed")
    unknown = await hours.post("/v1/records/R9/reversal", json={"reason": "登记有误"}, headers=key())
    assert (unknown.status_code, unknown.json()["code"]) == (404, "record.unknown")


async def test_a_claim_that_is_posted_again_keeps_its_place_under_the_cap(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    amounts = {"R1": "6", "R2": "10", "R3": "5"}
    await register(hours, *(record(number, "T1", "GZ-HR-2.04", h) for number, h in amounts.items()))
    await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    await register(hours, record("R4", "T1", "GZ-HR-2.04", "1"))
    counted = [(await hours.get(f"/v1/records/{number}")).json()["counted"] for number in ("R2", "R3", "R4")]
    assert counted == ["10.00", "0.00", "0.00"]


async def test_the_data_of_a_proof_are_kept_out_of_the_journal(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1")
    details = stamped(2400, contact="13800000000")
    (result,) = await register(hours, record("R1", "T1", "GZ-HR-3.03", None, details=details))
    assert result["status"] == 201
    other = stamped(2400, contact="13900000000")
    (conflict,) = await register(hours, record("R1", "T1", "GZ-HR-3.03", None, details=other))
    assert conflict["problem"]["code"] == "record.conflict"
    async with world.apps["hours"].state.database.transaction() as tx:
        data = [row.data for row in await tx.execute(text("select data from journal"))]
        kept = (await tx.execute(text("select data from proof"))).scalar_one()
    assert not any("13800000000" in entry for entry in data)
    assert "13800000000" in kept


async def test_one_reversal_sent_twice_is_done_once(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    headers = key()
    first = await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=headers)
    again = await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=headers)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_ids_are_opaque(hours: httpx.AsyncClient) -> None:
    teacher, number = "T/1·号", "甲·乙?#%2F"
    await enrol(hours, teacher)
    answer = await hours.post("/v1/records", json=record(number, teacher, "GZ-HR-2.02", "8"))
    shown = (await hours.get(answer.headers["Location"])).json()
    assert (shown["record"], shown["teacher"], shown["counted"]) == (number, teacher, "8.00")
    address = f"/v1/teachers/{quote(teacher)}"
    assert (await hours.get(address)).json()["teacher"] == teacher
    page = (await hours.get(f"{address}/statement", params={"year": 2024})).json()
    assert [line["hours"] for line in page["items"]] == ["8.00"]
    back = await hours.post(f"{shown['href']}/reversal", json={"reason": "登记有误"}, headers=key())
    assert back.status_code == 201


async def test_a_record_that_is_reversed_frees_its_programme(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    study = {"activity": "教育硕士"}
    await register(hours, record("R1", "T1", "GZ-HR-2.09", "28", **study))
    (refused,) = await register(hours, record("R2", "T1", "GZ-HR-3.04", "18", **study))
    assert refused["problem"]["code"] == "programme.claimed"
    await hours.post("/v1/records/R1/reversal", json={"reason": "专业不对口"}, headers=key())
    (accepted,) = await register(hours, record("R2", "T1", "GZ-HR-3.04", "18", **study))
    assert accepted["status"] == 201


async def test_scenario_4_caps_hold_when_everything_comes_at_once(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    storm = {
        "GZ-HR-2.07": ["30", "20"],
        "GZ-HR-2.04": ["6", "6"],
        "GZ-HR-2.10": ["14", "14", "14"],
        "GZ-HR-3.02": ["20"],
        "GZ-HR-3.03": ["30"],
    }
    records = [
        record(f"{rule}-{n}", "T1", rule, amount)
        for rule, amounts in storm.items()
        for n, amount in enumerate(amounts)
    ]
    answers = await asyncio.gather(*(hours.post("/v1/records", json=one) for one in records))
    assert {answer.status_code for answer in answers} == {201}
    sums = await total(hours, "T1")
    assert (sums["professional"], sums["elective"], sums["over_cap"]) == ("80.00", "26.00", "48.00")


async def test_gz_hr_1_01_a_course_counts_once_the_platform_says_that_all_of_it_is_done(
    hours: httpx.AsyncClient,
) -> None:
    await enrol(hours, "T1")
    for rule in ("GZ-HR-1.01", "GZ-HR-2.01", "GZ-HR-3.01"):
        ended = {"ended_at": "2024-05-06T18:00:00+08:00"}
        part = record(rule, "T1", rule, "27", details={"progress": 90})
        whole = record(rule, "T1", rule, "30", details={"progress": 100, **ended})
        for caller in ("teacher:T1", "school:S01"):
            refused = await hours.post("/v1/records", json=whole, headers=calling(caller))
            assert (refused.status_code, refused.json()["code"]) == (403, "registrar.not_allowed"), caller
        platform = calling("platform:gz")
        answers = [
            await hours.post("/v1/records", json=one, headers=platform)
            for one in (part, part, whole, whole, part)
        ]
        said = [a.headers.get("Idempotent-Replayed") or a.json().get("code", a.status_code) for a in answers]
        assert said == ["course.incomplete"] * 2 + [201, "true", "record.conflict"]
        shown = (await hours.get(f"/v1/records/{rule}")).json()
        assert (shown["counted"], shown["details"]["progress"]) == ("30.00", "100")
    sums = await total(hours, "T1")
    assert [sums[category] for category in ("public", "professional", "elective")] == ["30.00"] * 3
