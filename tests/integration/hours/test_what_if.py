"""What if I exchange five hours, what if I finish this course: held to what really becomes of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.integration.hours.acts import enrol, exchange, record, register
from tests.integration.hours.conftest import Town
from tests.integration.hours.test_outlook import JANUARY, JUNE, earn, get, study
from tests.support.sample import drafted
from tests.support.signing import calling, signed
from tests.support.versions import as_version

PATH = "/v1/teachers/{}/what-if"


async def ask(town: Town, teacher: str = "T1", **params: Any) -> Any:
    return await get(town.hours, PATH.format(teacher), f"teacher:{teacher}", **params)


def lines(found: Any) -> list[tuple[str, str, str, int]]:
    return [(one["category"], one["counted"], one["reason"], one["points"]) for one in found["lines"]]


async def test_what_if_i_exchange_five_hours_and_finish_this_course(town: Town) -> None:
    await enrol(town.hours, "T1")
    await study(town, "T1", "30", "28", "")
    await register(town.hours, record("R4", "T1", "GZ-HR-2.04", "6"))
    await earn(town, "T1", 1250)
    await exchange(town.points, "X1", "T1", "professional", 2)
    await town.heard()
    before = (await town.hours.get("/v1/journal/heads")).json()
    found = await ask(town, exchange=["professional:5", "elective:6"], earn=["GZ-HR-2.04:6", "GZ-HR-3.01:20"])
    assert lines(found) == [
        ("professional", "5.00", "", 500),
        ("elective", "0.00", "points.insufficient", 0),
        ("professional", "4.00", "cap.reached", 0),
        ("elective", "20.00", "", 0),
    ]
    stands, supposed = found["as_it_stands"], found["supposed"]
    assert stands["counted"] == {
        "public": "30.00",
        "professional": "36.00",
        "elective": "0.00",
        "total": "66.00",
    }
    assert stands["missing"] == {
        "public": "0.00",
        "professional": "6.00",
        "elective": "18.00",
        "hours": "24.00",
    }
    assert supposed["counted"] == {
        "public": "30.00",
        "professional": "45.00",
        "elective": "20.00",
        "total": "95.00",
    }
    assert (stands["met"], supposed["met"], supposed["missing"]["hours"]) == (False, True, "0.00")
    assert [one["words"] for one in found["lines"]][1:3] == [
        "there are not enough points",
        "the cap of the rule is reached",
    ]
    half = (await ask(town, exchange="professional:5", earn="GZ-HR-3.01:17.5"))["supposed"]
    assert half["missing"] == {
        "public": "0.00",
        "professional": "1.00",
        "elective": "0.50",
        "hours": "1.50",
    }
    assert (await town.hours.get("/v1/journal/heads")).json() == before, "nothing is written"

    await exchange(town.points, "X2", "T1", "professional", 5)
    await register(town.hours, record("R5", "T1", "GZ-HR-2.04", "6"), record("R6", "T1", "GZ-HR-3.01", "20"))
    await town.heard()
    became = (await ask(town))["as_it_stands"]
    assert became == supposed, "what was supposed is what becomes of it"


async def test_what_a_year_takes_no_more_does_not_count(town: Town) -> None:
    await enrol(town.hours, "T1")
    await earn(town, "T1", 2000)
    await town.heard()
    asked: dict[str, Any] = {
        "exchange": ["professional:10", "professional:1", "public:1"],
        "earn": "GZ-HR-3.01:20",
    }
    assert lines(await ask(town, **asked)) == [
        ("professional", "10.00", "", 1000),
        ("professional", "0.00", "cap.reached", 0),
        ("public", "0.00", "category.not_exchangeable", 0),
        ("elective", "20.00", "", 0),
    ]
    over = await ask(town, at=JANUARY, exchange="professional:1", earn="GZ-HR-3.01:20")
    assert (over["phase"], lines(over)) == (
        "registering",
        [("professional", "0.00", "exchange.over", 0), ("elective", "20.00", "", 0)],
    )
    assert over["supposed"]["missing"]["professional"] == "42.00"
    assert lines(await ask(town, earn="GZ-HR-2.12a:8")) == [
        ("professional", "0.00", "teacher.not_eligible", 0)
    ]


async def test_whoever_may_not_see_the_teacher_supposes_nothing(town: Town) -> None:
    await enrol(town.hours, "T1", "T2")
    wanted: dict[str, Any] = {"year": 2024, "at": JUNE, "exchange": "professional:1"}
    for caller, status, code in (
        (calling("teacher:T2"), 404, "teacher.out_of_reach"),
        (signed("district_centre@district:D9"), 404, "teacher.out_of_reach"),
        (signed("provincial_hr@province:P9"), 404, "teacher.out_of_reach"),
    ):
        answer = await town.hours.get(PATH.format("T1"), params=wanted, headers=caller)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for changes, status, code in (
        ({"earn": "GZ-HR-9.99:1"}, 422, "rule.unknown"),
        ({"earn": "GZ-HR-2.05:1"}, 409, "rule.disabled"),
        ({"exchange": "professional:1.5"}, 422, "body.invalid"),
        ({"exchange": "professional:0"}, 422, "body.invalid"),
        ({"earn": "GZ-HR-3.01:-1"}, 422, "body.invalid"),
        ({"year": 2009}, 422, "year.without_requirement"),
    ):
        answer = await town.hours.get(PATH.format("T1"), params=wanted | changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def draft(town: Town, *changes: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What would count under a draft, by teacher."""
    body = {"pack": drafted(*changes), "year": 2024, "scope": {"kind": "everyone"}, **more}
    answer = await town.hours.post("/v1/what-if", json=body)
    assert answer.status_code == 200, answer.text
    return {row["teacher"]: row for row in answer.json()["items"]}


