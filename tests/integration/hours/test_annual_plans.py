"""Annual plans over HTTP: declared, admitted by entry, rested on by classes, reported on at the end."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import key, paper, total
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    CITY_CENTRE,
    decide,
    pack,
    propose,
    register,
    result,
    seat,
    send,
    today,
    valley,
)
from tests.integration.hours.packs import WUHAN_CLASSES, pack_file
from tests.integration.hours.test_class_results import take_back
from tests.integration.hours.test_declarations import declaration
from tests.support.signing import OPERATOR, account, calling, signed
from tests.support.world import World

YEAR = today().year
PLAN = f"/v1/annual-plans/D/{YEAR}"
ELSEWHERE, EDUCATION = calling("centre:E"), signed("provincial_education@province:P")
OPERATING = signed(OPERATOR)
WORDS = "全年办班两期,均已登记学时。"


def entry(number: str, **changed: Any) -> dict[str, Any]:
    """An entry of the district's plan."""
    return {
        "number": number,
        "name": "大单元教学设计研修班",
        "source_rule": "GZ-HR-2.02",
        "hours": "16.00",
        "people": 50,
        **changed,
    }


async def post(hours: httpx.AsyncClient, headers: dict[str, str], path: str, body: Any) -> tuple[int, Any]:
    """Status, and the code of a refusal or the answer."""
    answer = await hours.post(path, json=body, headers={**key(), **headers})
    said = answer.json()
    return answer.status_code, said.get("code") or said


async def declare(
    hours: httpx.AsyncClient, headers: dict[str, str], *entries: dict[str, Any], **changed: Any
) -> Any:
    """The state of every entry by number, each that was added later with a plus; or the refusal."""
    body = {"year": YEAR, "entries": list(entries), **changed}
    return told(await post(hours, headers, "/v1/annual-plans", body))


async def rule(
    hours: httpx.AsyncClient, headers: dict[str, str], decision: str, *numbers: str, why: str = ""
) -> Any:
    body = {"decision": decision, "entries": list(numbers), "reason": why}
    return told(await post(hours, headers, f"{PLAN}/decision", body))


def told(answer: tuple[int, Any]) -> Any:
    status, said = answer
    if isinstance(said, str):
        return status, said
    return {one["number"] + "+" * one["added_later"]: one["state"] for one in said["entries"]}


