"""What was handed over and is not answered: since when, until when, and the one alarm when that is over."""

from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from tests.integration.verification.conftest import Office, open_office
from tests.integration.verification.ledger import PASSING, SHORT, judge, result, said
from tests.support.past import record_at
from tests.support.steps import take
from tests.support.versions import as_version
from tests.support.world import World, until
from verification.handovers.jobs import Alarm

START = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
OVERDUE = datetime.fromisoformat("2026-03-10T00:00:00+08:00")
"""Five working days later, and the last of them is over."""
STEP = "2026_11_30_0800"
ALARM = "verification.answer_overdue.v1"
NOTHING = (None, None, False, None)


def waiting(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("submitted_at", "due_on", "overdue", "not_announced"))


async def handed_over(province: Office, moment: datetime = START, hours: dict[str, str] = SHORT) -> None:
    """A teacher's year is handed over at an instant."""
    record_at(province.world, "verification", moment)
    await province.ledger.enrol("T1", "T2")
    await province.ledger.post("T1", hours)
    await province.ledger.heard()
    await judge(province.client, "k1", kind="teacher", id="T1")


async def listed(province: Office, moment: datetime) -> list[str]:
    """Whose answer is overdue at an instant."""
    answer = await province.client.get("/v1/results", params={"overdue_at": moment.isoformat()})
    assert answer.status_code == 200, answer.text
    return [row["teacher"] for row in answer.json()["items"]]


async def alarms(province: Office, number: int) -> list[dict[str, Any]]:
    """Wait until so many answers were said to be overdue."""

    async def there() -> bool:
        return len(await said(province.client, ALARM)) >= number

    await until(there)
    found = await said(province.client, ALARM)
    assert len(found) == number
    return found


async def decide(province: Office, name: str, outcome: str, at: datetime) -> None:
    verdict = {"verdict": name, "teacher": "T1", "year": 2024, "outcome": outcome}
    answer = await province.client.post("/v1/verdicts", json=verdict | {"decided_at": at.isoformat()})
    assert answer.status_code == 201, answer.text


async def test_what_waits_says_since_when_and_until_when(province: Office) -> None:
    await handed_over(province)
    assert waiting(await result(province.client, "T1")) == ("2026-03-02T02:00:00Z", "2026-03-09", False, None)
    assert await listed(province, OVERDUE - timedelta(microseconds=1)) == []
    assert await listed(province, OVERDUE) == ["T1"]
    record_at(province.world, "verification", OVERDUE)
    assert waiting(await result(province.client, "T1"))[1:3] == ("2026-03-09", True)
    now = START + timedelta(hours=1)
    as_it_was = await province.client.get("/v1/teachers/T1/years/2024", params={"known_at": now.isoformat()})
    assert waiting(as_it_was.json())[1:3] == ("2026-03-09", False), "as it was known it was not overdue"
    assert await province.world.rebuild("verification") == []


async def test_gd_06_the_alarm_is_given_once_and_a_verdict_ends_it(province: Office) -> None:
    await handed_over(province)
    record_at(province.world, "verification", OVERDUE - timedelta(microseconds=1))
    await judge(province.client, "k2", kind="teacher", id="T2")
    assert await said(province.client, ALARM) == []
    record_at(province.world, "verification", OVERDUE)
    (alarm,) = await alarms(province, 1)
    events = await said(province.client, "verification.submitted.v1")
    [submission] = [event for event in events if event["data"]["teacher"] == "T1"]
    assert alarm["data"] == {
        "teacher": "T1",
        "year": 2024,
        "submission": f"verification/{submission['partition']}/{submission['seq']}",
        "submitted_at": "2026-03-02T02:00:00Z",
        "due_on": "2026-03-09",
    }
    state = (await province.client.get("/v1/handover")).json()
    assert (state["awaited"], state["overdue"]) == (2, 1)
    app = province.world.apps["verification"]
    another = Alarm(app.state.database, app.state.service.context)
    assert not await another.step(OVERDUE), "another copy looks when it starts"
    record_at(province.world, "verification", OVERDUE + timedelta(days=1))
    await decide(province, "V-1", "fail", START)
    found = await result(province.client, "T1")
    assert waiting(found) == NOTHING
    assert [step["type"].split(".")[1] for step in found["history"]] == [
        *("predicted", "submitted", "answer_overdue", "failed")
    ]
    assert await listed(province, OVERDUE) == []
    await alarms(province, 1)
    assert await province.world.rebuild("verification") == []


