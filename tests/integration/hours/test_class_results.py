"""What comes out of classes over HTTP: attendance, results, and hours of whoever passed."""

from pathlib import Path
from typing import Any

import httpx

from tests.integration.hours.acts import enrol, key, record, total
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    CITY_CENTRE,
    PROVIDER,
    approved,
    decide,
    later,
    pack,
    propose,
    register,
    result,
    rows,
    seat,
    send,
    today,
    valley,
)
from tests.support.signing import calling, signed
from tests.support.world import World

YEAR = today().year
NONE = {"results": [], "accepted": 0, "replayed": 0, "refused": 0}
NOTHING, ALL = "0.00", "16.00"


async def test_gz_hr_2_02_of_fifty_rows_one_unknown_is_reported_and_49_are_registered(world: World) -> None:
    hours = await valley(world)
    teachers = [f"A{number}" for number in range(49)]
    await enrol(hours, *teachers, school="S", district="")
    await approved(hours, "K1")
    said = await seat(hours, CENTRE, "K1", *teachers, "nobody")
    assert (said.count("enrolled"), said[-1]) == (49, "teacher.unknown")
    passing = [
        {"teacher": teacher, "outcome": "passed", "grade": "合格"} for teacher in (*teachers, "nobody")
    ]
    said = await result(hours, PROVIDER, "K1", *passing)
    assert (said.count("passed"), said[-1]) == (49, "seat.unknown")
    assert (await total(hours, "A0", YEAR))["professional"] == NOTHING, "a result is no registration"
    for other in (PROVIDER, calling("school:S")):
        assert await register(hours, other, "K1") == (403, "access.forbidden")
    assert await register(hours, CITY, "K1") == (403, "class.not_organiser")
    assert await register(hours, CENTRE, "K1") == [f"class:K1/1/{teacher}" for teacher in teachers]
    record = (await hours.get("/v1/records/class:K1/1/A7")).json()
    assert (record["registrar"], record["matter"]) == ("centre:D", "class:K1")
    assert (record["hours"], record["details"], record["counted"]) == (ALL, {"grade": "合格"}, ALL)
    _, again = await send(hours, CENTRE, "/K1/registration", None)
    assert (again["accepted"], again["replayed"]) == (0, 49)
    assert await result(hours, PROVIDER, "K1", passing[0]) == ["result.registered"]
    assert (await total(hours, "A0", YEAR))["professional"] == ALL
    assert await world.rebuild("hours") == []


async def test_whoever_did_not_pass_is_named_and_registered_after_a_reassessment(world: World) -> None:
    hours = await valley(world)
    await propose(hours, CENTRE, "K1")
    assert await register(hours, CENTRE, "K1") == (409, "class.not_approved")
    await decide(hours, CITY, "K1")
    await seat(hours, CENTRE, "K1", "T1", "T2", "T3")
    passed, failed = {"teacher": "T1", "outcome": "passed"}, {"teacher": "T2", "outcome": "failed"}
    assert await result(hours, CENTRE, "K1", passed, failed) == ["passed", "failed"]
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "result.failed", "result.missing"]
    again = {"teacher": "T2", "outcome": "passed", "reassessment": True}
    first = {**again, "teacher": "T3"}
    malformed = {"teacher": "T2", "outcome": "excellent"}
    said = await result(hours, CENTRE, "K1", again, first, malformed, {"teacher": "T4", "outcome": "passed"})
    assert said == ["passed", "result.not_to_reassess", "body.invalid", "seat.unknown"]
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "class:K1/1/T2", "result.missing"]
    _, said = await send(hours, CENTRE, "/K1/registration", None)
    assert [one["teacher"] for one in said["results"]] == ["T1", "T2", "T3"], (
        "whoever is refused is named too"
    )
    listed = (await hours.get("/v1/classes/K1/seats", headers=calling("teacher:T2"))).json()["items"]
    assert [(one["outcome"], one["reassessment"], one["registered"]) for one in listed] == [
        ("passed", True, True)
    ]
    assert await send(hours, calling("centre:E"), "/K1/results", {"rows": []}) == (404, "class.unknown")


