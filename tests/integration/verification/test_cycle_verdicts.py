"""Verdicts on cycles: decided here whoever decides on years, and told as they were known."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from shared.policy.loader import builtin
from tests.integration.verification.conftest import Office, open_office
from tests.integration.verification.ledger import ask, finish, result, said
from tests.support.cycles import with_cycle
from tests.support.past_answers import Then
from tests.support.signing import calling
from tests.support.world import World

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
VERDICT = "/v1/teachers/T1/cycles/NAT-02/verdict?year=2024"
SPOKEN = ("cycle.passed.v1", "cycle.failed.v1", "cycle.revoked.v1")
SCHOOLS = ({"kind": "school", "id": "S01"}, {"kind": "district", "id": "天河区"}, {"kind": "everyone"})


async def office(world: World, folder: Path, authority: str = "local") -> Office:
    """A place that asks for 360 hours in any five years."""
    return await open_office(world, authority, VERIFICATION_PACK=with_cycle(folder))


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


async def test_a_verdict_on_a_cycle_is_asked_again_as_of_then(world: World, tmp_path: Path) -> None:
    here = await office(world, tmp_path)
    then = Then(world, "verification", here.client, (VERDICT,))
    then.moves_to(START)
    await here.ledger.enrol("T1")
    await five_years(here)
    await then.keeps(START)
    then.moves_to(START + DAY)
    run = await decide(here, "k1")
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    more = await here.ledger.post("T1", {"elective": "1"}, 2021)
    await here.ledger.heard()
    await then.keeps(START + 2 * DAY)
    then.moves_to(START + 3 * DAY)
    await here.ledger.take_back(more[0])
    await here.ledger.heard()
    await then.answers_alike()
    assert then.kept[START][0]["code"] == "cycle.undecided"
    known = [answers[0] for answers in list(then.kept.values())[1:]]
    assert [(one["outcome"], one["revision"], one["counted"]["total"]) for one in known] == [
        ("pass", 1, "360.00"),
        ("pass", 2, "361.00"),
    ]
    assert known[0]["verdict"] == run["run"]
    now = (await here.client.get(VERDICT)).json()
    assert (now["revision"], now["counted"]["total"], len(now["history"])) == (3, "360.00", 5)


async def test_where_the_province_decides_on_years_a_cycle_is_decided_here_on_what_counts(
    world: World, tmp_path: Path
) -> None:
    here = await office(world, tmp_path, "province")
    await here.ledger.enrol("T1")
    await five_years(here)
    ruling = {"verdict": "V1", "teacher": "T1", "year": 2024, "outcome": "fail"}
    handed_in = {**ruling, "decided_at": "2025-01-20T10:00:00+08:00"}
    assert (await here.client.post("/v1/verdicts", json=handed_in)).status_code == 201
    run = await decide(here, "k1")
    assert (run["passed"], run["failed"]) == (1, 0)
    assert (await result(here.client, "T1"))["outcome"] == "fail", "the year is the province's"
    assert (await here.client.get(VERDICT)).json()["outcome"] == "pass", "hours are asked for, not passes"


async def test_hours_that_were_carried_in_count_in_the_year_that_gave_them(
    world: World, tmp_path: Path
) -> None:
    here = await office(world, tmp_path)
    await here.ledger.enrol("T1")
    await five_years(here)
    await decide(here, "k1")
    await here.ledger.carry("T1", 2023, "30")
    await here.ledger.heard()
    told = (await here.client.get(VERDICT)).json()
    assert (told["revision"], told["counted"]["total"]) == (1, "360.00")


@pytest.mark.parametrize("order", list(permutations(range(3), 2)))
async def test_runs_that_overlap_decide_nobody_twice_in_whatever_order(
    world: World, tmp_path: Path, order: tuple[int, ...]
) -> None:
    here = await office(world, tmp_path)
    await here.ledger.enrol("T1", "T2")
    await here.ledger.enrol("T3", school="S02", district="越秀区")
    await five_years(here)
    await five_years(here, "T2", last="71.5")
    runs = [
        await decide(here, f"k{turn}", **SCHOOLS[place]) for turn, place in enumerate((*order, 2, *order))
    ]
    assert [run["changed"] for run in runs[3:]] == [0, 0]
    given = {(one["data"]["teacher"], one["type"]) for one in await said(here.client, *SPOKEN)}
    assert given == {("T1", SPOKEN[0]), ("T2", SPOKEN[1]), ("T3", SPOKEN[1])}
    assert sum(run["changed"] for run in runs) == 3
    listed = (await here.client.get("/v1/cycles/NAT-02/verdicts?year=2024&outcome=fail")).json()["items"]
    assert [(one["teacher"], one["missing"]) for one in listed] == [
        ("T2", {"total": "0.50"}),
        ("T3", {"total": "360.00"}),
    ]


async def test_a_cycle_that_the_rules_have_no_longer_is_decided_anew_by_its_own(
    world: World, tmp_path: Path
) -> None:
    here = await office(world, tmp_path)
    await here.ledger.enrol("T1")
    await five_years(here)
    await decide(here, "k1")
    before = (await here.client.get(VERDICT)).json()["policy"]
    await world.stop("verification")
    client = await world.serve("verification", VERIFICATION_AUTHORITY="local")
    assert (await client.get("/v1/rules")).json()["pack"] == builtin().reference != before
    await here.ledger.post("T1", {"elective": "1"}, 2024)
    await here.ledger.heard()
    told = (await client.get(VERDICT)).json()
    assert (told["revision"], told["counted"]["total"], told["policy"]) == (2, "361.00", before)
    assert told["rule"]["rule"] == "NAT-02", "and told by it"


async def test_a_centre_decides_on_cycles_of_its_district_and_sees_those(
    world: World, tmp_path: Path
) -> None:
    here = await office(world, tmp_path)
    await here.ledger.enrol("T1")
    await here.ledger.enrol("T2", school="S02")
    await five_years(here)
    await here.ledger.heard()
    body = {"year": 2024, "cycle": "NAT-02", "scope": {"kind": "school", "id": "S02"}}
    headers = {"Idempotency-Key": "k", **calling("school:S01")}
    refused = await here.client.post("/v1/runs", json=body, headers=headers)
    assert refused.status_code in {403, 404}
    await decide(here, "k1")
    seen = await here.client.get("/v1/cycles/NAT-02/verdicts?year=2024", headers=calling("school:S01"))
    assert [one["teacher"] for one in seen.json()["items"]] == ["T1"]
    outside = await here.client.get(VERDICT, headers=calling("school:S02"))
    assert (outside.status_code, outside.json()["code"]) == (404, "teacher.out_of_reach")
