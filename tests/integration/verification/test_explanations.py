"""Why: every outcome answers with its rule, the clause's words, the inputs and the arithmetic."""

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import SHORT, judge, result

ENGLISH = {"Accept-Language": "en"}
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}


async def test_a_shortfall_explains_itself_in_figures_and_words(local: Office) -> None:
    await local.ledger.enrol("T1")
    postings = await local.ledger.post("T1", SHORT)
    await local.ledger.heard()
    await judge(local.client, "k1")
    why = (await local.client.get("/v1/teachers/T1/years/2024/why", headers=ENGLISH)).json()
    assert why["words"] == "Decided here on the counted hours: fail. Not met: elective short 1.00 h."
    predicted, decided = why["because"]
    assert [rule["rule"] for rule in predicted["rules"]] == ["GZ-VF-02"]
    assert predicted["rules"][0]["clause"] == "五(五)1"
    assert predicted["rules"][0]["words"].startswith("按年度总学时、公需科目学时")
    assert predicted["inputs"]["heard"] == postings[-1].id
    assert predicted["inputs"]["requirement"].startswith("GD-01b")
    arithmetic = {check["item"]: check["arithmetic"] for check in predicted["checks"]}
    assert arithmetic["elective"] == "17.00 < 18.00; 18.00 − 17.00 = 1.00"
    assert arithmetic["total"] == "30.00 + 50.00 + 17.00 + 0.00 = 97.00 ≥ 90.00"
    assert decided["inputs"]["prediction"] == predicted["entry"]
    assert predicted["policy"].startswith("guangzhou@")

    chinese = (await local.client.get("/v1/teachers/T1/years/2024/why", headers=CHINESE)).json()
    assert chinese["words"] == "本平台按计入学时判定年度验证不通过。未达到要求：个人选修科目缺 1.00 学时。"


async def test_every_entry_of_a_years_history_can_be_asked_why(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", SHORT)
    await local.ledger.heard()
    await judge(local.client, "k1")
    await local.ledger.post("T1", {"elective": "1"})
    await local.ledger.heard()
    history = (await result(local.client, "T1"))["history"]
    assert [(step["type"].split(".")[1], step["outcome"]) for step in history] == [
        ("predicted", "fail"),
        ("failed", "fail"),
        ("predicted", "pass"),
        ("passed", "pass"),
    ]
    for step in history:
        _, partition, seq = step["entry"].split("/")
        reason = (await local.client.get(f"/v1/entries/{partition}/{seq}/why")).json()
        assert reason["entry"] == step["entry"]
        assert len(reason["checks"]) == 4


async def test_a_verdict_of_the_province_quotes_why_it_prevails(province: Office) -> None:
    await province.ledger.enrol("T1")
    await province.ledger.post("T1", SHORT)
    await province.ledger.heard()
    await judge(province.client, "k1")
    body = {
        "verdict": "V-1",
        "teacher": "T1",
        "year": 2024,
        "outcome": "pass",
        "decided_at": "2025-02-10T10:00:00+08:00",
    }
    assert (await province.client.post("/v1/verdicts", json=body)).status_code == 201
    why = (await province.client.get("/v1/teachers/T1/years/2024/why", headers=CHINESE)).json()
    _, decided = why["because"]
    assert decided["rules"][0]["rule"] == "GZ-VF-03"
    assert "以其验证结果为准" in decided["rules"][0]["words"]
    assert decided["words"] == "省人社系统验证通过，与本平台预判不一致，以省人社系统结果为准。"
    assert decided["inputs"]["verdict"] == "V-1"


async def test_the_rules_in_force_are_listed_with_their_figures(local: Office) -> None:
    rules = (await local.client.get("/v1/rules")).json()
    assert rules["authority"] == "local"
    assert {"GZ-VF-01", "GZ-VF-02", "GZ-VF-03"} <= {rule["rule"] for rule in rules["rules"]}
    assert [(row["first"], row["total"]) for row in rules["requirements"]][-1] == (2021, "90.00")
    assert rules["carry_over"]["threshold"] == "42.00"