async def test_what_is_handed_over_again_waits_again(province: Office) -> None:
    await handed_over(province)
    await decide(province, "V-1", "fail", START)
    assert waiting(await result(province.client, "T1")) == NOTHING
    later = START + timedelta(days=1)
    record_at(province.world, "verification", later)
    await province.ledger.post("T1", {"elective": "1"})
    await province.ledger.heard()
    found = await result(province.client, "T1")
    assert (found["outcome"], found["predicted"]) == ("fail", "pass")
    assert waiting(found)[:2] == ("2026-03-03T02:00:00Z", "2026-03-10")
    record_at(province.world, "verification", OVERDUE + timedelta(days=1))
    await alarms(province, 1)
    await decide(province, "V-2", "pass", OVERDUE)
    assert waiting(await result(province.client, "T1")) == NOTHING
    assert await province.world.rebuild("verification") == []


async def test_a_pass_that_stands_on_better_figures_waits_for_nobody(province: Office) -> None:
    await handed_over(province, hours=PASSING)
    await decide(province, "V-1", "pass", START)
    await province.ledger.post("T1", {"elective": "1"})
    await province.ledger.heard()
    assert len(await said(province.client, "verification.submitted.v1")) == 2
    assert waiting(await result(province.client, "T1")) == NOTHING


async def test_where_working_days_are_not_announced_nobody_is_late_yet(province: Office) -> None:
    far = datetime.fromisoformat("2044-03-02T10:00:00+08:00")
    await handed_over(province, far)
    (row,) = (await province.client.get("/v1/results")).json()["items"]
    assert waiting(row) == ("2044-03-02T02:00:00Z", None, None, 2044)
    refused = await province.client.get("/v1/results", params={"overdue_at": far.isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar.not_announced")
    assert (await province.client.get("/v1/handover")).json()["overdue"] == 0


async def test_where_we_decide_nothing_is_awaited(local: Office) -> None:
    await local.ledger.enrol("T1")
    await local.ledger.post("T1", SHORT)
    await local.ledger.heard()
    await judge(local.client, "k1")
    assert waiting(await result(local.client, "T1")) == NOTHING
    assert await listed(local, OVERDUE) == []


async def test_rules_without_a_term_let_nothing_be_overdue(world: World, tmp_path: Path) -> None:
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    before, _, after = shipped.partition("[answer]")
    pack = tmp_path / "patient.toml"
    pack.write_text(as_version(f"{before}[{after.partition('[')[2]}"), encoding="utf-8")
    patient = await open_office(world, "province", VERIFICATION_PACK=str(pack))
    await handed_over(patient)
    record_at(world, "verification", OVERDUE)
    assert waiting(await result(patient.client, "T1")) == ("2026-03-02T02:00:00Z", None, False, None)
    assert await listed(patient, OVERDUE) == []
    assert (await patient.client.get("/v1/rules")).json()["answer"] is None


async def test_what_waited_before_there_was_a_list_of_it_is_found_in_the_journal(province: Office) -> None:
    await handed_over(province)
    await judge(province.client, "k2", kind="teacher", id="T2")
    await decide(province, "V-1", "fail", START)
    await province.ledger.post("T1", {"elective": "1"})
    await province.ledger.enrol("T3")
    await province.ledger.heard()
    await judge(province.client, "k3", kind="teacher", id="T3")
    decided = {"verdict": "V-3", "teacher": "T3", "year": 2024, "outcome": "fail"}
    await province.client.post("/v1/verdicts", json=decided | {"decided_at": START.isoformat()})
    await province.world.stop("verification")
    await take(province.world, "verification", STEP, "downgrade")
    await take(province.world, "verification", STEP)
    assert await province.world.rebuild("verification") == []
    client = await province.world.serve("verification", VERIFICATION_AUTHORITY="province")
    assert (await client.get("/v1/handover")).json()["awaited"] == 2