async def listed(hours: httpx.AsyncClient, headers: dict[str, str], **asked: Any) -> list[tuple[str, int]]:
    """Organiser and year of each plan, page by page."""
    found: list[tuple[str, int]] = []
    while True:
        answer = await hours.get("/v1/annual-plans", params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        found += [(one["organiser"], one["year"]) for one in answer.json()["items"]]
        asked["cursor"] = answer.json()["next"]
        if asked["cursor"] is None:
            return found


async def test_hb_04_a_plan_is_declared_at_the_start_added_to_later_and_admitted_by_entry(
    world: World,
) -> None:
    hours = await valley(world)
    assert await declare(hours, CENTRE, entry("1"), entry("2")) == {"1": "declared", "2": "declared"}
    assert await declare(hours, CENTRE, entry("1"), entry("2")) == {"1": "declared", "2": "declared"}
    both = account("one", "district_centre@district:D", "city_department@city:C")
    assert await declare(hours, both, entry("3")) == {"1": "declared", "2": "declared", "3+": "declared"}
    as_city = {**both, "Hourbank-Role": "city_department@city:C"}
    for own in (CENTRE, as_city):
        assert await rule(hours, own, "admitted") == (403, "annual_plan.own")
    assert await rule(hours, EDUCATION, "admitted") == (403, "annual_plan.not_approver")
    assert await rule(hours, ELSEWHERE, "admitted") == (404, "annual_plan.unknown")
    assert await rule(hours, CITY, "admitted", "1", "9") == (422, "annual_plan.entry_unknown")
    assert await rule(hours, CITY, "returned", "2") == (422, "annual_plan.reason_missing")
    after = {"1": "declared", "2": "returned", "3+": "declared"}
    assert await rule(hours, CITY, "returned", "2", why="人数过多") == after
    assert await listed(hours, CITY, state="declared") == [("D", YEAR)]
    after |= {"1": "admitted", "3+": "admitted"}
    assert await rule(hours, CITY, "admitted") == after, "all that wait"
    assert await rule(hours, CITY, "admitted", "1") == after, "the same again"
    assert await listed(hours, CITY, state="declared") == []
    assert await rule(hours, CITY, "returned", "1", why="重复") == (409, "annual_plan.decided")
    assert await declare(hours, CENTRE, entry("1", people=60)) == (409, "annual_plan.conflict")
    after |= {"2": "declared"}
    assert await declare(hours, CENTRE, entry("2", people=30)) == after
    shown = (await hours.get(PLAN, headers=CENTRE)).json()["entries"]
    assert [(one["entry"], one["people"]) for one in shown] == [
        (f"D/{YEAR}/1", 50),
        (f"D/{YEAR}/2", 30),
        (f"D/{YEAR}/3", 50),
    ]
    assert await world.rebuild("hours") == []


async def test_offices_of_a_place_declare_and_those_that_the_rule_names_there_decide(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    research = signed("research_department@district:D")
    assert await declare(hours, research, entry("1", source_rule="WH-08.1")) == {"1": "declared"}
    assert await declare(hours, CENTRE, entry("2", source_rule="WH-08.1"))
    for other, number, refused in (
        (CITY, "1", "annual_plan.not_approver"),
        (CENTRE, "2", "annual_plan.own"),
    ):
        assert await rule(hours, other, "admitted", number) == (403, refused)
    assert await rule(hours, CENTRE, "admitted", "1") == {"1": "admitted", "2+": "declared"}
    assert await rule(hours, CITY_CENTRE, "admitted") == {"1": "admitted", "2+": "admitted"}


async def test_who_approves_classes_and_decides_on_no_plan_is_not_named_to_decide(world: World) -> None:
    hours = await valley(world)
    assert await declare(hours, CITY_CENTRE, entry("1")) == {"1": "declared"}
    ruling = {"decision": "admitted", "entries": []}
    answer = await hours.post(
        f"/v1/annual-plans/C/{YEAR}/decision", json=ruling, headers={**key(), **EDUCATION}
    )
    assert answer.json()["detail"] == (
        "Annual plans of this rule are decided on by: continuing education department of the city,"
        " teacher development centre."
    )


@pytest.mark.long
async def test_a_plan_has_a_thousand_entries_and_no_more(world: World) -> None:
    hours = await valley(world)
    many = [entry(str(number)) for number in range(1_001)]
    assert len(await declare(hours, CENTRE, *many[:500])) == 500
    assert len(await declare(hours, CENTRE, *many[500:1_000])) == 1_000
    assert await declare(hours, CENTRE, many[1_000]) == (422, "list.too_long")
    assert len(await declare(hours, CENTRE, *many[:10])) == 1_000, "the same again"


async def test_what_cannot_be_planned_is_refused(world: World) -> None:
    hours = await valley(world)
    one = entry("1")
    for wanted, refused in (
        ({**one, "source_rule": "GZ-HR-9.99"}, (422, "rule.unknown")),
        ({**one, "source_rule": "GZ-HR-2.05"}, (409, "rule.disabled")),
        ({**one, "source_rule": "GZ-HR-2.04"}, (409, "rule.other_way")),
        ({**one, "from": f"{YEAR - 1}-12-31"}, (422, "year.mismatch")),
        ({**one, "from": f"{YEAR}-07-02", "to": f"{YEAR}-07-01"}, (422, "dates.reversed")),
    ):
        assert await declare(hours, CENTRE, wanted) == refused
    assert await declare(hours, CENTRE, one, one) == (422, "annual_plan.entry_twice")
    assert await declare(hours, ELSEWHERE, one, organiser="D") == (403, "annual_plan.not_organiser")
    assert await declare(hours, EDUCATION, one) == (403, "registrar.not_allowed")
    assert await declare(hours, OPERATING, one, organiser="S") == (422, "class.organiser_unknown")
    assert await declare(hours, CENTRE, one, year=YEAR - 1) == (409, "annual_plan.over")
    for headers, at, refused in (
        (CENTRE, f"{YEAR}-01-06T10:00:00+08:00", (403, "plan.backdated")),
        (OPERATING, "2099-01-06T10:00:00+08:00", (422, "plan.at_invalid")),
    ):
        assert await declare(hours, headers, one, organiser="D", at=at) == refused
    assert await listed(hours, OPERATING) == []


async def test_hb_04_a_class_registers_once_its_entry_is_admitted(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack(tmp_path, "annual_plan = true"))
    await declare(hours, CENTRE, entry("1"), entry("2"))
    await declare(hours, ELSEWHERE, entry("1"))
    await declare(hours, CENTRE, entry("1"), year=YEAR + 1)
    for nowhere in (f"D/{YEAR}/9", f"E/{YEAR}/1", f"D/{YEAR + 1}/1", f"D/{YEAR}", "1"):
        unknown = (422, "class.annual_plan_unknown")
        assert await propose(hours, CENTRE, "K1", annual_plan=nowhere) == unknown, nowhere
    await rule(hours, CITY, "admitted", "1")
    for number, planned in (("K1", "1"), ("K2", "2")):
        named = f"D/{YEAR}/{planned}"
        assert await propose(hours, CENTRE, number, annual_plan=named) == (201, "proposed")
        assert await decide(hours, CITY, number) == (200, "approved")
        await seat(hours, CENTRE, number, f"T{planned}", "T3")
        passed = {"teacher": f"T{planned}", "outcome": "passed"}
        assert await result(hours, CENTRE, number, passed) == ["passed"]
    waiting = (await hours.get("/v1/classes", headers=CITY)).json()["items"]
    assert [(one["class"], one["held"]) for one in waiting] == [("K1", False), ("K2", True)]
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "result.missing"]
    assert await register(hours, CENTRE, "K2") == (409, "class.held")
    assert (await total(hours, "T2", YEAR))["professional"] == "0.00"
    await rule(hours, CITY, "admitted", "2")
    assert await send(hours, CITY, "/K2/admission", {"reason": "补列"}) == (409, "class.not_held")
    assert await register(hours, CENTRE, "K2") == ["class:K2/1/T2", "result.missing"], "held, not lost"
    assert (await total(hours, "T2", YEAR))["professional"] == "16.00"
    assert await world.rebuild("hours") == []


def with_another_rule(folder: Path) -> str:
    """A pack in which classes come under two rules."""
    file = Path(pack(folder, "annual_plan = true"))
    whole = file.read_text("utf-8")
    own = whole[whole.index('[[hours]]\nkind = "delivered_hours"\nid = "GZ-HR-2.02"') :]
    lines = own[: own.index("[[hours]]", 1)].replace("GZ-HR-2.02", "GZ-HR-2.92").splitlines()
    other = "\n".join(line for line in lines if not line.startswith(("exclusive_with", "#")))
    file.write_text(f"{whole}\n{other}\n", "utf-8")
    return str(file)


async def test_an_entry_that_comes_back_under_another_rule_carries_no_class_of_the_first(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=with_another_rule(tmp_path))
    await declare(hours, CENTRE, entry("1"))
    assert await propose(hours, CENTRE, "K1", annual_plan=f"D/{YEAR}/1") == (201, "proposed")
    await decide(hours, CITY, "K1")
    await rule(hours, CITY, "returned", "1", why="规则有误")
    await declare(hours, CENTRE, entry("1", source_rule="GZ-HR-2.92"))
    assert await rule(hours, CITY, "admitted") == {"1": "admitted"}
    assert (await hours.get("/v1/classes/K1", headers=CENTRE)).json()["held"]
    (came,) = (await hours.get(f"{PLAN}/fulfilment", headers=CITY)).json()["entries"]
    assert came["took_place"] == {"classes": 0, "seats": 0}
    said = await propose(hours, CENTRE, "K2", annual_plan=f"D/{YEAR}/1")
    assert said == (422, "class.annual_plan_unknown")


async def test_hb_04_a_report_is_handed_in_and_who_has_not_is_listed(world: World, tmp_path: Path) -> None:
    hours = await valley(world, EVIDENCE_URL=str(tmp_path))
    await declare(hours, CENTRE, entry("1"), entry("2"))
    await rule(hours, CITY, "admitted")
    for number, teachers in (("K1", ("T1", "T2")), ("K2", ("T3",))):
        await propose(hours, CENTRE, number, annual_plan=f"D/{YEAR}/1")
        await decide(hours, CITY, number)
        await seat(hours, CENTRE, number, *teachers)
    await result(hours, CENTRE, "K1", {"teacher": "T1", "outcome": "passed"})
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "result.missing"]
    came = (await hours.get(f"{PLAN}/fulfilment", headers=CITY)).json()["entries"]
    none = {"classes": 0, "seats": 0}
    assert [(one["planned"], one["took_place"], one["registered"]) for one in came] == [
        ({"hours": "16.00", "people": 50}, {"classes": 2, "seats": 3}, _registered(1, 1, "16.00")),
        ({"hours": "16.00", "people": 50}, none, _registered(0, 0, "0.00")),
    ]
    assert await take_back(hours, "class:K1/1/T1", "reversal", {}) == 201
    came = (await hours.get(f"{PLAN}/fulfilment", headers=CITY)).json()["entries"]
    assert came[0]["registered"] == _registered(0, 0, "0.00")
    coming, day = YEAR + 1, f"{YEAR + 1}-03-01"
    await declare(hours, CENTRE, entry("1"), year=coming)
    await propose(hours, CENTRE, "K3", annual_plan=f"D/{coming}/1", opens=day, closes=day)
    await decide(hours, CITY, "K3")
    (ahead,) = (await hours.get(f"/v1/annual-plans/D/{coming}/fulfilment", headers=CITY)).json()["entries"]
    assert ahead["took_place"] == none
    last, past = YEAR - 1, {"year": YEAR - 1, "at": f"{YEAR - 1}-01-06T10:00:00+08:00"}
    await declare(hours, OPERATING, entry("1"), organiser="D", **past)
    await declare(hours, OPERATING, entry("1"), organiser="E", **past)
    assert await listed(hours, CITY, reported=False) == [("D", last), ("E", last)], "this year is not over"
    assert await listed(hours, CENTRE, reported=False) == [("D", last)]
    assert await listed(hours, CITY, limit=1) == [("D", last), ("D", YEAR), ("D", coming), ("E", last)]
    assert await listed(hours, CITY, organiser="D", year=YEAR) == [("D", YEAR)]
    digest = await paper(hours, "年终报告", CENTRE)
    path, body = f"/v1/annual-plans/D/{last}/report", {"words": WORDS, "files": [digest]}
    assert (await hours.get(path, headers=CITY)).json()["words"] is None
    assert await post(hours, CITY, path, body) == (403, "annual_plan.not_organiser")
    assert await post(hours, ELSEWHERE, path, body) == (404, "annual_plan.unknown")
    missing = {**body, "files": ["0" * 64]}
    assert await post(hours, CENTRE, path, missing) == (422, "evidence.not_handed_in")
    assert (await post(hours, CENTRE, path, {**body, "words": "草稿"}))[0] == 200
    assert (await post(hours, CENTRE, path, body))[1]["reported_at"]
    assert await listed(hours, CITY, reported=False) == [("E", last)]
    assert await listed(hours, CITY, reported=True) == [("D", last)]
    said = (await hours.get(path, headers=CITY)).json()
    assert (said["words"], said["by"]) == (WORDS, "centre:D")
    (file,) = said["files"]
    assert (await hours.get(file, headers=CITY)).headers["content-type"] == "application/pdf"
    for elsewhere in (f"{path.removesuffix('/report')}/fulfilment", path, file, PLAN):
        assert (await hours.get(elsewhere, headers=ELSEWHERE)).status_code == 404, elsewhere
    again = await post(hours, CENTRE, f"{PLAN}/report", body)
    assert again == (409, "evidence.claimed"), "one file is the proof of one year"
    assert await world.rebuild("hours") == []


