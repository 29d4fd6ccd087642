"""A change under a verified year, through the four services: judged again, carried again, certified again."""

from typing import Any

import pytest

from tests.e2e.test_scenarios import happy_records
from tests.support.city import SERVICES, City
from tests.support.deeds import person, record
from tests.support.world import World, until


async def correct(city: City, number: str, corrected: dict[str, Any]) -> None:
    """Register a record anew; it is taken."""
    answer = await city.hours.post(
        f"/v1/records/{number}/correction",
        json={**corrected, "reason": "学时登记有误"},
        headers={"Idempotency-Key": number},
    )
    assert answer.status_code == 201, answer.text


async def judged(city: City, year: int, outcome: str, carry_out: str) -> None:
    """Wait until a year has its outcome and what it carries, wherever the news of it has to come from."""

    async def there() -> bool:
        standing = await city.result("T1", year)
        carried = (await city.totals("T1", year))["carry_out"]
        return (standing["outcome"], carried) == (outcome, carry_out)

    await until(there)


@pytest.mark.long
async def test_ct_03_a_correction_after_the_close_suspends_and_reinstates_every_year_that_rests_on_it(
    world: World,
) -> None:
    city = await City.serve(world)
    await city.enrol(person("T1"))
    await city.register(*happy_records("T1"), record("more", "T1", "GZ-HR-2.02", "38"))
    await city.close(2024)
    await city.verify(2024)
    await judged(city, 2024, "pass", "28.00")
    await city.register(
        record("p25", "T1", "GZ-HR-1.01", "30", 2025),
        record("f25", "T1", "GZ-HR-2.01", "20", 2025),
        record("e25", "T1", "GZ-HR-3.01", "18", 2025),
    )
    await world.heard("verification", "hours")
    await city.verify(2025)
    await judged(city, 2025, "pass", "6.00")
    numbers = {year: (await city.certificate("T1", year))["number"] for year in (2024, 2025)}
    too_few, right = (record(f"fixed-{hours}", "T1", "GZ-HR-1.01", hours) for hours in ("29", "30"))
    refused = await city.hours.post(
        "/v1/records/T1-2024-public/correction",
        json={**too_few, "reason": "多登"},
        headers={"Idempotency-Key": "too early"},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "year.closed")

    order = {"teacher": "T1", "until": "2099-12-31", "reason": "公需科目多登一学时"}
    opened = await city.hours.post(
        "/v1/years/2024/reopenings", json=order, headers={"Idempotency-Key": "reopening"}
    )
    assert opened.status_code == 201, opened.text
    await correct(city, "T1-2024-public", too_few)
    await judged(city, 2024, "fail", "0.00")
    await judged(city, 2025, "fail", "0.00")
    assert (await city.result("T1", 2024))["shortfall"] == {"public": "1.00"}
    for year, number in numbers.items():
        assert (await city.certificate("T1", year, "suspended"))["number"] == number

    await correct(city, "fixed-29", right)
    await judged(city, 2024, "pass", "28.00")
    await judged(city, 2025, "pass", "6.00")
    for year, number in numbers.items():
        certificate = await city.certificate("T1", year)
        assert (certificate["number"], certificate["version"]) == (number, 1), "reinstated: it says the same"

    await correct(city, "fixed-30", record("fixed-31", "T1", "GZ-HR-1.01", "31"))
    await judged(city, 2024, "pass", "28.00")

    async def replaced() -> bool:
        certificate = await city.certificate("T1", 2024)
        return (certificate["number"], certificate["version"]) == (numbers[2024], 2)

    await until(replaced)
    lines = (await city.hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()
    assert lines["totals"]["carry_out"] == "28.00", "GZ-VF-06: several verdicts, one consumption"
    assert sum(line["type"] == "hours.year_reopened.v1" for line in lines["items"]) == 1
    for service in SERVICES:
        assert await world.rebuild(service) == [], service
