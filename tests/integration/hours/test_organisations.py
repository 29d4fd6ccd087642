"""The tree of organisations over HTTP: rows by difference, codes with their days, nothing half done."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from shared.policy.calendar import day_of
from shared.runtime import clock
from tests.integration.hours.acts import key
from tests.support.world import World

PROVINCE = {"organisation": "P", "level": "province", "name": "广东省", "division": "440000"}
CITY = {"organisation": "C", "level": "city", "name": "深圳市", "parent": "P", "division": "440300"}
DISTRICT = {
    "organisation": "D",
    "level": "district",
    "name": "福田区",
    "parent": "C",
    "division": "440304",
    "division_since": "1990-01-04",
}
SCHOOL = {
    "organisation": "S",
    "level": "school",
    "name": "第一小学",
    "parent": "D",
    "school_code": "2144000001",
    "credit_code": "11330105002500287c",
}
WHOLE = (PROVINCE, CITY, DISTRICT, SCHOOL)


async def post(hours: httpx.AsyncClient, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await hours.post("/v1/organisations", json={"organisations": list(rows)}, headers=key())
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def codes(results: list[dict[str, Any]]) -> list[str]:
    return [row["outcome"] if "outcome" in row else row["problem"]["errors"][0]["code"] for row in results]


async def test_a_tree_is_registered_by_difference_and_bad_rows_fail_alone(world: World) -> None:
    hours = await world.serve("hours")
    orphan = {**SCHOOL, "organisation": "X", "parent": "nobody"}
    twin = {**SCHOOL, "organisation": "Y", "credit_code": ""}
    shapeless = {"organisation": "Z", "level": "county", "name": ""}
    results = await post(hours, *WHOLE, orphan, twin, shapeless)
    assert codes(results) == [
        *["registered"] * 4,
        "organisation.parent_unknown",
        "school_code.taken",
        "field.not_allowed",
    ]
    assert results[4]["problem"]["errors"][0]["path"] == "/parent"
    assert codes(await post(hours, *WHOLE)) == ["unchanged"] * 4
    assert codes(await post(hours, {**SCHOOL, "name": "福田第一小学"})) == ["changed"]
    shown = (await hours.get("/v1/organisations/S")).json()
    assert (shown["name"], shown["credit_code"]) == ("福田第一小学", "11330105002500287C")
    assert [above["organisation"] for above in shown["above"]] == ["D", "C", "P"]
    assert shown["divisions"] == []
    schools = (await hours.get("/v1/organisations", params={"level": "school"})).json()["items"]
    below = (await hours.get("/v1/organisations", params={"parent": "C"})).json()["items"]
    assert ([one["organisation"] for one in schools], [one["organisation"] for one in below]) == (
        ["S"],
        ["D"],
    )
    assert (await hours.get("/v1/organisations/X")).json()["code"] == "organisation.unknown"
    assert await world.rebuild("hours") == []


async def test_a_division_keeps_the_codes_it_had_with_their_days(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    recoded = {**DISTRICT, "division": "440305", "division_since": "2004-07-01"}
    assert codes(await post(hours, {**recoded, "division_since": "1980-01-01"})) == ["division.before_last"]
    assert codes(await post(hours, recoded)) == ["changed"]
    renamed = {**recoded, "name": "南山区"}
    del renamed["division_since"]
    assert codes(await post(hours, renamed)) == ["changed"]
    assert (await hours.get("/v1/organisations/D")).json()["divisions"] == [
        {"division": "440304", "since": "1990-01-04", "until": "2004-07-01"},
        {"division": "440305", "since": "2004-07-01", "until": None},
    ]
    assert codes(await post(hours, {**CITY, "division": "440400"})) == ["division.leaves_out"]
    ended = {"day": str(day_of(clock.now()))}
    for gone in "SD":
        answer = await hours.post(f"/v1/organisations/{gone}/abolition", json=ended, headers=key())
        assert answer.status_code == 200, answer.text
    assert codes(await post(hours, {**CITY, "division": "440400"})) == ["changed"], "nothing is left in it"
    assert await world.rebuild("hours") == []


async def test_the_day_of_a_code_is_corrected_and_none_is_to_come(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    recoded, today = {**DISTRICT, "division": "440305", "division_since": "2014-07-01"}, day_of(clock.now())
    ahead = {**recoded, "division_since": str(today + timedelta(1))}
    assert (
        codes(await post(hours, ahead, {**recoded, "division_since": "2062-07-01"}))
        == ["division.in_future"] * 2
    )
    assert codes(await post(hours, recoded, {**recoded, "division_since": "1980-01-01"})) == [
        "changed",
        "division.before_last",
    ]
    right = {**recoded, "division_since": "2004-07-01"}
    assert codes(await post(hours, ahead, right, right)) == ["division.in_future", "changed", "unchanged"]
    assert codes(await post(hours, {**SCHOOL, "division_since": "2004-07-01"})) == ["unchanged"]
    assert (await hours.get("/v1/organisations/D")).json()["divisions"] == [
        {"division": "440304", "since": "1990-01-04", "until": "2004-07-01"},
        {"division": "440305", "since": "2004-07-01", "until": None},
    ]
    third = {**right, "division": "440306", "division_since": "2009-01-01"}
    assert codes(await post(hours, third, {**third, "division_since": str(today)})) == ["changed", "changed"]
    assert [one["since"] for one in (await hours.get("/v1/organisations/D")).json()["divisions"]] == [
        "1990-01-04",
        "2004-07-01",
        str(today),
    ]
    assert await world.rebuild("hours") == []


async def test_codes_change_hands_and_a_rebuild_agrees_in_whatever_order_it_reads(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    others = [{**SCHOOL, "organisation": f"S{n}", "school_code": f"214400001{n}"} for n in range(9)]
    held = SCHOOL
    for other in others:
        assert codes(await post(hours, other)) == ["credit_code.taken"]
        assert codes(await post(hours, {**held, "credit_code": ""}, other)) == ["changed", "registered"]
        held = other
    assert codes(
        await post(hours, {**others[1], "school_code": SCHOOL["school_code"], "credit_code": ""})
    ) == ["school_code.taken"]
    assert await world.rebuild("hours") == []


async def test_a_database_made_before_takes_organisations_after_its_migration(world: World) -> None:
    """Kinds that join a rank move no subject: what was written stays where it was."""
    hours = await world.serve("hours")
    async with world.apps["hours"].state.database.transaction() as tx:
        described = (await tx.execute(text("select description from layout"))).scalar_one()
    assert "organisation" in described
    assert (await hours.get("/readyz")).status_code == 200