async def test_a_report_takes_files_that_its_organiser_may_see_and_frees_those_of_the_one_before(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, EVIDENCE_URL=str(tmp_path))
    await declare(hours, CENTRE, entry("1"))
    await declare(hours, CENTRE, entry("1"), year=YEAR + 1)
    first, second = [await paper(hours, title, CENTRE) for title in ("初稿", "年终报告")]
    theirs, teacher = await paper(hours, "别区教师的证明", ELSEWHERE), calling("teacher:T1")
    shown = declaration("A", files=[await paper(hours, "教师的证明", teacher)])
    await hours.post("/v1/declarations", json=shown, headers=teacher)
    withdrawal = await post(hours, teacher, "/v1/declarations/A/withdrawal", {"reason": "有误"})
    assert withdrawal[0] == 200
    path, next_year = f"{PLAN}/report", f"/v1/annual-plans/D/{YEAR + 1}/report"
    refused = await post(hours, CENTRE, path, {"words": WORDS, "files": [first, theirs]})
    assert refused == (422, "evidence.not_handed_in"), "it is on file, of somebody else"
    assert (await hours.get(f"{path}/files/{theirs}", headers=CENTRE)).status_code == 404
    assert (await post(hours, CENTRE, path, {"words": WORDS, "files": [first, second]}))[0] == 200
    assert (await post(hours, CENTRE, path, {"words": WORDS, "files": [second, *shown["files"]]}))[0] == 200
    for digest, answer in ((second, 409), (first, 200)):
        assert (await post(hours, CENTRE, next_year, {"words": WORDS, "files": [digest]}))[0] == answer
    seen = {
        name: (await hours.get(f"{path}/files/{name}", headers=CITY)).status_code for name in (first, second)
    }
    assert seen == {first: 404, second: 200}
    assert (await hours.get(f"{path}/files/{shown['files'][0]}", headers=CITY)).status_code == 200
    logged = world.cluster.postgres.sql("select teacher from shown", world.databases["hours"])
    assert logged.split() == ["T1"], "the file of a report was a teacher's proof"
    assert await world.rebuild("hours") == []


def _registered(classes: int, seats: int, hours: str) -> dict[str, Any]:
    return {"classes": classes, "seats": seats, "hours": hours}
