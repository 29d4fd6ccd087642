"""The last years of a teacher in one answer, and the same hours in the cycle of the registration (NAT-02)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, SHORT, judge
from tests.support.past_answers import Then
from tests.support.signing import calling

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
PROOF = "/v1/teachers/T1/proof?year=2024"


async def proof(here: Office, **asked: Any) -> dict[str, Any]:
    """A proof of the last years."""
    answer = await here.client.get(PROOF, params={"year": 2024, **asked})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_years_are_proven_by_their_verdicts_and_registration_by_their_hours(local: Office) -> None:
    await local.ledger.enrol("T1")
    for year in range(2020, 2025):
        await local.ledger.post("T1", SHORT if year == 2022 else PASSING, year)
    await local.ledger.heard()
    for year in range(2020, 2024):
        await judge(local.client, f"k{year}", year)
    told = await proof(local)
    assert [one["state"] for one in told["years"]] == ["pass", "pass", "fail", "pass", "undecided"]
    assert (told["first"], told["last"], told["proven"]) == (2020, 2024, False)
    assert told["years"][2]["shortfall"] == {"elective": "1.00"}
    assert "2022 failed, nobody has decided on 2024" in told["words"]
    await judge(local.client, "k2024")
    assert (await proof(local, earliest=2023))["words"] == "2023 to 2024: every year was verified as passed."
    assert (await proof(local, earliest=2000))["first"] == 2020, "of more, the last five"
    standing = (await local.client.get("/v1/teachers/T1/cycles?year=2024")).json()
    counted = [(one["cycle"], one["outcome"], one["counted"]["total"]) for one in standing]
    assert counted == [("NAT-02", "pass", "489.00")], "a year that failed has its hours all the same"
    outside = await local.client.get(PROOF, headers=calling("school:S02"))
    assert (outside.status_code, outside.json()["code"]) == (404, "teacher.out_of_reach")


async def test_a_proof_is_asked_again_as_of_then(local: Office) -> None:
    then = Then(local.world, "verification", local.client, (PROOF,))
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
    await then.answers_alike()
    assert [answers[0]["years"][-1]["state"] for answers in then.kept.values()] == ["undecided", "pass"]