async def test_a_class_that_is_not_over_registers_nobody_and_assesses_nobody_before_it_opens(
    world: World,
) -> None:
    hours = await valley(world)
    await approved(hours, "K1", closes=later(1)["closes"])
    await seat(hours, CENTRE, "K1", "T1")
    await result(hours, CENTRE, "K1", {"teacher": "T1", "outcome": "passed"})
    assert await register(hours, CENTRE, "K1") == ["record.in_future"]
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [one["registered"] for one in listed] == [False]
    await approved(hours, "K2", **later())
    await approved(hours, "K3", provider="")
    await seat(hours, CENTRE, "K2", "T1")
    below, above = signed("provider@district:E"), signed("provider@city:C")
    for what in ("attendance", "results"):
        path = f"/K1/{what}"
        assert await send(hours, PROVIDER, path, {"rows": []}) == (200, NONE)
        for other in (CITY, CITY_CENTRE, above):
            assert await send(hours, other, path, {"rows": []}) == (403, "class.not_organiser")
        assert await send(hours, below, path, {"rows": []}) == (404, "class.unknown")
        assert await send(hours, PROVIDER, f"/K3/{what}", {"rows": []}) == (403, "class.not_organiser")
        assert await send(hours, CENTRE, f"/K3/{what}", {"rows": []}) == (200, NONE)
        assert await send(hours, CENTRE, f"/K2/{what}", {"rows": []}) == (409, "class.not_begun")


async def test_scenario_12_kaifeng_a_score_of_5999_gives_no_hours_and_6000_all(world: World) -> None:
    hours = await valley(world)
    weights = {"time": "0.5", "discussion": "0.2", "tasks": "0.3"}
    await approved(hours, "K1", hours="60.00", score={"weights": weights, "pass_mark": "60"})
    await seat(hours, CENTRE, "K1", "T1", "T2", "T3")

    def scored(teacher: str, mark: str) -> dict[str, object]:
        return {"teacher": teacher, "parts": {name: {"value": mark} for name in weights}}

    assert await result(
        hours,
        PROVIDER,
        "K1",
        scored("T1", "59.99"),
        scored("T2", "60"),
        {"teacher": "T3", "outcome": "passed"},
    ) == ["failed", "passed", "result.computed"]
    missing = {"teacher": "T3", "parts": {"time": {"value": "55", "of": "60"}}}
    assert await result(hours, PROVIDER, "K1", missing) == ["score.parts_differ"]
    assert await register(hours, CENTRE, "K1") == ["result.failed", "class:K1/1/T2", "result.missing"]
    assert (await total(hours, "T1", YEAR))["professional"] == NOTHING
    assert (await total(hours, "T2", YEAR))["professional"] == "60.00"
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [one["score"] for one in listed] == ["59.99", "60.00", None]
    assert await world.rebuild("hours") == []


async def test_kf_03_a_score_is_weighed_and_clipped_and_who_passes_is_given_all_hours(world: World) -> None:
    hours = await valley(world)
    weights = {"time": "0.5", "discussion": "0.2", "tasks": "0.3"}
    await approved(hours, "K1", hours="60.00", score={"weights": weights, "pass_mark": "60"})
    await seat(hours, CENTRE, "K1", "T1", "T2", "T3")
    others = {"discussion": {"value": "80"}, "tasks": {"value": "90"}}
    studied = [
        {"teacher": teacher, "parts": {"time": {"value": value, "of": "60"}, **others}}
        for teacher, value in (("T1", "55"), ("T2", "30"), ("T3", "66"))
    ]
    assert await result(hours, PROVIDER, "K1", *studied) == ["passed"] * 3
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [one["score"] for one in listed] == ["88.83", "68.00", "93.00"]
    await register(hours, CENTRE, "K1")
    sums = [(await total(hours, teacher, YEAR))["professional"] for teacher in ("T1", "T2", "T3")]
    assert sums == ["60.00"] * 3


async def test_scenario_11_wuhan_whoever_missed_a_fifth_is_excluded_until_reassessed(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack(tmp_path, "absence = { numerator = 1, denominator = 5 }"))
    lessons = [{"lesson": str(one), "day": today().isoformat(), "hours": "8"} for one in range(5)]
    await approved(hours, "K1", hours="40.00", lessons=lessons)
    await seat(hours, CENTRE, "K1", "T1", "T2")
    missed = [
        {"teacher": "T1", "lesson": "0", "absent": "6"},
        {"teacher": "T1", "lesson": "1", "absent": "2", "excused": True},
        {"teacher": "T2", "lesson": "0", "absent": "8"},
        {"teacher": "T2", "lesson": "0", "absent": "7"},
        {"teacher": "T2", "lesson": "9", "absent": "1"},
        {"teacher": "T2", "lesson": "1", "absent": "8.01"},
        {"teacher": "T3", "lesson": "1", "absent": "1"},
    ]
    _, said = await send(hours, PROVIDER, "/K1/attendance", {"rows": missed})
    assert rows(said, "absent")[3:] == ["7.00", "lesson.unknown", "absence.too_long", "seat.unknown"]
    passed = [{"teacher": one, "outcome": "passed"} for one in ("T1", "T2")]
    assert await result(hours, PROVIDER, "K1", *passed) == ["result.excluded", "passed"]
    assert await register(hours, CENTRE, "K1") == ["result.excluded", "class:K1/1/T2"]
    assert await result(hours, PROVIDER, "K1", {**passed[0], "reassessment": True}) == ["passed"]
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "class:K1/1/T2"]
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [one["absent"] for one in listed] == ["8.00", "7.00"]
    assert await world.rebuild("hours") == []


