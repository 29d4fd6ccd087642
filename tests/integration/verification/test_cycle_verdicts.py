"""Verdicts on cycles: decided here whoever decides on years, and told as they were known."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import ask, finish, result, said
from tests.support.cycles import without_cycles
from tests.support.past_answers import Then
from tests.support.signing import calling

CHINA = ZoneInfo("Asia/Shanghai")
START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
VERDICT = "/v1/teachers/T1/cycles/NAT-02/verdict?year=2024"
SPOKEN = ("cycle.passed.v1", "cycle.failed.v1", "cycle.revoked.v1")
SCHOOLS = ({"kind": "school", "id": "S01"}, {"kind": "district", "id": "天河区"}, {"kind": "everyone"})


async def decide(here: Office, key: str, **scope: str) -> dict[str, Any]:
    """A run over the cycle that ends with 2024."""
    answer = await ask(here.client, key, 2024, None, "NAT-02", **scope)
    assert answer.status_code == 202, answer.text
    return await finish(here.client, answer.json()["run"])


async def five_years(here: Office, teacher: str = "T1", last: str = "72") -> None:
    """72 hours in each year from 2020 on, and so many in 2024."""
    for year in range(2020, 2025):
        await here.ledger.post(teacher, {"professional": last if year == 2024 else "72"}, year)
    await here.ledger.heard()


async def test_a_verdict_on_a_cycle_is_asked_again_as_of_then(local: Office) -> None:
    then = Then(local.world, "verification", local.client, (VERDICT,))
    then.moves_to(START)
    await local.ledger.enrol("T1")
    await five_years(local)
    await then.keeps(START)
    then.moves_to(START + DAY)
    run = await decide(local, "k1")
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    more = await local.ledger.post("T1", {"elective": "1"}, 2021)
    await local.ledger.heard()
    await then.keeps(START + 2 * DAY)
    then.moves_to(START + 3 * DAY)
    await local.ledger.take_back(more[0])
    await local.ledger.heard()
    await then.answers_alike()
    assert then.kept[START][0]["code"] == "cycle.undecided"
    known = [answers[0] for answers in list(then.kept.values())[1:]]
    assert [(one["outcome"], one["revision"], one["counted"]["total"]) for one in known] == [
        ("pass", 1, "360.00"),
        ("pass", 2, "361.00"),
    ]
    assert known[0]["verdict"] == run["run"]
    now = (await local.client.get(VERDICT)).json()
    assert (now["revision"], now["counted"]["total"], len(now["history"])) == (3, "360.00", 5)


async def test_why_a_cycle_is_passed_is_told_of_its_entry_by_the_rules_of_then(local: Office) -> None:
    await local.ledger.enrol("T1", "T2")
    await five_years(local)
    await five_years(local, "T2", last="71.5")
    await decide(local, "k1")
    for teacher, words, arithmetic in (
        ("T1", "周期验证通过", "360.00 ≥ 360.00"),
        ("T2", "周期验证不通过", "359.50 < 360.00"),
    ):
        told = (await local.client.get(VERDICT.replace("T1", teacher))).json()
        _, partition, seq = told["entry"].split("/")
        address = f"/v1/entries/{partition}/{seq}/why"
        reason = (await local.client.get(address, headers={"Accept-Language": "zh"})).json()
        assert words in reason["words"]
        (check,) = reason["checks"]
        assert (check["item"], check["arithmetic"]) == ("total", arithmetic)
        assert [rule["rule"] for rule in reason["rules"]] == ["NAT-02"]
        assert (reason["policy"], reason["inputs"]["verdict"]) == (told["policy"], told["verdict"])


async def test_a_verdict_on_a_cycle_is_told_as_of_a_day_of_effect(local: Office) -> None:
    then = Then(local.world, "verification", local.client, (VERDICT,))
    then.moves_to(START)
    await local.ledger.enrol("T1")
    await five_years(local)
    await decide(local, "k1")
    first = (await local.client.get(VERDICT)).json()
    day = datetime.fromisoformat(first["decided_at"]).astimezone(CHINA).date()
    before = await local.client.get(f"{VERDICT}&effective_on={day - DAY}")
    assert before.json()["code"] == "cycle.undecided"
    assert (await local.client.get(f"{VERDICT}&effective_on={day}")).json() == first


async def test_where_the_province_decides_on_years_a_cycle_is_decided_here_on_what_counts(
    province: Office,
) -> None:
    await province.ledger.enrol("T1")
    await five_years(province)
    ruling = {"verdict": "V1", "teacher": "T1", "year": 2024, "outcome": "fail"}
    handed_in = {**ruling, "decided_at": "2025-01-20T10:00:00+08:00"}
    assert (await province.client.post("/v1/verdicts", json=handed_in)).status_code == 201
    run = await decide(province, "k1")
    assert (run["passed"], run["failed"]) == (1, 0)
    assert (await result(province.client, "T1"))["outcome"] == "fail", "the year is the province's"
    assert (await province.client.get(VERDICT)).json()["outcome"] == "pass", "hours are asked for, not passes"


async def test_hours_that_were_carried_in_count_in_the_year_that_gave_them(local: Office) -> None:
    await local.ledger.enrol("T1")
    await five_years(local)
    await decide(local, "k1")
    await local.ledger.carry("T1", 2023, "30")
    await local.ledger.heard()
    told = (await local.client.get(VERDICT)).json()
    assert (told["revision"], told["counted"]["total"]) == (1, "360.00")


@pytest.mark.parametrize("order", list(permutations(range(3), 2)))
async def test_runs_that_overlap_decide_nobody_twice_in_whatever_order(
    local: Office, order: tuple[int, ...]
) -> None:
    await local.ledger.enrol("T1", "T2")
    await local.ledger.enrol("T3", school="S02", district="越秀区")
    await five_years(local)
    await five_years(local, "T2", last="71.5")
    runs = [
        await decide(local, f"k{turn}", **SCHOOLS[place]) for turn, place in enumerate((*order, 2, *order))
    ]
    assert [run["changed"] for run in runs[3:]] == [0, 0]
    given = {(one["data"]["teacher"], one["type"]) for one in await said(local.client, *SPOKEN)}
    assert given == {("T1", SPOKEN[0]), ("T2", SPOKEN[1]), ("T3", SPOKEN[1])}
    assert sum(run["changed"] for run in runs) == 3
    listed = (await local.client.get("/v1/cycles/NAT-02/verdicts?year=2024&outcome=fail")).json()["items"]
    assert [(one["teacher"], one["missing"]) for one in listed] == [
        ("T2", {"total": "0.50"}),
        ("T3", {"total": "360.00"}),
    ]


async def test_a_cycle_that_the_rules_have_no_longer_is_decided_anew_by_its_own(
    local: Office, tmp_path: Path
) -> None:
    await local.ledger.enrol("T1")
    await five_years(local)
    await decide(local, "k1")
    before = (await local.client.get(VERDICT)).json()["policy"]
    await local.world.stop("verification")
    settings = {"VERIFICATION_AUTHORITY": "local", "VERIFICATION_PACK": without_cycles(tmp_path)}
    client = await local.world.serve("verification", **settings)
    rules = (await client.get("/v1/rules")).json()
    assert (rules["cycles"], rules["pack"] == before) == ([], False)
    await local.ledger.post("T1", {"elective": "1"}, 2024)
    await local.ledger.heard()
    told = (await client.get(VERDICT)).json()
    assert (told["revision"], told["counted"]["total"], told["policy"]) == (2, "361.00", before)
    assert told["rule"]["rule"] == "NAT-02", "and told by it"


async def test_a_centre_decides_on_cycles_of_its_district_and_sees_those(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.enrol("T2", school="S02")
    await five_years(local)
    await local.ledger.heard()
    body = {"year": 2024, "cycle": "NAT-02", "scope": {"kind": "school", "id": "S02"}}
    headers = {"Idempotency-Key": "k", **calling("school:S01")}
    refused = await local.client.post("/v1/runs", json=body, headers=headers)
    assert refused.status_code in {403, 404}
    await decide(local, "k1")
    seen = await local.client.get("/v1/cycles/NAT-02/verdicts?year=2024", headers=calling("school:S01"))
    assert [one["teacher"] for one in seen.json()["items"]] == ["T1"]
    outside = await local.client.get(VERDICT, headers=calling("school:S02"))
    assert (outside.status_code, outside.json()["code"]) == (404, "teacher.out_of_reach")
