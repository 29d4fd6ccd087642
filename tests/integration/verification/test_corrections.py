"""Where we decide: hours that change later judge the year again, in the transaction that hears of them."""

from decimal import Decimal
from typing import Any

from shared.contracts.hours import WaiverEnded, WaiverGranted
from shared.runtime.journal import Draft
from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import (
    JUNE,
    PASSING,
    SHORT,
    carried,
    enrolment,
    judge,
    posting,
    result,
    reversal,
    said,
)

VERDICTS = ("verification.passed.v1", "verification.failed.v1", "verification.revoked.v1")


async def kinds(office: Office) -> list[str]:
    return [event["type"].split(".")[1] for event in await said(office.client, *VERDICTS)]


async def test_hours_that_come_late_turn_a_fail_into_a_pass(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", SHORT)
    await local.ledger.heard()
    await judge(local.client, "k1")
    assert (await result(local.client, "T1"))["shortfall"] == {"elective": "1.00"}
    [late] = await local.ledger.post("T1", {"elective": "1"})
    await local.ledger.heard()
    found = await result(local.client, "T1")
    assert (found["outcome"], found["revision"], found["shortfall"]) == ("pass", 2, {})
    assert found["verdict"] == f"correction:{late.id}"
    assert await kinds(local) == ["failed", "passed"]


async def test_hours_taken_back_revoke_a_pass_before_the_fail_follows(local: Office) -> None:
    await local.ledger.enrol("T1")
    postings = await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    await judge(local.client, "k1")
    [passed] = await said(local.client, "verification.passed.v1")
    await local.ledger.take_back(postings[2])
    await local.ledger.heard()
    found = await result(local.client, "T1")
    assert (found["outcome"], found["revision"]) == ("fail", 2)
    assert found["shortfall"] == {"elective": "18.00", "total": "10.00"}
    events = await said(local.client, *VERDICTS)
    assert [event["type"] for event in events] == [
        "verification.passed.v1",
        "verification.revoked.v1",
        "verification.failed.v1",
    ]
    revoked = events[1]
    assert revoked["data"]["revokes"] == f"verification/{passed['partition']}/{passed['seq']}"
    assert events[2]["seq"] == revoked["seq"] + 1
    assert await local.world.rebuild("verification") == []


async def test_other_figures_behind_the_same_pass_are_a_new_revision(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    await judge(local.client, "k1")
    await local.ledger.post("T1", {"professional": "10"})
    await local.ledger.heard()
    found = await result(local.client, "T1")
    assert (found["outcome"], found["revision"]) == ("pass", 2)
    assert found["figures"]["professional"] == "60.00"
    assert await kinds(local) == ["passed", "revoked", "passed"]


async def test_what_leaves_the_figures_as_they_were_posts_nothing(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    await judge(local.client, "k1")
    await local.ledger.enrol("T1", school="S02")
    await local.ledger.heard()
    assert await kinds(local) == ["passed"]
    moved = (await local.client.get("/v1/results", params={"school": "S02"})).json()["items"]
    assert [row["teacher"] for row in moved] == ["T1"]


async def test_a_year_that_was_never_judged_is_not_judged_by_its_hours(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    assert await kinds(local) == []


async def test_carried_hours_change_the_next_year_and_not_their_own(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", PASSING)
    await local.ledger.post("T1", {"public": "30", "professional": "34", "elective": "18"}, 2025)
    await local.ledger.heard()
    await judge(local.client, "k24")
    await judge(local.client, "k25", 2025)
    assert (await result(local.client, "T1", 2025))["shortfall"] == {"professional": "8.00", "total": "8.00"}
    await local.ledger.carry("T1", 2024, "8")
    await local.ledger.heard()
    following = await result(local.client, "T1", 2025)
    assert (following["outcome"], following["figures"]["carried_in"]) == ("pass", "8.00")
    assert following["figures"]["professional"] == "34.00"
    same = await result(local.client, "T1")
    assert (same["revision"], same["figures"]["carried_in"]) == (1, "0.00")
    assert await kinds(local) == ["passed", "failed", "passed"]


async def test_a_later_statement_replaces_what_was_carried(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", {"public": "30", "professional": "40", "elective": "18"}, 2025)
    for hours in ("8", "0", "2"):
        await local.ledger.carry("T1", 2024, hours)
    await local.ledger.heard()
    await judge(local.client, "k1", 2025)
    found = await result(local.client, "T1", 2025)
    assert (found["outcome"], found["figures"]["carried_in"]) == ("pass", "2.00")


async def test_what_is_waived_is_taken_off_what_the_year_requires(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", {"public": "30", "professional": "42", "elective": "10"})
    await local.ledger.heard()
    await judge(local.client, "k1")
    assert (await result(local.client, "T1"))["shortfall"] == {"elective": "8.00", "total": "8.00"}
    await local.ledger.say([waiving("T1", 2023, 2024, {"elective": "8"})])
    await local.ledger.heard()
    found = await result(local.client, "T1")
    assert (found["outcome"], found["revision"]) == ("pass", 2)
    assert found["required"] == {
        "public": "30.00",
        "professional": "42.00",
        "elective": "10.00",
        "total": "82.00",
    }
    told = (await local.client.get("/v1/teachers/T1/years/2024/why")).json()
    checks = {check["item"]: check for check in told["because"][0]["checks"]}
    assert checks["elective"]["arithmetic"] == "18.00 − 8.00 = 10.00; 10.00 ≥ 10.00"
    assert "(90.00 h required, 8.00 h waived)" in checks["total"]["words"]
    assert checks["public"]["arithmetic"] == "30.00 ≥ 30.00"
    await local.ledger.say([waiving("T1", 2024, 2024, {}, whole=True)])
    await local.ledger.heard()
    assert set((await result(local.client, "T1"))["required"].values()) == {"0.00"}
    ended = WaiverEnded(waiver="W1", teacher="T1", first=2024, last=2024)
    await local.ledger.say([Draft("waiver.ended.v1", "teacher:T1", JUNE, "test@1", ended)])
    await local.ledger.heard()
    found = await result(local.client, "T1")
    assert (found["outcome"], found["shortfall"]) == ("fail", {"elective": "8.00", "total": "8.00"})
    verdicts = [event["data"]["verdict"] for event in await said(local.client, *VERDICTS[:2])]
    assert len(set(verdicts)) == len(verdicts) == 4
    assert await local.world.rebuild("verification") == []


def waiving(teacher: str, first: int, last: int, hours: dict[str, str], *, whole: bool = False) -> Draft:
    amounts = {category: Decimal(amount) for category, amount in hours.items()}
    fact = WaiverGranted(waiver="W1", teacher=teacher, first=first, last=last, hours=amounts, whole=whole)
    return Draft("waiver.granted.v1", f"teacher:{teacher}", JUNE, "test@1", fact)


def carry_out(event: dict[str, Any]) -> str:
    """GZ-VF-05 on the figures of a pass; a fail or a revocation carries nothing."""
    if event["type"] != "verification.passed.v1":
        return "0"
    figures = event["data"]["figures"]
    used_carried = min(Decimal(figures["carried_in"]), Decimal(42))
    fresh = Decimal(figures["professional"])
    return str(fresh - min(fresh, 42 - used_carried))


async def test_a_round_of_verdicts_and_carry_overs_comes_to_an_end(local: Office) -> None:
    """Even a ledger that answers every single fact, revocations too, stops after the last judged year."""
    years = range(2021, 2024)
    await local.ledger.enrol("T1")
    for year in years:
        await local.ledger.post("T1", {"public": "30", "professional": "45", "elective": "18"}, year)
    await local.ledger.heard()
    for year in years:
        await judge(local.client, f"k{year}", year)
    heard = 0
    await local.ledger.post("T1", {"professional": "20"}, 2021)
    for _ in range(2 ** len(years)):
        await local.ledger.heard()
        events = (await said(local.client, *VERDICTS))[heard:]
        if not events:
            break
        heard += len(events)
        for event in events:
            await local.ledger.carry("T1", event["data"]["year"], carry_out(event))
    else:
        raise AssertionError("verdicts and carry-overs keep each other going")
    carried_in = [(await result(local.client, "T1", year))["figures"]["carried_in"] for year in years]
    assert carried_in == ["0.00", "23.00", "26.00"]
    assert (await result(local.client, "T1", 2021))["revision"] == 2
    assert await local.world.rebuild("verification") == []


async def test_a_batch_that_ends_where_it_began_judges_nothing_again(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", PASSING)
    await local.ledger.heard()
    await judge(local.client, "k1")
    await local.ledger.say([posting("T1", 2024, "elective", "5"), reversal("T1", 2024, "elective", "5")])
    await local.ledger.heard()
    assert (await result(local.client, "T1"))["revision"] == 1
    stated = await said(local.client, "figures.heard.v1")
    assert [event["data"]["hours"]["elective"] for event in stated] == ["18.00"]


async def test_everything_in_one_batch_is_heard_in_its_order(local: Office) -> None:
    drafts = [enrolment("T1")] + [posting("T1", 2024, kind, hours) for kind, hours in PASSING.items()]
    await local.ledger.say([*drafts, *[enrolment(f"T{n}") for n in range(2, 30)]])
    await local.ledger.heard()
    assert (await judge(local.client, "k1"))["passed"] == 1
    assert carried("T1", 2024, "8").to_year == 2025
