"""Carry-over through events: consumed first, ended, redone by a later verdict, undone by a revocation."""

from tests.integration.hours.acts import decide, enrol, record, register, revoke, total
from tests.integration.hours.conftest import Town

PASSING = {"public": "30", "elective": "18"}


async def years(town: Town, teacher: str) -> list[dict[str, str]]:
    return [await total(town.hours, teacher, year) for year in (2024, 2025, 2026)]


async def test_scenarios_2_and_3_surplus_is_carried_and_used_first(town: Town) -> None:
    await enrol(town.hours, "T1")
    await register(
        town.hours,
        record("R1", "T1", "GZ-HR-2.02", "42"),
        record("R2", "T1", "GZ-HR-2.10", None, details={"rank": 2}),
    )
    assert (await total(town.hours, "T1"))["professional"] == "70.00"
    await decide(
        town.verification, "T1", 2024, "passed", {**PASSING, "professional": "70", "carried_in": "0"}
    )
    await town.heard()
    first, second, _ = await years(town, "T1")
    assert (first["used_fresh"], first["carry_out"], second["carried_in"]) == ("42.00", "28.00", "28.00")
    await decide(
        town.verification, "T1", 2025, "passed", {**PASSING, "professional": "20", "carried_in": "28"}
    )
    await town.heard()
    _, second, third = await years(town, "T1")
    assert (second["used_carried"], second["used_fresh"]) == ("28.00", "14.00")
    assert (second["carry_out"], third["carried_in"]) == ("6.00", "6.00")


async def test_gz_vf_04_only_professional_hours_carry_over(town: Town) -> None:
    await enrol(town.hours, "T1")
    figures = {"public": "45", "professional": "42", "elective": "25", "carried_in": "0"}
    await decide(town.verification, "T1", 2024, "passed", figures)
    await town.heard()
    first, second, _ = await years(town, "T1")
    assert (first["used_fresh"], first["carry_out"]) == ("42.00", "0.00")
    assert set(second.values()) == {"0.00"}


async def test_two_verdicts_with_one_result_consume_once(town: Town) -> None:
    await enrol(town.hours, "T1")
    figures = {**PASSING, "professional": "50", "carried_in": "0"}
    for _ in range(2):
        await decide(town.verification, "T1", 2024, "passed", figures)
    await town.heard()
    statement = (await town.hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()
    assert [line["type"] for line in statement["items"]] == ["hours.carried_over.v1"]
    assert statement["items"][0]["consumed"]["carry_out"] == "8.00"


async def test_a_fail_ends_carried_hours_and_a_correction_redoes_the_year(town: Town) -> None:
    await enrol(town.hours, "T1")
    await decide(
        town.verification, "T1", 2024, "passed", {**PASSING, "professional": "52", "carried_in": "0"}
    )
    failed = {**PASSING, "professional": "31", "carried_in": "10"}
    await decide(town.verification, "T1", 2025, "failed", failed)
    await town.heard()
    _, second, _ = await years(town, "T1")
    assert (second["expired"], second["carry_out"]) == ("10.00", "0.00")
    await decide(town.verification, "T1", 2025, "passed", {**failed, "professional": "33"})
    await town.heard()
    _, second, third = await years(town, "T1")
    assert (second["used_carried"], second["used_fresh"], second["expired"]) == ("10.00", "32.00", "0.00")
    assert third["carried_in"] == "1.00"


async def test_a_revoked_pass_takes_the_carry_over_back(town: Town) -> None:
    await enrol(town.hours, "T1")
    figures = {**PASSING, "professional": "50", "carried_in": "4"}
    verdict = await decide(town.verification, "T1", 2024, "passed", figures)
    await revoke(town.verification, "T1", 2024, verdict)
    await town.heard()
    first, second, _ = await years(town, "T1")
    assert (first["used_fresh"], first["expired"], second["carried_in"]) == ("0.00", "0.00", "0.00")
    statement = (await town.hours.get("/v1/teachers/T1/statement", params={"year": 2025})).json()
    assert [line["hours"] for line in statement["items"]] == ["12.00", "-12.00"]


async def test_why_a_carry_over_answers_with_the_formula_in_figures(town: Town) -> None:
    await enrol(town.hours, "T1")
    await decide(
        town.verification, "T1", 2024, "passed", {**PASSING, "professional": "30", "carried_in": "58"}
    )
    await town.heard()
    statement = (await town.hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()
    why = (await town.hours.get(statement["items"][0]["why"], headers={"Accept-Language": "zh"})).json()
    assert why["arithmetic"] == [
        "min(58.00, 42.00) = 42.00",
        "min(30.00, 42.00 − 42.00) = 0.00",
        "30.00 − 0.00 = 30.00",
        "58.00 − 42.00 = 16.00",
    ]
    assert why["rules"][0]["words"]
    assert "结转" in why["words"]
