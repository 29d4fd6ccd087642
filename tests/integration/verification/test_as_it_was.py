"""Verdicts and explanations as they were known at a past instant."""

from datetime import UTC, datetime, timedelta

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, judge, result, said
from tests.support.past_answers import Then

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = "/v1/teachers/T1/years/2024"


async def test_a_verdict_and_its_reasons_are_asked_again_as_of_then(local: Office) -> None:
    then = Then(local.world, "verification", local.client, (YEAR, f"{YEAR}/why"))
    then.moves_to(START)
    await local.ledger.enrol("T1")
    postings = await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    await then.keeps(START)
    then.moves_to(START + DAY)
    await judge(local.client, "k1")
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    await local.ledger.take_back(postings[2])
    await local.ledger.heard()
    await then.keeps(START + 2 * DAY)
    then.moves_to(START + 3 * DAY)
    await local.ledger.post("T1", {"elective": "40"})
    await local.ledger.heard()
    await then.answers_alike()
    assert then.kept[START][0]["code"] == "result.unknown"
    assert [answers[0]["outcome"] for answers in list(then.kept.values())[1:]] == ["pass", "fail"]
    before = (START - DAY).date().isoformat()
    never = await local.client.get(YEAR, params={"effective_on": before})
    assert (never.status_code, never.json()["code"]) == (404, "result.unknown")
    young = await local.client.get(f"{YEAR}/why", params={"known_at": "2199-01-01T00:00:00Z"})
    assert (young.status_code, young.json()["code"]) == (422, "known_at.not_past")


async def test_a_doubt_of_the_province_s_pass_is_known_from_when_it_arose(province: Office) -> None:
    then = Then(province.world, "verification", province.client, (YEAR, f"{YEAR}/why"))
    then.moves_to(START)
    await province.ledger.enrol("T1")
    postings = await province.ledger.post("T1", PASSING)
    await province.ledger.heard()
    await judge(province.client, "k1")
    await then.keeps(START)
    then.moves_to(START + DAY)
    ruling = {
        "verdict": "V1",
        "teacher": "T1",
        "year": 2024,
        "outcome": "pass",
        "decided_at": START.isoformat(),
    }
    assert (await province.client.post("/v1/verdicts", json=ruling)).status_code == 201
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    await province.ledger.take_back(postings[2])
    await province.ledger.heard()
    await then.answers_alike()
    assert (await result(province.client, "T1"))["doubted"]
    assert not then.kept[START + DAY][0]["doubted"]
    assert [event["type"] for event in await said(province.client, "verification.doubted.v1")]


async def test_what_the_province_decided_before_we_looked_is_told_as_of_its_day(province: Office) -> None:
    await province.ledger.enrol("T1")
    await province.ledger.post("T1", PASSING)
    await province.ledger.heard()
    await judge(province.client, "k1")
    ruling = {"verdict": "V1", "teacher": "T1", "year": 2024, "outcome": "pass"}
    decided = {**ruling, "decided_at": START.isoformat()}
    assert (await province.client.post("/v1/verdicts", json=decided)).status_code == 201
    on = {"effective_on": START.date().isoformat()}
    told = await province.client.get(YEAR, params=on)
    assert (told.status_code, told.json()["outcome"], told.json()["predicted"]) == (200, "pass", "pass")
    assert (await province.client.get(f"{YEAR}/why", params=on)).status_code == 200
    before = {"effective_on": (START - DAY).date().isoformat()}
    assert (await province.client.get(YEAR, params=before)).json()["code"] == "result.unknown"
