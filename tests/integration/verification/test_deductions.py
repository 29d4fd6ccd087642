"""What a failed inspection takes of a year: judged again, and taken back."""

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, deduction, judge, posting, result, reversal, said

VERDICTS = ("verification.passed.v1", "verification.failed.v1", "verification.revoked.v1")
ENOUGH = {"public": "30", "professional": "42", "elective": "18"}


async def judged(office: Office, hours: dict[str, str] = PASSING) -> None:
    await office.ledger.enrol("T1")
    await office.ledger.post("T1", hours)
    await office.ledger.heard()
    await judge(office.client, "k1")


async def kinds(office: Office) -> list[str]:
    return [event["type"].split(".")[1] for event in await said(office.client, *VERDICTS)]


async def test_what_is_deducted_fails_a_passed_year_until_it_is_less_or_withdrawn(local: Office) -> None:
    await judged(local, ENOUGH)
    first = await local.ledger.deduct("T1", "D1", elective="4")
    found = await result(local.client, "T1")
    assert (found["outcome"], found["figures"]["elective"]) == ("fail", "14.00")
    assert found["shortfall"] == {"elective": "4.00", "total": "4.00"}
    assert found["verdict"] == f"correction:{first.id}"
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