async def test_wh_05_a_fifth_missed_excludes_whatever_the_length_of_a_class(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack(tmp_path, "absence = { numerator = 1, denominator = 5 }"))
    for number, lengths, missed, less in (("K24", "888", "5", "4"), ("K15", "87", "3", "2.99")):
        lessons = [
            {"lesson": str(at), "day": today().isoformat(), "hours": length}
            for at, length in enumerate(lengths)
        ]
        await approved(hours, number, hours=f"{sum(map(int, lengths))}.00", lessons=lessons)
        await seat(hours, CENTRE, number, "T1", "T2")
        absences = [
            {"teacher": teacher, "lesson": "0", "absent": absent, "excused": True}
            for teacher, absent in (("T1", missed), ("T2", less))
        ]
        await send(hours, PROVIDER, f"/{number}/attendance", {"rows": absences})
        passed = [{"teacher": one, "outcome": "passed"} for one in ("T1", "T2")]
        assert await result(hours, PROVIDER, number, *passed) == ["result.excluded", "passed"]
        assert await register(hours, CENTRE, number) == ["result.excluded", f"class:{number}/1/T2"]


async def test_gz_lm_05_where_no_figure_is_given_the_result_decides(world: World) -> None:
    hours = await valley(world)
    lesson = {"lesson": "1", "day": today().isoformat(), "hours": "16"}
    await approved(hours, "K1", lessons=[lesson])
    await seat(hours, CENTRE, "K1", "T1")
    missed = {"teacher": "T1", "lesson": "1", "absent": "16"}
    await send(hours, CENTRE, "/K1/attendance", {"rows": [missed]})
    assert await result(hours, CENTRE, "K1", {"teacher": "T1", "outcome": "passed"}) == ["passed"]


async def test_hb_04_hours_of_a_class_in_no_plan_are_held_until_an_authority_admits_it(
    world: World, tmp_path: Path
) -> None:
    parameters = "annual_plan = true\nprofile = ['title']"
    hours = await valley(world, HOURS_PACK=pack(tmp_path, parameters, "lead_months = 1"))
    await enrol(hours, "T1", school="S", district="", title="一级教师")
    zh = {**CENTRE, "Accept-Language": "zh"}
    assert await propose(hours, CENTRE, "K1") == (201, "proposed")
    assert await decide(hours, CITY, "K1") == (409, "class.late"), "WH-08"
    assert await decide(hours, CITY, "K1", why="特殊情况") == (200, "approved")
    assert await seat(hours, CENTRE, "K1", "T1", "T2") == ["enrolled", "profile.incomplete"]
    _, said = await send(hours, zh, "/K1/seats", {"teachers": ["T2"]})
    assert said["results"][0]["problem"]["detail"] == "T2 须先完善个人资料方可报名:职称。"
    await result(hours, CENTRE, "K1", {"teacher": "T1", "outcome": "passed"})
    assert await register(hours, CENTRE, "K1") == (409, "class.held")
    why = {"reason": "补列"}
    assert await send(hours, CENTRE, "/K1/admission", why) == (403, "class.own_proposal")
    status, said = await send(hours, CITY, "/K1/admission", why)
    assert (status, said["held"]) == (200, False)
    assert await send(hours, CITY, "/K1/admission", why) == (409, "class.not_held")
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1"], "held, not lost"
    assert await world.rebuild("hours") == []


async def take_back(hours: httpx.AsyncClient, number: str, what: str, said: dict[str, Any]) -> int:
    """Reverse or correct a record, as its centre; the status."""
    path, headers = f"/v1/records/{number}/{what}", {**CENTRE, **key()}
    return (await hours.post(path, json={"reason": "学时有误", **said}, headers=headers)).status_code


