"""An inspection takes hours of a year that passed: the certificate is withheld until that is taken back."""

from pathlib import Path

import pytest

from tests.support.city import SERVICES, City
from tests.support.deductions import with_deductions
from tests.support.deeds import person, record
from tests.support.signing import calling
from tests.support.world import World

pytestmark = pytest.mark.long

YEAR = 2024
ENOUGH = (("GZ-HR-1.01", "30"), ("GZ-HR-2.01", "46"), ("GZ-HR-3.01", "18"))
"""Four professional hours more than the year asks."""


async def test_a_failed_inspection_withholds_a_certificate_until_it_is_withdrawn(
    world: World, tmp_path: Path
) -> None:
    pack = with_deductions(tmp_path)
    city = await City.serve(world, **{f"{service.upper()}_PACK": pack for service in SERVICES})
    await city.enrol(person("T1"))
    await city.register(*(record(f"R{rule}", "T1", rule, hours, YEAR) for rule, hours in ENOUGH))
    assert (await city.verify(YEAR))["passed"] == 1
    issued = await city.certificate("T1", YEAR)
    assert issued["hours"]["professional"] == "46.00"

    body = {"teacher": "T1", "year": YEAR, "rule": "SCH-01", "reason": "检查时未能出示学习笔记"}
    by = {"Idempotency-Key": "D1", **calling("operator:local")}
    answer = await city.hours.post("/v1/deductions", json=body, headers=by)
    assert (answer.status_code, answer.json()["hours"]) == (201, {"professional": "4.00"})
    assert (await city.certificate("T1", YEAR, "suspended"))["number"] == issued["number"]
    await world.heard("verification", "hours")
    found = await city.result("T1", YEAR)
    assert (found["outcome"], found["shortfall"]) == ("fail", {}), "every hour is there, and it is withheld"
    why = (await city.verification.get(f"/v1/teachers/T1/years/{YEAR}/why")).json()
    assert "D1" in str(why)

    back = {"Idempotency-Key": "D1-back", **calling("operator:local")}
    answer = await city.hours.post("/v1/deductions/D1/withdrawal", json={"reason": "复查合格"}, headers=back)
    assert answer.status_code == 200, answer.text
    again = await city.certificate("T1", YEAR)
    assert (again["number"], again["hours"]["professional"]) == (issued["number"], "46.00")
    assert (await city.result("T1", YEAR))["outcome"] == "pass"
    for service in SERVICES:
        assert await world.rebuild(service) == []
