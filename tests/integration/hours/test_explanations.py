"""Every number explains itself: statement, why in two languages, the rules and the reserved slots."""

import httpx
import pytest

from tests.integration.hours.acts import enrol, key, record, register, stamped
from tests.integration.hours.conftest import Town


async def test_a_statement_lists_every_movement_with_the_balance_after_it(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.04", "6"), record("R2", "T1", "GZ-HR-2.04", "6"))
    await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    page = (await hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()
    lines = page["items"]
    assert [(line["type"], line["hours"], line["over_cap"], line["reason"]) for line in lines] == [
        ("hours.posted.v1", "6.00", "0.00", ""),
        ("hours.posted.v1", "4.00", "2.00", "cap.reached"),
        ("hours.reversed.v1", "-6.00", "0.00", "corrected"),
        ("hours.reversed.v1", "-4.00", "-2.00", "recomputed"),
        ("hours.posted.v1", "6.00", "0.00", ""),
    ]
    balances = [line["balance"]["professional"] for line in lines]
    assert balances == ["6.00", "10.00", "4.00", "0.00", "6.00"]
    assert page["totals"]["professional"] == "6.00"
    first = (await hours.get("/v1/teachers/T1/statement", params={"year": 2024, "limit": 2})).json()
    rest = {"year": 2024, "limit": 1000, "cursor": first["next"]}
    second = (await hours.get("/v1/teachers/T1/statement", params=rest)).json()
    assert first["items"] + second["items"] == lines
    assert second["next"] is None


async def test_why_hours_were_cut_in_both_languages(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.07", "30"), record("R2", "T1", "GZ-HR-2.07", "20"))
    address = (await hours.get("/v1/records/R2")).json()["why"]
    english = (await hours.get(address)).json()
    assert english["rules"][0]["rule"] == "GZ-HR-2.07"
    assert english["rules"][0]["clause"] == "五(四)2(7)"
    assert "每年最高登记专业科目42学时" in english["rules"][0]["words"]
    assert english["arithmetic"] == [
        "42.00 − 30.00 = 12.00",
        "min(20.00, 12.00) = 12.00",
        "20.00 − 12.00 = 8.00",
    ]
    assert "8.00 h are kept and not counted" in english["words"]
    chinese = (await hours.get(address, headers={"Accept-Language": "zh-CN,zh;q=0.9"})).json()
    assert "超出的 8.00 学时保留但不计入" in chinese["words"]
    (registered,) = english["because"]
    assert registered["type"] == "record.registered.v1"
    assert registered["inputs"]["registrar"] == "operator:local"


async def test_why_a_conversion_shows_its_arithmetic_and_no_personal_data(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    details = stamped(2399, contact="13800000000")
    await register(hours, record("R1", "T1", "GZ-HR-3.03", None, details=details))
    address = (await hours.get("/v1/records/R1")).json()["why"]
    answer = await hours.get(address)
    (registered,) = answer.json()["because"]
    assert registered["arithmetic"] == ["⌊2399 ÷ 300⌋ = 7.00"]
    assert "13800000000" not in answer.text


async def test_why_a_reversal_leads_back_to_what_was_registered(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    await hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    lines = (await hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()["items"]
    why = (await hours.get(lines[1]["why"])).json()
    assert why["because"][0]["type"] == "hours.posted.v1"
    assert why["because"][0]["because"][0]["type"] == "record.registered.v1"
    record_why = (await hours.get((await hours.get("/v1/records/R1")).json()["why"])).json()
    assert record_why["type"] == "record.reversed.v1"
    assert "登记有误" in record_why["words"]


@pytest.mark.parametrize(
    "address", ["/v1/entries/40/1/why", "/v1/entries/9999/1/why", "/v1/entries/40/0/why"]
)
async def test_an_entry_that_does_not_exist_is_404(town: Town, address: str) -> None:
    answer = await town.hours.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "entry.unknown")


async def test_rules_are_listed_with_registrars_caps_and_reserved_slots(hours: httpx.AsyncClient) -> None:
    rules = (await hours.get("/v1/rules")).json()
    by_rule = {source["rule"]: source for source in rules["sources"]}
    assert by_rule["GZ-HR-2.04"]["cap"] == "10"
    assert by_rule["GZ-HR-2.04"]["registrars"] == ["research_department"]
    assert rules["exchange"]["caps"] == {"professional": 10, "elective": 10}
    assert rules["carry_over"]["threshold"] == "42.00"
    assert {slot["rule"] for slot in rules["disabled"]} >= {"GZ-HR-2.05", "GZ-HR-2.08", "GZ-HR-2.11"}
    assert not any(slot["enabled"] for slot in rules["disabled"])