async def test_what_was_taken_back_is_registered_again_and_what_was_corrected_stands(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", lessons=[{"lesson": "1", "day": today().isoformat(), "hours": "16"}])
    await seat(hours, CENTRE, "K1", "T1", "T2")
    passed = [{"teacher": one, "outcome": "passed"} for one in ("T1", "T2")]
    personal = {**passed[0], "grade": "身份证34052419800101001X"}
    assert await result(hours, CENTRE, "K1", personal, *passed) == ["body.invalid", "passed", "passed"]
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "class:K1/1/T2"]
    assert await take_back(hours, "class:K1/1/T1", "reversal", {}) == 201
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert [one["registered"] for one in listed] == [False, True]
    missed = [{"teacher": one, "lesson": "1", "absent": "1"} for one in ("T1", "T2")]
    _, said = await send(hours, CENTRE, "/K1/attendance", {"rows": missed})
    assert rows(said, "absent") == ["1.00", "result.registered"]
    right = {
        **record("K1-T2 right", "T2", "GZ-HR-2.02", "8.00", year=YEAR),
        **dict.fromkeys(("from", "to"), today().isoformat()),
    }
    assert await take_back(hours, "class:K1/1/T2", "correction", right) == 201
    failed = [{**one, "outcome": "failed"} for one in passed]
    assert await result(hours, CENTRE, "K1", *failed) == ["failed", "result.registered"]
    assert await register(hours, CENTRE, "K1") == ["result.failed", "K1-T2 right"]
    assert await result(hours, CENTRE, "K1", {**passed[0], "reassessment": True}) == ["passed"]
    _, said = await send(hours, CENTRE, "/K1/registration", None)
    assert (rows(said, "record"), said["replayed"]) == (["class:K1/2/T1", "K1-T2 right"], 1)
    assert await register(hours, CENTRE, "K1") == ["class:K1/2/T1", "K1-T2 right"]
    assert [(await total(hours, one, YEAR))["professional"] for one in ("T1", "T2")] == [ALL, "8.00"]
    assert await take_back(hours, "class:K1/2/T1", "reversal", {}) == 201
    assert await register(hours, CENTRE, "K1") == ["class:K1/3/T1", "K1-T2 right"]
    assert await world.rebuild("hours") == []


async def test_who_moves_away_during_a_class_still_takes_part_in_it(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1")
    await approved(hours, "K2")
    assert await seat(hours, CENTRE, "K1", "T1", "T2") == ["enrolled", "enrolled"]
    await enrol(hours, "T1", school="F", district="")
    new, old = calling("school:F"), calling("school:S")
    seen = {"school:F": ["T1"], "teacher:T1": ["T1"], "district:E": ["T1"], "school:S": ["T2"]}
    for who, seated in (seen | {"centre:D": ["T1", "T2"], "city:C": ["T1", "T2"]}).items():
        listed = (await hours.get("/v1/classes/K1/seats", headers=calling(who))).json()["items"]
        assert [one["teacher"] for one in listed] == seated, who
    classes = (await hours.get("/v1/classes", headers=new)).json()["items"]
    assert [one["class"] for one in classes] == ["K1"], "where one of theirs has a seat, and no other"
    taking = (await hours.get("/v1/classes", params={"open_on": later(0)["opens"]}, headers=new)).json()
    assert taking["items"] == [], "it is not offered to the other school"
    assert await seat(hours, new, "K1", "T4", "T1") == ["class.not_offered", "class.not_offered"]
    assert await seat(hours, new, "K2", "T1") == (404, "class.unknown")
    assert await seat(hours, old, "K1", "T1", "T2") == ["teacher.unknown", "enrolled"]
    leaving = {"teacher": "T1"}
    assert await send(hours, old, "/K1/withdrawals", leaving) == (404, "seat.unknown")
    assert await send(hours, CENTRE, "/K1/withdrawals", leaving) == (409, "class.begun")
    passed = [{"teacher": one, "outcome": "passed"} for one in ("T1", "T2")]
    assert await result(hours, CENTRE, "K1", *passed) == ["passed", "passed"]
    first, _ = await register(hours, CENTRE, "K1")
    record = (await hours.get(f"/v1/records/{first}", headers=new)).json()
    assert (record["teacher"], record["hours"]) == ("T1", "16.00")
    assert (await hours.get(f"/v1/records/{first}", headers=old)).status_code == 404
    assert await world.rebuild("hours") == []
