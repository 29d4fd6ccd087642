"""A place that gives no points and carries nothing over, written as a pack alone, through all services."""

from pathlib import Path

import pytest

from tests.support.city import SERVICES, City
from tests.support.deeds import act, person, record
from tests.support.world import World

PACK = Path(__file__).with_name("island.toml")
YEAR = 2024


@pytest.fixture
async def island(world: World) -> City:
    return await City.serve(world, **{f"{service.upper()}_PACK": str(PACK) for service in SERVICES})


async def learn(island: City, teacher: str, boats: str, nets: str) -> None:
    for rule, category, hours in (("IS-01", "boats", boats), ("IS-02", "nets", nets)):
        one = record(f"{teacher}-{category}", teacher, rule, hours, YEAR, category=category)
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
    assert asked.json()["detail"] == "The rules in force here exchange no points for hours."
    accounts = (await island.points.get("/v1/accounts", params={"year": YEAR})).json()
    assert accounts["items"] == []
    rules = {service: (await getattr(island, service).get("/v1/rules")).json() for service in SERVICES[:3]}
    assert (rules["points"]["exchange"], rules["points"]["expiry"]) == (None, None)
    assert (rules["hours"]["exchange"], rules["hours"]["carry_over"]) == (None, None)
    assert rules["verification"]["carry_over"] is None
