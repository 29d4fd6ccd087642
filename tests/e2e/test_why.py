"""Why: every decision on a teacher's year answers with rule, clause, Chinese words, inputs and arithmetic."""

from typing import Any

import httpx
import pytest

from shared.policy.loader import builtin
from tests.e2e.test_scenarios import LAST, happy_records
from tests.support.city import City
from tests.support.deeds import person, record, shared
from tests.support.world import World

PACK = builtin()


@pytest.fixture
async def city(world: World) -> City:
    """T1 is cut, granted one exchange, refused one, passes with a surplus; T2 falls short."""
    city = await City.serve(world)
    await city.enrol(person("T1"), person("T2"))
    await city.do(
        *(shared(f"r{n}", "T1", f"2024-02-0{n + 1}") for n in range(6)), shared("x", "T2", "2024-02-01")
    )
    await city.exchange("granted", "T1", "professional", 1, "2024-02-09T08:00:00+08:00")
    refused = await city.ask("refused", "T1", "professional", 11, LAST)
    assert refused.status_code == 409
    await city.register(*happy_records("T1"), record("over", "T1", "GZ-HR-2.04", "14"))
    await city.close(2024)
    await city.verify(2024)
    await city.certificate("T1", 2024)
    return city


async def told(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """The answer in Chinese; in English it says the same in other words."""
    chinese, english = [
        (await client.get(address, headers={"Accept-Language": language})).json() for language in ("zh", "en")
    ]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese["words"])
    assert chinese["words"] != english["words"]
    assert chinese.get("arithmetic") == english.get("arithmetic")
    found: dict[str, Any] = chinese
    return found


def hold(said: dict[str, Any], rule: str, *arithmetic: str) -> None:
    """The rule's own clause and words, inputs, and these lines of arithmetic."""
    ground = PACK.lookup(rule)
    assert ground is not None
    quoted = next(quoted for quoted in said["rules"] if quoted["rule"] == rule)
    assert (quoted["clause"], quoted["words"]) == (ground.clause, getattr(ground, "words", None))
    assert said["inputs"]
    assert said["arithmetic"] == list(arithmetic)


async def lines(city: City, teacher: str, kind: str) -> list[dict[str, Any]]:
    """The entries of one type in a statement of points."""
    items = (await city.points.get(f"/v1/teachers/{teacher}/statement")).json()["items"]
    return [item for item in items if item["type"] == kind]


async def test_everything_in_a_year_can_be_asked_why(city: City) -> None:
    awards = await lines(city, "T1", "points.awarded.v1")
    hold(await told(city.points, awards[0]["why"]), "GZ-BP-04", "max(0, min(20, 100 − 0)) = 20")
    hold(await told(city.points, awards[5]["why"]), "GZ-BP-04", "max(0, min(20, 100 − 100)) = 0")
    [expired] = await lines(city, "T2", "points.expired.v1")
    hold(await told(city.points, expired["why"]), "GZ-EX-03", "20 − 20 = 0")
    for request, sums in (
        ("granted", ["0 + 1 = 1 ≤ 10", "1 × 100 = 100 ≤ 100"]),
        ("refused", ["1 + 11 = 12 > 10"]),
    ):
        asked = (await city.points.get(f"/v1/exchanges/{request}")).json()
        hold(await told(city.points, asked["why"]), "GZ-EX-01", *sums)

    over = (await city.hours.get("/v1/records/over")).json()
    cut = ["10.00 − 0.00 = 10.00", "min(14.00, 10.00) = 10.00", "14.00 − 10.00 = 4.00"]
    hold(await told(city.hours, over["why"]), "GZ-HR-2.04", *cut)
    statement = (await city.hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()["items"]
    [carried] = [line for line in statement if line["type"] == "hours.carried_over.v1"]
    said = await told(city.hours, carried["why"])
    formula = ["min(0.00, 42.00) = 0.00", "min(43.00, 42.00 − 0.00) = 42.00"]
    for rule in ("GZ-VF-04", "GZ-VF-05"):
        hold(said, rule, *formula, "43.00 − 42.00 = 1.00", "0.00 − 0.00 = 0.00")

    for teacher, elective in (("T1", "18.00 ≥ 18.00"), ("T2", "0.00 < 18.00; 18.00 − 0.00 = 18.00")):
        said = await told(city.verification, f"/v1/teachers/{teacher}/years/2024/why")
        for reason in said["because"]:
            checks = {check["item"]: check["arithmetic"] for check in reason["checks"]}
            assert checks["elective"] == elective
            hold({**reason, "arithmetic": []}, "GZ-VF-02")
    number = (await city.certificate("T1", 2024))["number"]
    certificate = (await city.certificates.get(f"/v1/certificates/{number}/why")).json()
    assert certificate["rule"]["words"] == getattr(PACK.lookup("CT-01"), "words", None)


async def test_a_record_that_is_refused_quotes_the_rule_and_says_what_is_wrong(city: City) -> None:
    body = record("late", "T1", "GZ-HR-2.04", "3", 2025, category="elective")
    refused = (await city.hours.post("/v1/records", json=body, headers={"Accept-Language": "zh"})).json()
    ground = PACK.lookup("GZ-HR-2.04")
    assert ground is not None
    assert (refused["rule"], refused["clause"]) == (ground.id, ground.clause)
    assert refused["words"] == getattr(ground, "words", None)
    assert refused["detail"] == "本项学时的科目类别为“专业科目”,而非“个人选修科目”。"
