"""Obligations over HTTP: stays are declared and reviewed, topics registered, and how each stands is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import enrol, key, paper
from tests.integration.hours.test_declarations import SCHOOL_OF, TEACHER, decide, declare, village
from tests.support.past_answers import Then
from tests.support.signing import calling, signed
from tests.support.world import World

PACK = Path(__file__).parents[2] / "support" / "obligations.toml"
CATEGORIES = {"CP-H1": "concentrated"}
START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def hours(world: World) -> httpx.AsyncClient:
    """T1 teaches a craft since 2020, T2 joined in September 2024, of F1 nobody knows when."""
    hours = await village(world, HOURS_PACK=str(PACK))
    craft = {"stage": "中职", "role": "专业课教师", "joined_on": "2020-09-01"}
    await enrol(hours, "T1", school="S", district="", **craft)
    await enrol(hours, "T2", school="S", district="", joined_on="2024-09-01")
    return hours


def record(
    number: str, teacher: str, rule: str, amount: str | None, days: str, *topics: str, **changed: Any
) -> dict[str, Any]:
    first, _, last = days.partition("/")
    return {
        "record": number,
        "teacher": teacher,
        "year": int((last or first)[:4]),
        "source_rule": rule,
        "category": CATEGORIES.get(rule, "other"),
        "hours": amount,
        "activity": f"activity {number}",
        "from": first,
        "to": last or first,
        "evidence": "佐证材料",
        **({"details": {"topics": list(topics)}} if topics else {}),
        **changed,
    }


async def register(hours: httpx.AsyncClient, *records: dict[str, Any]) -> list[Any]:
    answer = await hours.post("/v1/records", json=list(records))
    found: list[Any] = answer.json()["results"]
    return found


async def stands(hours: httpx.AsyncClient, teacher: str, rule: str, **params: str) -> Any:
    params = {"year": "2025", "on": "2026-01-01", **params}
    answer = await hours.get(f"/v1/teachers/{teacher}/obligations", params=params)
    return next(one for one in answer.json() if one["obligation"] == rule)


async def test_a_stay_is_declared_with_evidence_and_reviewed_and_counts_by_its_days(
    hours: httpx.AsyncClient,
) -> None:
    stay = {
        "declaration": "stay-1",
        "teacher": "T1",
        "year": 2025,
        "source_rule": "CP-H4",
        "category": "other",
        "activity": "到企业实践",
        "from": "2024-12-02",
        "to": "2025-02-14",
    }
    assert await declare(hours, stay) == (422, "evidence.missing")
    shown = {**stay, "files": [await paper(hours, "企业实践鉴定表", TEACHER)]}
    assert await declare(hours, {**shown, "hours": "8"}) == (422, "hours.disagree"), "days give no hours"
    assert await declare(hours, {**shown, "year": 2024}) == (422, "year.mismatch"), "it is of its end's year"
    assert await declare(hours, shown) == (201, "declared")
    assert (await stands(hours, "T1", "VOC-03"))["checks"][0]["counted"] == "0", "nobody has reviewed it"
    assert await decide(hours, SCHOOL_OF, "stay-1") == "posted"
    practice = await stands(hours, "T1", "VOC-03")
    assert (practice["state"], practice["kind"]) == ("met", "enterprise_practice")
    sums = [(one["check"], one["counted"], one["missing"]) for one in practice["checks"]]
    assert sums == [  # 19 days are worked in January, 26 and 27 included, and 9 until 14 February
        ("yearly", "28", "0"),
        ("window", "75", "105"),
        ("window", "75", "0"),
    ]
    assert practice["records"] == ["/v1/records/declaration:stay-1"]
    assert practice["rule"]["words"].startswith("下企业培训")
    before = await stands(hours, "T1", "VOC-03", year="2024")
    assert [(one["counted"], one["state"]) for one in before["checks"]] == [
        ("22", "met"),
        ("30", "missed"),
        ("30", "missed"),
    ]
    shown_record = (await hours.get("/v1/records/declaration:stay-1")).json()
    assert (shown_record["hours"], shown_record["reason"]) == ("0.00", "stay.days_only")
    outlook = (await hours.get("/v1/teachers/T1/outlook?year=2025")).json()
    assert {way["rule"] for way in outlook["ways"]} == {"CP-H1", "CP-H2", "CP-H3"}, "stays give no hours"
    statement = (await hours.get("/v1/teachers/T1/statement?year=2025")).json()
    assert statement["totals"]["other"] == "0.00"
    taken_back = await hours.post(
        "/v1/records/declaration:stay-1/reversal", json={"reason": "登记有误"}, headers=key()
    )
    assert taken_back.status_code == 201, taken_back.text
    assert (await stands(hours, "T1", "VOC-03"))["state"] == "missed"


async def test_new_teachers_are_told_what_counts_and_what_is_missing_in_words(
    hours: httpx.AsyncClient,
) -> None:
    await register(
        hours,
        record("A", "T2", "CP-H1", "39", "2024-10-08/2024-10-12"),
        record("B", "T2", "CP-H2", "41", "2025-08-25/2025-08-31"),
        record("C", "T2", "CP-H1", "8", "2024-08-26/2024-08-30"),
        record("D", "F1", "CP-H1", "80", "2024-10-08/2024-10-12"),
    )
    probation = await stands(hours, "T2", "WH-04")
    assert (probation["state"], probation["binding"]) == ("missed", True)
    assert [(one["check"], one["counted"], one["missing"]) for one in probation["checks"]] == [
        ("concentrated", "39.00", "1.00"),
        ("total", "80.00", "0.00"),
    ]
    assert probation["checks"][0]["words"] == (
        "concentrated within 12 months of joining: 39.00 h count, at least 40.00 h asked, short 1.00."
    )
    assert (probation["checks"][0]["first"], probation["checks"][0]["last"]) == ("2024-09-01", "2025-08-31")
    assert probation["records"] == ["/v1/records/A", "/v1/records/B"]
    assert (await stands(hours, "T2", "HG-04"))["state"] == "met"
    untold = await stands(hours, "T2", "VOC-01")
    assert (untold["state"], untold["reason"]) == ("unknown", "rule.incomplete")
    nobody_knows = await stands(hours, "F1", "WH-04")
    assert (nobody_knows["state"], nobody_knows["reason"]) == ("unknown", "joined_on.unknown")
    early = await stands(hours, "T2", "HG-04", year="2024", on="2024-10-11")
    assert (early["state"], early["checks"][0]["missing"]) == ("open", "30.00")
    chinese = await hours.get(
        "/v1/teachers/T2/obligations", params={"year": 2025}, headers={"Accept-Language": "zh"}
    )
    assert chinese.json()[0]["words"] == "未达到要求,期限已过。"


async def test_topics_are_those_of_the_rules_and_what_nobody_was_offered_is_the_programmes(
    hours: httpx.AsyncClient,
) -> None:
    wrong = await register(hours, record("W", "T1", "CP-H3", "8", "2025-05-08", "ethics", "astronomy"))
    assert wrong[0]["problem"]["code"] == "topic.unknown"
    assert wrong[0]["problem"]["errors"][0]["path"] == "/details/topics/1"
    rules = (await hours.get("/v1/rules")).json()["obligations"]
    topics = [topic["id"] for one in rules if one["rule"] == "JX-05" for topic in one["topics"]]
    assert len(topics) == 11
    ten = [topic for topic in topics if topic != "mental_health"]
    await register(hours, record("A", "T1", "CP-H3", "8", "2025-05-08", *ten))
    never = await stands(hours, "T1", "JX-05")
    assert (never["state"], never["lacking"]) == ("not_offered", [])
    assert [one["name_zh"] for one in never["not_offered"]] == ["心理健康教育"]
    programme = (await hours.get("/v1/obligations/JX-05/programme?year=2025")).json()
    assert (len(programme["topics"]), programme["first"], programme["last"]) == (
        10,
        "2021-01-01",
        "2025-12-31",
    )
    assert programme["words"] == "10 of 11 topics were offered; never: mental health."
    await register(hours, record("B", "F1", "CP-H3", "8", "2023-05-08", "mental_health", "ethics"))
    ten_of_eleven = await stands(hours, "T1", "JX-05")
    assert (ten_of_eleven["state"], ten_of_eleven["not_offered"]) == ("missed", [])
    assert [one["topic"] for one in ten_of_eleven["lacking"]] == ["mental_health"]
    assert (ten_of_eleven["checks"][0]["counted"], ten_of_eleven["checks"][0]["required"]) == ("10", "11")
    counts = (await hours.get("/v1/obligations/JX-05/programme?year=2025")).json()["topics"]
    assert {(one["topic"], one["records"], one["teachers"]) for one in counts} >= {
        ("ethics", 2, 2),
        ("mental_health", 1, 1),
    }
    here = await hours.get("/v1/obligations/JX-05/programme?year=2025", headers=calling("centre:D"))
    assert [one["topic"] for one in here.json()["not_offered"]] == ["mental_health"], "not in this district"
    assert (await hours.get("/v1/records/B")).json()["details"]["topics"] == ["mental_health", "ethics"]
    await hours.post("/v1/records/B/reversal", json={"reason": "登记有误"}, headers=key())
    assert (await stands(hours, "T1", "JX-05"))["state"] == "not_offered", "nobody was after all"


async def test_an_obligation_of_many_is_listed_within_reach_in_pages(hours: httpx.AsyncClient) -> None:
    await register(hours, record("A", "T2", "CP-H2", "30", "2025-03-03"))
    path, params = "/v1/obligations/HG-04", {"year": "2025", "on": "2026-01-01"}
    listed = (await hours.get(path, params=params)).json()["items"]
    assert [(one["teacher"], one["state"]) for one in listed] == [
        ("F1", "unknown"),
        ("M1", "unknown"),
        ("T1", "not_asked"),
        ("T2", "met"),
    ]
    first = (await hours.get(path, params={**params, "limit": "3"})).json()
    rest = (await hours.get(path, params={**params, "cursor": first["next"]})).json()
    assert first["items"] + rest["items"] == listed
    there = (await hours.get(path, params=params, headers=calling("school:F"))).json()["items"]
    assert [one["teacher"] for one in there] == ["F1"]
    assert (await hours.get(path, params=params, headers=TEACHER)).status_code == 403
    own = await hours.get("/v1/teachers/T2/obligations?year=2025", headers=TEACHER)
    assert own.json()["code"] == "teacher.out_of_reach"
    unknown = await hours.get("/v1/obligations/HG-99", params=params)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "obligation.unknown")
    for name, year in (("HG-04", "2025"), ("JX-05", "2020")):
        no_topics = await hours.get(f"/v1/obligations/{name}/programme", params={"year": year})
        assert (no_topics.status_code, no_topics.json()["code"]) == (404, "obligation.unknown")
    assert (await hours.get("/v1/teachers/X/obligations?year=2025")).json()["code"] == "teacher.not_listed"


async def test_who_may_not_see_persons_is_not_told_when_they_joined(hours: httpx.AsyncClient) -> None:
    auditor = signed("auditor@deployment:local")
    answer = await hours.get("/v1/teachers/T2/obligations?year=2025", headers=auditor)
    assert answer.status_code == 200, answer.text
    assert "2024-09-01" not in answer.text
    assert "2025-08-31" not in answer.text
    listed = await hours.get("/v1/obligations/WH-04?year=2025", headers=auditor)
    assert {check["first"] for one in listed.json()["items"] for check in one["checks"]} == {None}


async def test_how_it_was_known_never_changes(world: World) -> None:
    hours = await world.serve("hours", HOURS_PACK=str(PACK))
    path = "/v1/teachers/T1/obligations?year=2024&on=2025-06-30"
    then = Then(world, "hours", hours, (path,))
    then.moves_to(START)
    await enrol(hours, "T1", joined_on="2024-09-01", role="专业课教师", stage="中职")
    await enrol(hours, "T2")
    await then.keeps(START)
    then.moves_to(START + DAY)
    await register(
        hours,
        record("A", "T1", "CP-H1", "40", "2024-10-08", "ethics"),
        record("B", "T2", "CP-H3", "3", "2024-10-08", "mental_health"),
        record("C", "T1", "CP-H4", None, "2024-10-14/2024-10-18"),
    )
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    for number in ("A", "B"):
        await hours.post(f"/v1/records/{number}/reversal", json={"reason": "登记有误"}, headers=key())
    await then.keeps(START + 2 * DAY)
    then.moves_to(START + 3 * DAY)
    await register(hours, record("D", "T2", "CP-H3", "3", "2024-11-08", "methods"))
    await then.answers_alike()
    assert await world.rebuild("hours") == []
