"""What people ask every day: what is missing, the cheapest way there, who is behind, what will expire."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import (
    AT,
    EXPIRY,
    awarded,
    decide,
    enrol,
    exchange,
    paper,
    record,
    register,
)
from tests.integration.hours.conftest import Town
from tests.integration.hours.test_declarations import (
    CENTRE,
    SCHOOL_OF,
    TEACHER,
    declaration,
    declare,
    village,
)
from tests.integration.hours.test_declarations import decide as settle
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_persons import KEYS
from tests.integration.hours.test_transfers import FAR, NEAR, OTHER
from tests.integration.hours.test_waivers import ask
from tests.integration.hours.test_waivers import decide as grant
from tests.support.signing import calling
from tests.support.waivers import with_waivers
from tests.support.world import World

JUNE, JANUARY = "2024-06-15T09:00:00+08:00", "2025-01-10T09:00:00+08:00"
PLAN = {"plan_approved_at": "2024-01-05T09:00:00+08:00"}


async def get(hours: httpx.AsyncClient, path: str, caller: str = "operator:local", **params: Any) -> Any:
    answer = await hours.get(path, params={"year": 2024, "at": JUNE, **params}, headers=calling(caller))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def earn(town: Town, teacher: str, points: int) -> None:
    await town.points.say("points.awarded.v1", f"teacher:{teacher}", awarded(teacher, points), AT)


async def study(town: Town, teacher: str, public: str, professional: str, elective: str) -> None:
    rules = {"GZ-HR-1.01": public, "GZ-HR-2.01": professional, "GZ-HR-3.01": elective}
    await register(
        town.hours,
        *(record(f"{teacher}-{rule}", teacher, rule, hours) for rule, hours in rules.items() if hours),
    )


def ways(found: Any, kind: str) -> dict[str, Any]:
    return {f"{way['rule']}/{way['category']}": way for way in found["ways"] if way["kind"] == kind}


async def test_what_am_i_missing_and_what_is_the_cheapest_way_there(town: Town) -> None:
    await enrol(town.hours, "T1")
    await study(town, "T1", "30", "28", "")
    await register(
        town.hours,
        record("R4", "T1", "GZ-HR-2.04", "6"),
        record("R5", "T1", "GZ-HR-3.02", "16", details=PLAN),
    )
    await earn(town, "T1", 1250)
    await exchange(town.points, "X1", "T1", "professional", 2)
    await town.heard()
    found = await get(town.hours, "/v1/teachers/T1/outlook", "teacher:T1")
    assert found["required"]["total"] == "90.00"
    assert (found["counted"]["professional"], found["counted"]["total"]) == ("36.00", "82.00")
    gap = {"public": "0.00", "professional": "6.00", "elective": "2.00", "hours": "8.00"}
    assert found["missing"] == gap
    assert found["words"] == ["6.00 professional h are missing.", "2.00 elective h are missing."]
    exchanges = ways(found, "exchange")
    assert exchanges["GZ-EX-01/professional"]["hours"] == "8.00", "ten a year, two are used"
    first = exchanges["GZ-EX-01/professional"]
    assert (first["points"], first["rate"], first["cap"], first["used"]) == (1050, 100, 10, "2.00")
    assert first["until"] == "2024-12-31T16:00:00Z"
    rules = ways(found, "rule")
    assert rules["GZ-HR-2.04/professional"]["hours"] == "4.00"
    assert rules["GZ-HR-3.02/elective"]["hours"] == "2.00"
    assert rules["GZ-HR-2.01/professional"]["hours"] is None
    assert not [rule for rule in rules if rule.startswith(("GZ-HR-1", "GZ-HR-2.12"))], (
        "not missing, not eligible"
    )
    assert rules["GZ-HR-2.03/professional"]["evidence"]
    assert rules["GZ-HR-3.03/elective"]["registrars"] == [{"kind": "school", "name": "school"}]
    assert [found["ways"][0]["kind"], found["ways"][-1]["kind"]] == ["exchange", "rule"]
    plan = found["plan"]
    assert (plan["closes"], plan["points"], plan["hours"]) == (True, 800, "8.00")
    assert [(step["category"], step["hours"], step["points"]) for step in plan["steps"]] == [
        ("professional", "6.00", 600),
        ("elective", "2.00", 200),
    ]
    chinese = await town.hours.get(
        "/v1/teachers/T1/outlook", params={"year": 2024, "at": JUNE}, headers={"Accept-Language": "zh"}
    )
    assert chinese.json()["words"][0] == "专业科目还缺 6.00 学时。"
    assert chinese.json()["order"][0]["words"].startswith("积分已在账上")


async def test_what_does_it_leave_to_next_year_and_what_will_expire(town: Town) -> None:
    await enrol(town.hours, "T1")
    figures = {"public": "0", "professional": "70", "elective": "0", "carried_in": "0"}
    await decide(town.verification, "T1", 2023, "passed", figures)
    await earn(town, "T1", 30)
    await study(town, "T1", "30", "20", "17.5")
    await town.heard()
    found = await get(town.hours, "/v1/teachers/T1/outlook")
    assert (found["counted"]["professional"], found["counted"]["carried_in"]) == ("48.00", "28.00")
    assert found["missing"]["hours"] == "0.50"
    assert found["carry_over"]["as_it_stands"]["carry_out"] == "0.00"
    [behind] = (await get(town.hours, "/v1/outlook"))["items"]
    assert behind["missing"] == found["missing"], "the list counts as the outlook of one does"
    planned = found["carry_over"]["as_planned"]
    assert (planned["used_carried"], planned["used_fresh"], planned["carry_out"]) == (
        "28.00",
        "14.00",
        "6.00",
    )
    points = [{"expires_at": EXPIRY.isoformat().replace("+00:00", "Z"), "points": 30}]
    assert found["expiring"] == {"points": points, "carried_in": "28.00"}
    [ending] = (await get(town.hours, "/v1/expiring"))["items"]
    assert ending == {"teacher": "T1", "school": "S01", "points": points, "carried_in": "28.00"}
    late = await get(town.hours, "/v1/expiring", at="2024-12-31T16:00:00Z")
    assert late["items"] == [{**ending, "points": []}]
    await decide(
        town.verification, "T1", 2024, "passed", {**figures, "professional": "20", "carried_in": "28"}
    )
    await town.heard()
    [ending] = (await get(town.hours, "/v1/expiring"))["items"]
    judged = await get(town.hours, "/v1/teachers/T1/outlook")
    assert (ending["points"], ending["carried_in"]) == (points, "0.00")
    assert judged["expiring"] == {"points": points, "carried_in": "0.00"}, "the verdict has used them"
    after = await get(town.hours, "/v1/teachers/T1/outlook", year=2023)
    assert after["expiring"]["points"] == [], "they do not end with that year"


async def test_what_cannot_be_reached_any_more_is_said(town: Town) -> None:
    await enrol(town.hours, "T1")
    await study(town, "T1", "30", "40", "18")
    await earn(town, "T1", 500)
    await town.heard()
    over = await get(town.hours, "/v1/teachers/T1/outlook", at=JANUARY)
    assert (over["phase"], over["plan"]["closes"], over["plan"]["left"]["hours"]) == (
        "registering",
        False,
        "2.00",
    )
    assert {way["kind"] for way in over["ways"]} == {"rule"}
    assert not any(way["plannable"] for way in over["ways"])
    assert over["words"][-1] == "2.00 professional h cannot be reached any more."
    ahead = await get(town.hours, "/v1/teachers/T1/outlook", year=2025)
    assert (ahead["missing"]["hours"], ahead["plan"]["points"]) == ("90.00", 0), (
        "points of 2024 are gone by then"
    )
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"year": 2009}, 422, "year.without_requirement"),
        ({"year": 2024, "at": "soon"}, 422, "body.invalid"),
    ]
    for params, status, code in cases:
        for path in ("/v1/teachers/T1/outlook", "/v1/outlook"):
            refused = await town.hours.get(path, params=params)
            assert (refused.status_code, refused.json()["code"]) == (status, code), path
    nobody = await town.hours.get("/v1/teachers/Z9/outlook", params={"year": 2024})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "teacher.not_listed")


async def test_what_awaits_its_review_counts_before_what_is_still_to_be_learned(world: World) -> None:
    hours = await village(world)
    for number, rule, asked in (
        ("A", "GZ-HR-2.03", "24"),
        ("B", "GZ-HR-2.07", "30"),
        ("C", "GZ-HR-2.07", "20"),
    ):
        row = declaration(number, rule, hours=asked, files=[await paper(hours, number, TEACHER)])
        assert await declare(hours, row) == (201, "declared")
    found = await get(hours, "/v1/teachers/T1/outlook", "teacher:T1")
    reviews = {way["declaration"]: way for way in found["ways"] if way["kind"] == "review"}
    assert {name: way["hours"] for name, way in reviews.items()} == {"A": "24.00", "B": "30.00", "C": "12.00"}
    assert reviews["A"]["href"] == "/v1/declarations/A"
    assert "GZ-HR-2.07/professional" not in ways(found, "rule"), "what awaits its review takes all the room"
    taken = [(one["kind"], one["of"], one["hours"]) for one in found["plan"]["steps"]]
    assert [one for one in taken if one[0] == "review"] == [
        ("review", "A", "24.00"),
        ("review", "B", "18.00"),
    ]
    assert [hours for kind, _, hours in taken if kind == "rule"] == ["30.00", "18.00"]
    over = await get(hours, "/v1/teachers/T1/outlook", at=JANUARY)
    assert (over["plan"]["hours"], over["plan"]["left"]["hours"]) == ("42.00", "48.00"), "reviews go on"
    assert await settle(hours, SCHOOL_OF, "A") == "reviewed"
    assert await settle(hours, CENTRE, "A") == "posted"
    after = await get(hours, "/v1/teachers/T1/outlook")
    assert [way["declaration"] for way in after["ways"] if way["kind"] == "review"] == ["B", "C"]
    assert after["counted"]["professional"] == "24.00"


def without_elective_minimum(folder: Path) -> str:
    """The same rules, but for the minimum of elective hours."""
    file = Path(with_waivers(folder))
    text = file.read_text(encoding="utf-8")
    changed = text.replace("professional = 42, elective = 18 }", "professional = 42 }")
    file.write_text(changed.replace('version = "1.', 'version = "2.', 1), "utf-8")
    return str(file)


async def test_what_is_waived_is_not_missing(world: World, tmp_path: Path) -> None:
    hours = await world.serve("hours", HOURS_PACK=with_waivers(tmp_path), HOURS_PERSON_KEYS=KEYS)
    await post(hours, *WHOLE)
    await enrol(hours, "T1", "T2", "T3", school="S", district="")
    rules = (("GZ-HR-1.01", "30"), ("GZ-HR-2.01", "28"))
    await register(hours, *(record(rule, "T1", rule, asked) for rule, asked in rules))
    files = [await paper(hours, "W", calling("teacher:T1"))]
    less = {"files": files, "hours": {"professional": 10, "elective": 18}}
    assert await ask(hours, "W1", "teacher:T1", **less) == (201, "pending")
    whole = {"teacher": "T2", "kind": "secondment", "last": 2024}
    assert await ask(hours, "W2", "school:S", **whole) == (201, "pending")
    assert await ask(hours, "W3", "school:S", **{**whole, "teacher": "T3"}) == (201, "pending")
    for number in ("W1", "W2"):
        assert await grant(hours, number, "city:C") == (200, "approved")

    async def behind(year: int) -> dict[str, str]:
        """Who misses how much, by the list, where the summary and each outlook say the same."""
        rows = (await get(hours, "/v1/outlook", year=year))["items"]
        for row in rows:
            found = await get(hours, f"/v1/teachers/{row['teacher']}/outlook", year=year)
            assert found["missing"] == row["missing"]
        listed = {row["teacher"]: row["missing"]["hours"] for row in rows}
        summary = await get(hours, "/v1/outlook/summary", year=year)
        together = {"teachers": len(rows), "hours": f"{sum(map(Decimal, listed.values())):.2f}"}
        assert summary["behind"] == together
        return listed

    assert await behind(2024) == {"T3": "90.00", "T1": "4.00"}, "one is granted, one is whole, one awaits"
    one = await get(hours, "/v1/teachers/T1/outlook")
    off = {"public": "0.00", "professional": "10.00", "elective": "18.00", "total": "28.00"}
    left = {"public": "30.00", "professional": "32.00", "elective": "0.00", "total": "62.00"}
    assert (one["waived"], {name: one["required"][name] for name in left}) == (off, left)
    assert one["words"] == ["28.00 h of what 2024 asks are waived.", "4.00 professional h are missing."]
    all_of_it = await get(hours, "/v1/teachers/T2/outlook")
    assert (all_of_it["required"]["total"], all_of_it["waived"]["total"]) == ("0.00", "90.00")
    assert all_of_it["missing"]["hours"] == "0.00"
    assert await behind(2025) == {"T2": "90.00", "T3": "90.00", "T1": "62.00"}
    assert await grant(hours, "W1", "city:C", "end", year=2025) == (200, "ended")
    assert (await behind(2024))["T1"] == "4.00", "it still holds for the year before"
    assert (await behind(2025))["T1"] == "90.00"
    await world.stop("hours")
    hours = await world.serve("hours", HOURS_PACK=without_elective_minimum(tmp_path), HOURS_PERSON_KEYS=KEYS)
    assert (await behind(2024))["T1"] == "4.00", "what is waived of a category without a minimum is so in all"


@pytest.fixture
async def district(town: Town) -> Town:
    """Five teachers of two districts: one complete, the others behind by 90, 42, 4.5 and 4.5 hours."""
    await post(town.hours, *WHOLE, OTHER, NEAR, FAR)
    for teacher, school in (("T1", "S"), ("T2", "S"), ("T3", "N"), ("T4", "S"), ("T5", "F")):
        await enrol(town.hours, teacher, school=school, district="")
    await study(town, "T1", "30", "42", "13.5")
    await study(town, "T2", "30", "42", "18")
    await study(town, "T3", "30", "", "18")
    await study(town, "T5", "30", "40", "15.5")
    await earn(town, "T1", 380)
    await earn(town, "T3", 5000)
    await town.heard()
    return town


async def test_who_in_my_school_will_miss_what_and_how_much_do_their_points_cover(district: Town) -> None:
    found = await get(district.hours, "/v1/outlook", "district:D")
    assert [(one["teacher"], one["missing"]["hours"], one["by_points"]) for one in found["items"]] == [
        ("T4", "90.00", "0.00"),
        ("T3", "42.00", "10.00"),
        ("T1", "4.50", "3.00"),
    ]
    assert found["items"][2]["missing"]["elective"] == "4.50"
    for asked, wanted in (
        ({"order": "teacher"}, ["T1", "T3", "T4"]),
        ({"category": "elective"}, ["T4", "T1"]),
        ({"category": "public"}, ["T4"]),
        ({"school": "S"}, ["T4", "T1"]),
        ({"school": "F"}, []),
    ):
        rows = (await get(district.hours, "/v1/outlook", "district:D", **asked))["items"]
        assert [one["teacher"] for one in rows] == wanted, asked
    everybody = await get(district.hours, "/v1/outlook")
    assert [one["teacher"] for one in everybody["items"]] == ["T4", "T3", "T1", "T5"], "ties by teacher"
    for order, category in (("gap", None), ("teacher", None), ("gap", "elective")):
        asked = {"order": order, "category": category} if category else {"order": order}
        whole = (await get(district.hours, "/v1/outlook", **asked))["items"]
        pages: list[Any] = []
        more: dict[str, str] = {}
        while True:
            page = await get(district.hours, "/v1/outlook", limit=1, **asked, **more)
            pages += page["items"]
            if page["next"] is None:
                break
            more = {"cursor": page["next"]}
        assert pages == whole, asked


async def test_how_does_my_district_stand(district: Town) -> None:
    summary = await get(district.hours, "/v1/outlook/summary", "district:D")
    assert (summary["teachers"], summary["behind"]) == (4, {"teachers": 3, "hours": "136.50"})
    assert summary["categories"] == {
        "public": {"teachers": 1, "hours": "30.00"},
        "professional": {"teachers": 2, "hours": "84.00"},
        "elective": {"teachers": 2, "hours": "22.50"},
    }
    school = await get(district.hours, "/v1/outlook/summary", school="N")
    assert (school["teachers"], school["behind"]["hours"]) == (1, "42.00")
    assert [one["teacher"] for one in (await get(district.hours, "/v1/expiring", "school:S"))["items"]] == [
        "T1"
    ]
    pages = [(await get(district.hours, "/v1/expiring", limit=1))]
    pages.append(await get(district.hours, "/v1/expiring", limit=1, cursor=pages[0]["next"]))
    assert [[one["teacher"] for one in page["items"]] for page in pages] == [["T1"], ["T3"]]
    elsewhere = await district.hours.get(
        "/v1/teachers/T5/outlook", params={"year": 2024}, headers=calling("district:D")
    )
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "teacher.out_of_reach")
