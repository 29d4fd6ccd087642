"""What a failed inspection takes of a year, and that it withholds it: judged again, told, and taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, deduction, judge, posting, result, reversal, said
from tests.support.past_answers import Then

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = "/v1/teachers/T1/years/2024"
PROOF = "/v1/teachers/T1/proof?year=2024"
CYCLES = "/v1/teachers/T1/cycles?year=2024"
VERDICTS = ("verification.passed.v1", "verification.failed.v1", "verification.revoked.v1")
ENOUGH = {"public": "30", "professional": "42", "elective": "18"}
V1 = {"verdict": "V1", "teacher": "T1", "year": 2024, "outcome": "pass", "decided_at": START.isoformat()}


async def judged(office: Office, hours: dict[str, str] = PASSING) -> None:
    await office.ledger.enrol("T1")
    await office.ledger.post("T1", hours)
    await office.ledger.heard()
    await judge(office.client, "k1")


async def words(office: Office, language: str) -> str:
    answer = await office.client.get(f"{YEAR}/why", headers={"Accept-Language": language})
    told: str = answer.json()["words"]
    return told


async def kinds(office: Office) -> list[str]:
    return [event["type"].split(".")[1] for event in await said(office.client, *VERDICTS)]


async def test_what_is_deducted_fails_a_passed_year_until_it_is_less_or_withdrawn(local: Office) -> None:
    await judged(local, ENOUGH)
    first = await local.ledger.deduct("T1", "D1", elective="4")
    found = await result(local.client, "T1")
    assert (found["outcome"], found["figures"]["elective"]) == ("fail", "14.00")
    assert found["shortfall"] == {"elective": "4.00", "total": "4.00"}
    assert (found["verdict"], found["withheld"]) == (f"correction:{first.id}", [])
    await local.ledger.deduct("T1", "D1", elective="1", professional="3")
    assert (await result(local.client, "T1"))["shortfall"] == {
        "elective": "1.00",
        "professional": "3.00",
        "total": "4.00",
    }
    await local.ledger.deduct("T1", "D2", elective="2")
    assert (await result(local.client, "T1"))["figures"]["elective"] == "15.00"
    await local.ledger.deduct("T1", "D1")
    assert (await result(local.client, "T1"))["shortfall"] == {"elective": "2.00", "total": "2.00"}
    await local.ledger.deduct("T1", "D2")
    found = await result(local.client, "T1")
    assert (found["outcome"], found["shortfall"], found["figures"]["total"]) == ("pass", {}, "90.00")
    assert await kinds(local) == ["passed", "revoked", *["failed"] * 4, "passed"]
    assert await local.world.rebuild("verification") == []


async def test_a_withheld_year_fails_with_hours_enough_and_passes_once_the_deduction_is_withdrawn(
    local: Office,
) -> None:
    await judged(local)
    await local.ledger.deduct("T1", "D1", withholds=True, professional="4")
    found = await result(local.client, "T1")
    assert (found["outcome"], found["predicted"], found["shortfall"]) == ("fail", "fail", {})
    assert (found["withheld"], found["figures"]["professional"]) == (["D1"], "46.00")
    [listed] = (await local.client.get("/v1/results", params={"outcome": "fail"})).json()["items"]
    assert listed["withheld"] == ["D1"]
    [failed] = await said(local.client, "verification.failed.v1")
    assert (failed["data"]["shortfall"], failed["data"]["withheld"]) == ({}, ["D1"])
    [proven] = [one for one in (await local.client.get(PROOF)).json()["years"] if one["year"] == 2024]
    assert (proven["state"], proven["withheld"]) == ("fail", ["D1"])
    assert await words(local, "en") == (
        "Decided here: fail, and no certificate is issued. Every requirement is met. "
        "An inspection was failed (deduction D1), so the year is withheld, however many hours it has."
    )
    assert await words(local, "zh") == (
        "本平台判定年度验证不通过，不办理证书。达到全部学时要求。"
        "检查不合格（扣减 D1），不论学时多少，本年度不予验证。"
    )
    because = (await local.client.get(f"{YEAR}/why")).json()["because"]
    assert [one["inputs"]["withheld"] for one in because] == [["D1"], ["D1"]]
    assert all("D1" in one["words"] for one in because)
    await judge(local.client, "k2")
    assert (await result(local.client, "T1"))["revision"] == 2, "asked again, the same"
    assert await local.world.rebuild("verification") == []

    await local.ledger.deduct("T1", "D2", withholds=True)
    await local.ledger.deduct("T1", "D1")
    assert (await result(local.client, "T1"))["withheld"] == ["D2"]
    await local.ledger.deduct("T1", "D2")
    found = await result(local.client, "T1")
    assert (found["outcome"], found["withheld"], found["figures"]["professional"]) == ("pass", [], "50.00")
    assert await kinds(local) == ["passed", "revoked", *["failed"] * 3, "passed"]
    assert "withheld" not in await words(local, "en")
    assert await local.world.rebuild("verification") == []


async def test_a_run_finds_a_year_withheld_that_was_so_before_it_was_judged(local: Office) -> None:
    await local.ledger.deduct("T1", "D1", withholds=True)
    await judged(local)
    assert (await result(local.client, "T1"))["outcome"] == "fail"
    asked = {"year": 2024, "scope": {"kind": "everyone"}}
    more = {"supposed": [{"teacher": "T1", "hours": {"professional": "100"}}]}
    [one] = (await local.client.post("/v1/what-if", json=asked | more)).json()["items"]
    assert (one["in_force"]["outcome"], one["draft"]["outcome"], one["differs"]) == ("fail", "fail", False)
    assert "(deduction D1)" in one["draft"]["words"]


async def test_a_pass_of_the_province_is_in_doubt_while_the_year_is_withheld(province: Office) -> None:
    await judged(province)
    assert (await province.client.post("/v1/verdicts", json=V1)).status_code == 201
    [passed] = await said(province.client, "verification.passed.v1")
    await province.ledger.deduct("T1", "D1", withholds=True)
    found = await result(province.client, "T1")
    assert (found["outcome"], found["predicted"], found["doubted"]) == ("pass", "fail", True)
    [doubted] = await said(province.client, "verification.doubted.v1")
    assert doubted["data"]["doubts"] == f"verification/{passed['partition']}/{passed['seq']}"
    assert (doubted["data"]["shortfall"], doubted["data"]["withheld"]) == ({}, ["D1"])
    submitted = await said(province.client, "verification.submitted.v1")
    assert [event["data"]["withheld"] for event in submitted] == [[], ["D1"]]
    assert "检查不合格，结果存疑" in await words(province, "zh")
    [row] = (await province.client.get("/v1/discrepancies?state=open")).json()["items"]
    assert (row["predicted"], row["decided"], row["difference"]) == ("fail", "pass", {})
    assert await province.world.rebuild("verification") == []

    await province.ledger.deduct("T1", "D1")
    found = await result(province.client, "T1")
    assert (found["outcome"], found["doubted"], found["verdict"]) == ("pass", False, "V1")
    assert await kinds(province) == ["passed", "revoked", "passed"]
    assert (await province.client.get("/v1/discrepancies?state=open")).json()["items"] == []
    assert await province.world.rebuild("verification") == []


async def test_years_and_cycles_are_told_as_they_were_before_and_under_a_deduction(local: Office) -> None:
    then = Then(local.world, "verification", local.client, (YEAR, f"{YEAR}/why", PROOF, CYCLES))
    then.moves_to(START)
    await judged(local)
    await then.keeps(START)
    then.moves_to(START + DAY)
    await local.ledger.deduct("T1", "D1", withholds=True, professional="4")
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    await local.ledger.deduct("T1", "D1", professional="3")
    await then.answers_alike()
    years = [answers[0] for answers in then.kept.values()]
    assert [(one["outcome"], one["withheld"]) for one in years] == [("pass", []), ("fail", ["D1"])]
    assert [total(answers[3]) for answers in then.kept.values()] == ["98.00", "94.00"]
    assert total((await local.client.get(CYCLES)).json()) == "95.00"


def total(cycles: list[dict[str, Any]]) -> str:
    counted: str = cycles[0]["counted"]["total"]
    return counted


async def test_a_cycle_is_decided_by_what_counts_and_not_withheld(local: Office) -> None:
    await local.ledger.enrol("T1")
    for year in range(2020, 2025):
        await local.ledger.post("T1", {"professional": "73"}, year)
    await local.ledger.heard()
    await judge(local.client, "k1", cycle="NAT-02")
    await local.ledger.deduct("T1", "D1", withholds=True, professional="4")
    verdict = "/v1/teachers/T1/cycles/NAT-02/verdict?year=2024"
    told = (await local.client.get(verdict)).json()
    assert (told["outcome"], told["revision"], told["counted"]["total"]) == ("pass", 2, "361.00")
    await local.ledger.deduct("T1", "D1", withholds=True, professional="6")
    told = (await local.client.get(verdict)).json()
    assert (told["outcome"], told["missing"]) == ("fail", {"total": "1.00"})
    await local.ledger.deduct("T1", "D1")
    told = (await local.client.get(verdict)).json()
    assert (told["outcome"], told["counted"]["total"]) == ("pass", "365.00")
    assert await local.world.rebuild("verification") == []


async def test_hours_and_the_word_on_their_deduction_come_together_or_apart(local: Office) -> None:
    """Hours that are all deducted leave the year as it was; what took them is known all the same."""
    await judged(local)
    more, taken = posting("T1", 2024, "elective", "5"), deduction("T1", "D1", elective="5")
    await local.ledger.say([more, taken])
    await local.ledger.heard()
    assert (await result(local.client, "T1"))["revision"] == 1
    await local.ledger.say([reversal("T1", 2024, "elective", "5")])
    await local.ledger.heard()
    assert (await result(local.client, "T1"))["figures"]["elective"] == "13.00"
    await local.ledger.deduct("T1", "D1")
    assert (await result(local.client, "T1"))["figures"]["elective"] == "18.00"
    assert await local.world.rebuild("verification") == []
