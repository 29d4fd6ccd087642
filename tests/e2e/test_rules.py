"""What the interfaces say of the rules: those in force with their words, the reserved as disabled."""

from typing import Any

import pytest

from shared.policy.loader import builtin
from tests.support.city import City
from tests.support.deeds import act, person, record, shared, topic, workshop
from tests.support.world import World

PACK = builtin()
ORIGINAL = {rule.id: rule for _, rule in PACK.placed()}
EVERYTHING = [
    *workshop("w", "T1", "2024-03-01"),
    *topic("t", "T1", "2024-03-02T20:00:00+08:00", 20),
    *(
        act("workshop.joined", f"R{n:03}", "2024-03-03T09:00:00+08:00", f"j{n}", workshop="w")
        for n in range(10)
    ),
    act("session.created", "T1", "2024-03-04T09:00:00+08:00", "s", session="s", workshop="w"),
    *(
        act("session.joined", f"R{n:03}", "2024-03-05T09:00:00+08:00", f"a{n}", session="s")
        for n in range(10)
    ),
    act("session.outcome", "R001", "2024-03-06T09:00:00+08:00", "o", session="s", outcome="o"),
    act(
        "homework.recommended", "R001", "2024-03-07T09:00:00+08:00", "h", homework="h", workshop="w", by="T1"
    ),
    shared("r", "T1", "2024-03-08"),
    *(
        act("resource.rated", f"R{n:03}", "2024-03-09T09:00:00+08:00", f"rate{n}", resource="r", stars=4)
        for n in range(20)
    ),
]
"""Acts that earn something under every rule for points."""


@pytest.fixture
async def city(world: World) -> City:
    return await City.serve(world)


async def listed(city: City) -> dict[str, dict[str, Any]]:
    """What the services list, by service."""
    clients = {"points": city.points, "hours": city.hours, "verification": city.verification}
    return {name: (await client.get("/v1/rules")).json() for name, client in clients.items()}


async def test_every_rule_of_the_pack_is_listed_with_clause_and_words(city: City) -> None:
    rules = await listed(city)
    points, hours, verification = rules["points"], rules["hours"], rules["verification"]
    found = [*points["points"], points["exchange"], points["expiry"]]
    found += [*hours["sources"], hours["exchange"], hours["carry_over"], *verification["rules"]]
    expected = {rule.id for rule in (*PACK.points, *PACK.hours, *PACK.verification.rules)}
    expected |= {PACK.exchanged_by.id, PACK.expired_by.id, PACK.carried_by.id}
    assert {item["rule"] for item in found} == expected
    for item in found:
        rule = ORIGINAL[item["rule"]]
        assert (item["clause"], item["words"]) == (rule.clause, getattr(rule, "words", None))


async def test_every_reserved_item_is_listed_as_disabled(city: City) -> None:
    rules = await listed(city)
    slots = {slot.id: slot for slot in PACK.slots}
    found = [*rules["points"]["disabled"], *rules["hours"]["disabled"]]
    assert {item["rule"] for item in found} == set(slots)
    for item in found:
        assert (item["clause"], item["enabled"]) == (slots[item["rule"]].clause, False)


async def test_nothing_is_earned_or_registered_under_a_reserved_item(city: City) -> None:
    await city.enrol(person("T1"))
    await city.do(*EVERYTHING)
    awards = (await city.points.get("/v1/awards", params={"year": 2024, "limit": 1000})).json()["items"]
    assert {award["rule"] for award in awards} == {rule.id for rule in PACK.points}
    for slot in PACK.slots:
        body = record("r", "T1", "GZ-HR-2.02", "8") | {"source_rule": slot.id}
        refused = await city.hours.post("/v1/records", json=body)
        expected = (409, "rule.disabled") if slot.section == "hours" else (422, "rule.unknown")
        assert (refused.status_code, refused.json()["code"]) == expected