FEWER = ("main = 28\nother = 14", "main = 20\nother = 6")
"""An outcome gives twenty hours to its main authors and six to others."""
CAP = ("cap = 10", "cap = 8")
"""Research activities of city and district give eight hours a year, not ten."""


async def test_what_would_count_under_a_draft(town: Town) -> None:
    await enrol(town.hours, "T1", "T2")
    await study(town, "T1", "30", "28", "")
    await register(
        town.hours,
        record("R4", "T1", "GZ-HR-2.04", "6"),
        record("R5", "T1", "GZ-HR-2.04", "6"),
    )
    await register(
        town.hours,
        record("R7", "T2", "GZ-HR-2.10", None, details={"rank": 4}),
        record("R8", "T2", "GZ-HR-2.10", None, details={"rank": 1}),
    )
    await earn(town, "T1", 500)
    await exchange(town.points, "X1", "T1", "professional", 2)
    await town.heard()
    before = (await town.hours.get("/v1/journal/heads")).json()

    same = await draft(town)
    assert not any(row["differs"] or row["lines"] for row in same.values())
    stands = (await town.hours.get("/v1/totals?year=2024")).json()["items"]
    counted = {row["teacher"]: {k: v for k, v in row["hours"].items() if v != "0.00"} for row in stands}
    assert {teacher: row["in_force"] for teacher, row in same.items()} == counted
    assert same["T1"]["in_force"] == {"professional": "40.00", "public": "30.00"}

    title = 'id = "GZ-HR-2.04"'
    fewer = await draft(town, *after(title, CAP))
    assert fewer["T1"]["draft"]["professional"] == "38.00", "6 + 2 of them instead of 6 + 4"
    assert [
        (one["ground"], one["in_force"], one["draft"], one["reason"]) for one in fewer["T1"]["lines"]
    ] == [("record:R5", "4.00", "2.00", "cap.reached")]
    valued = await draft(town, FEWER)
    assert [
        (one["ground"], one["in_force"], one["draft"], one["reason"]) for one in valued["T2"]["lines"]
    ] == [
        ("record:R7", "14.00", "6.00", ""),
        ("record:R8", "14.00", "20.00", ""),
    ], "6 of another author and 20 of a main one, where it was 14 and what the cap of 28 left of 28"
    gone = await draft(town, pack=drafted(("GZ-HR-2.04", "GZ-HR-2.98"), every=True))
    assert gone["T1"]["draft"]["professional"] == "30.00"
    assert {(one["ground"], one["reason"]) for one in gone["T1"]["lines"]} == {
        ("record:R4", "rule.unknown"),
        ("record:R5", "rule.unknown"),
    }
    exchanged = [
        {"request": "X1", "teacher": "T1", "category": "professional", "hours": "0"},
        {"request": "X9", "teacher": "T2", "category": "elective", "hours": "3"},
    ]
    moved = await draft(town, exchanged=exchanged)
    assert moved["T1"]["draft"]["professional"] == "38.00"
    assert moved["T2"]["draft"] == moved["T2"]["in_force"] | {"elective": "3.00"}
    assert (await town.hours.get("/v1/journal/heads")).json() == before, "nothing is written"
    for year, code in ((2012, "year.not_recorded"),):
        body = {"pack": drafted(), "year": year, "scope": {"kind": "everyone"}}
        answer = await town.hours.post("/v1/what-if", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_what_stands_by_a_rule_that_is_gone_stays_as_it_was_registered(
    town: Town, tmp_path: Path
) -> None:
    await enrol(town.hours, "T1")
    await register(town.hours, record("R4", "T1", "GZ-HR-2.04", "6"), record("R5", "T1", "GZ-HR-2.04", "6"))
    gone = as_version(drafted(("GZ-HR-2.04", "GZ-HR-2.98"), every=True), "2")
    file = tmp_path / "pack.toml"
    file.write_text(gone, encoding="utf-8")
    await town.world.stop("hours")
    later = replace(town, hours=await town.world.serve("hours", HOURS_PACK=str(file)))
    [row] = (await draft(later, pack=gone)).values()
    assert (row["differs"], row["in_force"], row["draft"]) == (False, *[{"professional": "10.00"}] * 2)
    [row] = (await draft(later, pack=drafted())).values()
    assert (row["differs"], row["draft"]) == (False, {"professional": "10.00"}), "nor does a draft revive it"


def after(place: str, change: tuple[str, str]) -> list[tuple[str, str]]:
    """A change in the first lines behind a place of the shipped pack."""
    text = drafted()
    begin = text.index(place)
    end = text.index(change[0], begin) + len(change[0])
    part = text[begin:end]
    return [(part, part.replace(*change))]
