"""A place that gives no points and carries nothing over, written as a pack alone, through all services."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from certificates.verifying.operations import look_up
from deploy.policy.trying import try_examples, without_examples
from shared.policy import loader
from tests.support.city import SERVICES, City
from tests.support.deeds import act, person, record
from tests.support.signing import calling
from tests.support.world import World, until

pytestmark = pytest.mark.long

PACK = Path(__file__).with_name("island.toml")
YEAR = 2024


@pytest.fixture
async def island(world: World) -> City:
    return await City.serve(world, **{f"{service.upper()}_PACK": str(PACK) for service in SERVICES})


async def learn(island: City, teacher: str, boats: str, nets: str, year: int = YEAR) -> None:
    for rule, category, hours in (("IS-01", "boats", boats), ("IS-02", "nets", nets)):
        one = record(f"{teacher}-{year}-{category}", teacher, rule, hours, year, category=category)
        await island.register(one)


async def test_a_place_without_points_and_carry_over_goes_from_a_course_to_a_certificate(
    island: City, world: World
) -> None:
    await island.enrol(person("T1"), person("T2"))
    await learn(island, "T1", "9", "7")
    await learn(island, "T2", "8", "5.5")
    outlook = (await island.hours.get("/v1/teachers/T2/outlook", params={"year": YEAR})).json()
    assert (outlook["missing"]["hours"], outlook["carry_over"], outlook["plan"]["points"]) == (
        "0.50",
        None,
        0,
    )
    assert {way["kind"] for way in outlook["ways"]} == {"rule"}
    run = await island.verify(YEAR)
    assert (run["passed"], run["failed"]) == (1, 1)
    assert (await island.result("T2", YEAR))["shortfall"] == {"total": "0.50"}
    certificate = await island.certificate("T1", YEAR)
    assert certificate["hours"] == {"boats": "9.00", "nets": "6.00", "total": "15.00"}
    page = await island.certificates.get(
        f"/verify/{certificate['number']}", headers={"Accept": "text/html", "Accept-Language": "zh"}
    )
    assert "岛教育局" in page.text
    assert "结转" not in page.text
    statement = (await island.hours.get("/v1/teachers/T1/statement", params={"year": YEAR})).json()
    assert [line["hours"] for line in statement["items"]] == ["9.00", "6.00"]
    await island.close(YEAR)
    after = await island.hours.get("/v1/teachers/T1/statement", params={"year": YEAR + 1})
    assert after.json()["items"] == [], "nothing is carried over"
    for service in SERVICES:
        assert await world.rebuild(service) == []


async def test_where_no_points_are_given_acts_and_exchanges_are_refused_and_accounts_are_empty(
    island: City,
) -> None:
    await island.enrol(person("T1"))
    sent = await island.points.post(
        "/v1/activities", json=[act("topic.started", "T1", "2024-03-01T10:00:00+08:00", "a", topic="t")]
    )
    assert sent.json()["accepted"] == 1, "an act is kept, and earns nothing"
    balance = (await island.points.get("/v1/teachers/T1/balance")).json()
    assert (balance["balance"], balance["exchangeable"]) == (0, {})
    forecast = (await island.points.get("/v1/teachers/T1/forecast")).json()
    assert (forecast["points"], forecast["rule"]) == (0, None)
    asked = await island.ask("E1", "T1", "boats", 1, "2024-04-01T10:00:00+08:00")
    assert (asked.status_code, asked.json()["code"]) == (422, "exchange.not_offered")
    words = (await island.points.get("/problems/exchange.not_offered")).json()["detail"]
    assert words == {
        "en": "The rules in force here exchange no points for hours.",
        "zh": "现行规则未规定以积分兑换学时。",
    }
    accounts = (await island.points.get("/v1/accounts", params={"year": YEAR})).json()
    assert accounts["items"] == []
    rules = {service: (await getattr(island, service).get("/v1/rules")).json() for service in SERVICES[:3]}
    assert (rules["points"]["exchange"], rules["points"]["expiry"]) == (None, None)
    assert (rules["hours"]["exchange"], rules["hours"]["carry_over"]) == (None, None)
    assert rules["verification"]["carry_over"] is None


def test_the_examples_of_the_place_hold() -> None:
    pack = loader.load(PACK)
    assert list(try_examples(pack)) == []
    assert without_examples(pack) == []
    assert pack.uncovered() == []


async def test_several_years_together_are_told_with_what_stands_in_and_as_they_were_known(
    island: City,
) -> None:
    await island.enrol(person("T1"), person("T2", school="S02"))
    for year, boats, nets in ((2023, "15", "4"), (2024, "9", "6")):
        await learn(island, "T1", boats, nets, year)

    async def cycles(year: int, teacher: str = "T1", **headers: str) -> Any:
        path = f"/v1/teachers/{teacher}/cycles"
        return await island.verification.get(path, params={"year": year}, headers=headers)

    async def heard(cycle: int, counted: str) -> bool:
        found: Any = (await cycles(2025)).json()
        return bool(found[cycle]["counted"]["total"] == counted)

    await until(partial(heard, 0, "34.00"))
    three, two = (await cycles(2025, **{"Accept-Language": "zh"})).json()
    assert (three["cycle"], three["first"], three["last"], three["outcome"]) == ("IS-06", 2023, 2025, "fail")
    assert (three["missing"], three["filled"]) == ({"nets": "2.00", "total": "2.00"}, [])
    assert "2023 至 2025 年:截至 2025 年尚未达到全部要求" in three["words"]
    assert three["short_years"] == [2025]
    assert (two["first"], two["missing"]) == (2024, {"total": "5.00"})
    before = (await cycles(2024)).json()[0]
    assert (before["counted"]["total"], before["short_years"]) == ("34.00", [])
    await learn(island, "T1", "4", "0.5", 2025)
    await until(partial(heard, 0, "38.50"))
    three, two = (await cycles(2025)).json()
    assert three["outcome"] == "pass"
    assert three["filled"] == [{"surplus": "boats", "category": "nets", "amount": "1.50"}]
    assert [one["words"] for one in three["checks"]][1] == (
        "nets: 10.50 h counted, at least 12.00 h asked, 1.50 h of it stood in for by boats, met."
    )
    assert three["rule"]["clause"] == "6"
    assert "2025 has less than a year should have, which decides nothing: total 5.50 h." in three["words"]
    assert (two["outcome"], two["missing"], two["short_years"]) == ("fail", {"total": "0.50"}, [2025])
    listed = (await island.verification.get("/v1/cycles/IS-06", params={"year": 2025})).json()["items"]
    assert [(one["teacher"], one["outcome"]) for one in listed] == [("T1", "pass"), ("T2", "fail")]
    first = await island.verification.get("/v1/cycles/IS-06", params={"year": 2025, "limit": 1})
    rest = await island.verification.get(
        "/v1/cycles/IS-06", params={"year": 2025, "cursor": first.json()["next"]}
    )
    assert [one["teacher"] for one in rest.json()["items"]] == ["T2"]
    others = (await island.verification.get("/v1/cycles/IS-06?year=2025&school=S02")).json()["items"]
    assert [one["teacher"] for one in others] == ["T2"]
    within = await island.verification.get("/v1/cycles/IS-06?year=2025", headers=calling("school:S02"))
    assert [one["teacher"] for one in within.json()["items"]] == ["T2"]
    assert (await cycles(2022)).json()[0]["cycle"] == "IS-07", "the three years begin in 2023"
    for cycle, year in (("IS-06", 2022), ("IS-99", 2025)):
        refused = await island.verification.get(f"/v1/cycles/{cycle}", params={"year": year})
        assert (refused.status_code, refused.json()["code"]) == (404, "cycle.unknown")
    assert (await cycles(2025, "T9")).json()[0]["counted"]["total"] == "0.00"
    outside = await cycles(2025, **calling("school:S02"))
    assert (outside.status_code, outside.json()["code"]) == (404, "teacher.out_of_reach")


async def test_a_cycle_is_decided_once_and_anew_when_its_hours_are_others(island: City, world: World) -> None:
    await island.enrol(person("T1"), person("T2", school="S02"))
    for year, boats, nets in ((2023, "15", "4"), (2024, "9", "6"), (2025, "4", "0.5")):
        await learn(island, "T1", boats, nets, year)
    run = await island.verify(2024, cycle="IS-06")
    assert (run["year"], run["cycle"]) == (2025, "IS-06"), "a cycle is judged whole"
    assert (run["done"], run["passed"], run["failed"], run["changed"]) == (2, 1, 1, 2)
    again = await island.verify(2025, key="again", cycle="IS-06")
    assert (again["passed"], again["failed"], again["changed"]) == (1, 1, 0)
    await island.verify(2025, cycle="IS-07")

    async def verdict(teacher: str = "T1", cycle: str = "IS-06", **headers: str) -> Any:
        path = f"/v1/teachers/{teacher}/cycles/{cycle}/verdict"
        return await island.verification.get(path, params={"year": 2025}, headers=headers)

    told = (await verdict(**{"Accept-Language": "zh"})).json()
    assert (told["outcome"], told["first"], told["last"], told["revision"]) == ("pass", 2023, 2025, 1)
    assert (told["verdict"], told["policy"], told["short_years"]) == (run["run"], "island@1", [2025])
    assert told["filled"] == [{"surplus": "boats", "category": "nets", "amount": "1.50"}]
    assert (told["rule"]["clause"], told["missing"]) == ("6", {})
    assert told["words"].startswith("2023 至 2025 年:周期验证通过")
    assert "2025 年低于年度原则要求(不影响周期结果):" in told["words"]
    assert "2025 has less than a year should have" in (await verdict()).json()["words"]
    two = (await verdict(cycle="IS-07")).json()
    assert (two["outcome"], two["missing"], two["short_years"]) == ("fail", {"total": "0.50"}, [2025])

    async def listed(cycle: str, **asked: Any) -> list[tuple[str, str]]:
        answer = await island.verification.get(f"/v1/cycles/{cycle}/verdicts", params={"year": 2025, **asked})
        return [(one["teacher"], one["outcome"]) for one in answer.json()["items"]]

    assert await listed("IS-06") == [("T1", "pass"), ("T2", "fail")]
    assert await listed("IS-06", outcome="pass") == [("T1", "pass")]
    assert await listed("IS-06", school="S02") == [("T2", "fail")]
    assert await listed("IS-06", short=False) == [], "a year that only warns is listed"
    assert await listed("IS-99") == []
    page = await island.verification.get("/v1/cycles/IS-06/verdicts", params={"year": 2025, "limit": 1})
    rest = await island.verification.get(
        "/v1/cycles/IS-06/verdicts", params={"year": 2025, "cursor": page.json()["next"]}
    )
    assert [one["teacher"] for one in rest.json()["items"]] == ["T2"]
    nobody = await verdict(cycle="IS-99")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "cycle.undecided")

    key = {"Idempotency-Key": "wrong"}
    await island.hours.post("/v1/records/T1-2023-boats/reversal", json={"reason": "登记有误"}, headers=key)

    async def revised() -> bool:
        return bool((await verdict()).json()["revision"] == 2)

    await until(revised)
    told = (await verdict()).json()
    assert (told["outcome"], told["verdict"].partition(":")[0]) == ("fail", "correction")
    assert told["missing"] == {"boats": "11.00", "nets": "1.50", "total": "12.50"}
    assert [step["type"] for step in told["history"]] == [
        "cycle.passed.v1",
        "cycle.revoked.v1",
        "cycle.failed.v1",
    ]
    assert (await verdict(cycle="IS-07")).json()["revision"] == 1, "its years are others"
    assert await world.rebuild("verification") == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"cycle": "IS-99", "year": 2025}, 404, "cycle.unknown"),
        ({"cycle": "IS-06", "year": 2022}, 404, "cycle.unknown"),
        ({"cycle": "IS-06", "year": 2024, "at": "2024-12-31T23:59:59+08:00"}, 422, "year.not_begun"),
    ],
)
async def test_a_cycle_that_nobody_asks_for_or_that_goes_on_is_not_judged(
    island: City, asked: dict[str, Any], status: int, code: str
) -> None:
    await island.enrol(person("T1"))
    body = {"scope": {"kind": "everyone"}, **asked}
    refused = await island.verification.post("/v1/runs", json=body, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_cycle_that_is_passed_is_certified_and_verified_by_anybody_while_it_is_valid(
    island: City, world: World
) -> None:
    await island.enrol(person("T1", "陈小琳"), person("T2"))
    for year, boats, nets in ((2023, "15", "4"), (2024, "9", "6"), (2025, "4", "0.5")):
        await learn(island, "T1", boats, nets, year)
    await island.verify(2023)
    annual = await island.certificate("T1", 2023)
    await island.verify(2025, cycle="IS-06")
    await island.verify(2025, cycle="IS-07")
    found = await island.certificate("T1", 2023, kind="cycle")
    number = found["number"]
    assert number[:17] == "99990020238000001", "division, first year of the cycle, kind, serial"
    assert annual["number"][:17] == "99990020235000001", "the year has a number of its own"
    assert (found["last"], found["valid_until"]) == (2025, "2026-12-31")
    assert found["hours"] == {"boats": "28.00", "nets": "10.50", "total": "38.50"}
    page = await island.certificates.get(
        f"/verify/{number}", headers={"Accept": "text/html", "Accept-Language": "zh"}
    )
    for shown in ("2023—2025", "2026-12-31", "周期证书", "陈*琳", "<b>10.5</b>"):
        assert shown in page.text, shown
    service = world.apps["certificates"].state
    for instant, state in (
        ("2026-12-31T23:59:59+08:00", "valid"),
        ("2027-01-01T00:00:00+08:00", "expired"),
    ):
        now = datetime.fromisoformat(instant)
        told = await look_up(service.service.context, service.reader, number, None, now)
        assert told.state == state
    why = (await island.certificates.get(f"/v1/certificates/{number}/why")).json()
    assert (why["rule"]["clause"], why["words"][:37]) == ("8", "Rests on the pass of 2023 to 2025, de")
    assert [line["arithmetic"] for line in why["arithmetic"]] == [
        "28.00 ≥ 24.00",
        "10.50 + 1.50 ≥ 12.00",
        "38.50 ≥ 36.00",
    ]

    more = record("more", "T1", "IS-01", "1", 2025, category="boats")
    await island.register(more)

    async def is_replaced() -> bool:
        current = (await island.certificates.get(f"/v1/certificates/{number}")).json()
        return bool(current["version"] == 2)

    await until(is_replaced)
    versions = (await island.certificates.get(f"/v1/certificates/{number}")).json()["versions"]
    assert [one["state"] for one in versions] == ["superseded", "valid"], "one person, one number"
    for wrong in ("more", "T1-2023-boats"):
        key = {"Idempotency-Key": wrong}
        await island.hours.post(f"/v1/records/{wrong}/reversal", json={"reason": "登记有误"}, headers=key)
    suspended = await island.certificate("T1", 2023, "suspended", kind="cycle")
    assert suspended["number"] == number
    listed = (await island.certificates.get("/v1/certificates", params={"state": "expired"})).json()
    assert listed["items"] == []
    for service_name in SERVICES:
        assert await world.rebuild(service_name) == []
