"""Reviews of registrations (HB-02, WH-09) over HTTP: drawn, marked, answered, signed off; no hour moves."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from hours.reviews.domain import Sample, drawn
from tests.integration.hours.acts import enrol, key, record, register, total
from tests.integration.hours.packs import WUHAN_AND_HUBEI, pack_file
from tests.integration.hours.test_declarations import (
    CENTRE,
    CITY_CENTRE,
    SCHOOL_OF,
    decide,
    declaration,
    declare,
    village,
)
from tests.support.signing import account, calling, signed
from tests.support.steps import take
from tests.support.world import World

BOTH = account("both", "school_administrator@school:S", "district_centre@district:D")
"""Somebody who registers at the school and sits in the district's centre."""
ALICE = "身份证 11010519491231002X"


def course(number: str, teacher: str, **changed: Any) -> dict[str, Any]:
    """An online course that a school registers itself."""
    return record(number, teacher, "GZ-HR-2.01", "8", source_rule="HB-02.4", **changed)


async def town(world: World, folder: Path) -> httpx.AsyncClient:
    """School S registered A to D, F another one; B was declared by S and recognised by the centre."""
    hours = await village(world, HOURS_PACK=pack_file(folder, WUHAN_AND_HUBEI))
    for caller, rows in {
        "school:S": [course("A", "T1"), course("C", "T2"), course("D", "T2"), course("E", "T2")],
        "school:F": [course("F", "F1")],
    }.items():
        answer = await hours.post("/v1/records", json=rows, headers=calling(caller))
        assert answer.json()["accepted"] == len(rows), answer.text
    assert await declare(hours, declaration("B", "WH-09.3", hours="6"), SCHOOL_OF) == (201, "declared")
    assert await decide(hours, CENTRE, "B") == "posted"
    await hours.post("/v1/records/E/reversal", json={"reason": "登记有误"}, headers={**key(), **SCHOOL_OF})
    await register(hours, record("O", "T1", "GZ-HR-2.02", "2"))
    return hours


async def begin(
    hours: httpx.AsyncClient, number: str, who: dict[str, str], place: str = "S", **said: Any
) -> tuple[int, Any]:
    """The status, and the review or the code."""
    body = {"place": place, "year": 2024, **said}
    answer = await hours.post("/v1/reviews", json=body, headers={**who, "Idempotency-Key": number})
    return answer.status_code, answer.json().get("code") or answer.json()


async def items(hours: httpx.AsyncClient, number: str, **wanted: Any) -> dict[str, dict[str, Any]]:
    answer = await hours.get(f"/v1/reviews/{number}/items", params=wanted)
    assert answer.status_code == 200, answer.text
    return {one["record"]: one for one in answer.json()["items"]}


async def mark(
    hours: httpx.AsyncClient, number: str, who: dict[str, str], *rows: tuple[str, str, str]
) -> list[Any] | str:
    """Each row's mark or code, or the code of it all."""
    marks = [{"record": one, "mark": said, "reason": reason} for one, said, reason in rows]
    answer = await hours.post(f"/v1/reviews/{number}/marks", json={"marks": marks}, headers={**key(), **who})
    return results(answer, "mark")


def results(answer: httpx.Response, shown: str) -> list[Any] | str:
    told = answer.json()
    if "code" in told:
        return str(told["code"])
    return [row["problem"]["code"] if "problem" in row else row[shown] for row in told["results"]]


async def say(hours: httpx.AsyncClient, who: dict[str, str], review: str, **words: str) -> list[Any] | str:
    answers = [{"review": review, "record": one, "words": said} for one, said in words.items()]
    sent = {**key(), **who}
    return results(
        await hours.post("/v1/objections/answers", json={"answers": answers}, headers=sent), "mark"
    )


async def sign(
    hours: httpx.AsyncClient, number: str, who: dict[str, str], override: str = ""
) -> tuple[int, Any]:
    body = {"override": override}
    answer = await hours.post(f"/v1/reviews/{number}/signature", json=body, headers={**key(), **who})
    return answer.status_code, answer.json().get("code") or answer.json()


async def objected(hours: httpx.AsyncClient, who: dict[str, str], **wanted: Any) -> list[str]:
    answer = await hours.get("/v1/objections", params={"awaiting": True, **wanted}, headers=who)
    return [one["record"] for one in answer.json()["items"]]


async def test_hb_02_a_county_reviews_each_year_what_its_school_registered(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path)
    assert await begin(hours, "V", SCHOOL_OF) == (403, "access.forbidden"), "the place itself"
    _, whole = await begin(hours, "whole", CENTRE, "D")
    assert whole["registered"] == 3, "of its own place, what others registered and not what it recognised"
    assert await begin(hours, "V", calling("district:E")) == (422, "review.not_below")
    status, opened = await begin(hours, "V", CENTRE)
    assert (status, opened["registered"], opened["items"]) == (201, 3, 3), opened
    assert (opened["kind"], opened["by"]) == ("annual", "centre:D")
    again = await begin(hours, "V", CENTRE)
    assert again == (201, opened), "the same key, the same review"
    assert await begin(hours, "V", CITY_CENTRE) == (409, "idempotency.conflict")
    assert (await begin(hours, "W", CENTRE, year=2025))[1]["registered"] == 0

    late = await hours.post("/v1/records", json=[course("G", "T1")], headers=SCHOOL_OF)
    assert late.json()["accepted"] == 1
    assert list(await items(hours, "V")) == ["A", "C", "D"], "frozen; neither B, E nor what came later"
    first = (await hours.get("/v1/reviews/V/items", params={"limit": 1})).json()
    rest = await items(hours, "V", cursor=first["next"], mark="open")
    assert ([one["record"] for one in first["items"]], list(rest)) == (["A"], ["C", "D"])
    shown = first["items"][0]
    assert (shown["teacher"], shown["hours"], shown["activity"]) == ("T1", "8.00", "activity A")

    for caller, status in (("school:S", 200), ("city:C", 200), ("school:F", 404), ("district:E", 404)):
        for path in ("/v1/reviews/V", "/v1/reviews/V/items"):
            assert (await hours.get(path, headers=calling(caller))).status_code == status, caller
    for caller, numbers in (("school:S", ["V"]), ("school:F", [])):
        listed = await hours.get("/v1/reviews", params={"year": 2024}, headers=calling(caller))
        assert [one["review"] for one in listed.json()["items"]] == numbers, caller
    assert await mark(hours, "V", calling("district:E"), ("A", "in_order", "")) == "review.unknown"
    assert await mark(hours, "V", calling("city:C"), ("A", "in_order", "")) == "review.not_reviewer"
    rows = [("A", "in_order", ""), ("C", "objected", "缺少考勤"), ("D", "objected", "学时不符")]
    wrong = [("G", "in_order", ""), ("A", "objected", ""), ("A", "objected", ALICE)]
    assert await mark(hours, "V", CENTRE, *rows, *wrong) == [
        *("in_order", "objected", "objected"),
        *("review.item_unknown", "body.invalid", "body.invalid"),
    ]
    assert await mark(hours, "V", CENTRE, *rows[:1], ("C", "objected", "缺少考勤记录")) == [
        "in_order",
        "objected",
    ]
    assert list(await items(hours, "V", mark="objected")) == ["C", "D"]
    assert await world.rebuild("hours") == []


async def test_hb_02_the_school_answers_or_corrects_and_the_review_is_signed_off(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path)
    before = await total(hours, "T1"), await total(hours, "T2")
    await begin(hours, "V", CENTRE)
    assert await sign(hours, "V", CENTRE) == (409, "review.unmarked")
    rows = [("A", "in_order", ""), ("C", "objected", "缺少考勤"), ("D", "objected", "学时不符")]
    assert await mark(hours, "V", CENTRE, *rows) == ["in_order", "objected", "objected"]
    assert (await total(hours, "T1"), await total(hours, "T2")) == before, "an objection changes no hours"
    assert await sign(hours, "V", CENTRE) == (409, "review.awaits_answers")
    assert (await stated(hours, "T1"))["A"] == [], "nothing is said before the review is over"
    assert await objected(hours, SCHOOL_OF) == ["C", "D"] == await objected(hours, calling("city:C"))
    assert await objected(hours, calling("school:F")) == []
    assert await objected(hours, CENTRE, answerable="centre:D") == []
    assert await say(hours, calling("school:F"), "V", C="有") == ["objection.unknown"]
    right = {**course("C2", "T2"), "hours": "6", "reason": "考勤不足"}
    corrected = await hours.post("/v1/records/C/correction", json=right, headers={**key(), **SCHOOL_OF})
    assert corrected.status_code == 201, corrected.text
    assert await say(hours, SCHOOL_OF, "V", D="课程表见附件", A="无") == ["objected", "objection.unknown"]
    assert await objected(hours, SCHOOL_OF) == []
    found = await items(hours, "V")
    assert [found[one]["since"] for one in "ACD"] == ["unchanged", "corrected", "unchanged"]
    assert (found["C"]["replacement"], found["D"]["answer"]) == ("C2", "课程表见附件")

    assert await sign(hours, "V", calling("city:C")) == (403, "review.not_reviewer")
    status, over = await sign(hours, "V", CENTRE)
    assert (status, over["state"], over["outcome"]) == (200, "signed_off", "with_objections"), over
    assert over["counts"] == {"open": 0, "in_order": 1, "objected": 2, "awaiting": 0, "upheld": 1}
    await hours.post("/v1/records/D/reversal", json={"reason": "重复"}, headers={**key(), **SCHOOL_OF})
    assert await mark(hours, "V", CENTRE, ("D", "in_order", "")) == "review.over"
    assert await say(hours, SCHOOL_OF, "V", D="另有说明") == ["review.over"]
    assert await sign(hours, "V", CENTRE) == (409, "review.over")
    found = await items(hours, "V")
    assert [(one["upheld"], one["since"]) for one in found.values()] == [
        (False, "unchanged"),
        (False, "corrected"),
        (True, "taken_back"),
    ], "what the record does afterwards is told, and the objection stays"
    said = [await stated(hours, teacher) for teacher in ("T1", "T2")]
    assert said == [
        {"A": ["in_order"], "O": [], "declaration:B": []},
        {
            "C": ["changed"],
            "C2": [],
            "D": ["upheld"],
            "E": [],
        },
    ]
    table = await hours.get("/v1/teachers/T1/statement", params={"year": 2024, "format": "csv"})
    assert re.search(r'"centre:D \d{4}-\d\d-\d\d in order"', table.text)
    assert await world.rebuild("hours") == []


async def stated(hours: httpx.AsyncClient, teacher: str) -> dict[str, list[str]]:
    """What a statement says of the reviews of each record."""
    answer = await hours.get(f"/v1/teachers/{teacher}/statement", params={"year": 2024})
    sources = [line["source"] for line in answer.json()["items"]]
    assert all(one["by"] == "centre:D" and one["at"] for source in sources for one in source["reviews"])
    return {one["record"]: [review["outcome"] for review in one["reviews"]] for one in sources}


async def test_a_city_spot_checks_a_county_and_wh_09_what_its_centre_let_in(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path)
    population = ["A", "C", "D", "declaration:B"]
    for number, sample, count in (
        ("half", Sample(unit="percent", size=50), 2),
        ("part", Sample(unit="percent", size=51), 3),
        ("one", Sample(unit="records", size=1), 1),
        ("more", Sample(unit="records", size=99), 4),
    ):
        asked = {"unit": sample.unit, "size": sample.size}
        status, opened = await begin(hours, number, CITY_CENTRE, "D", sample=asked)
        assert (status, opened["registered"], opened["items"]) == (201, 4, count), opened
        assert opened["kind"] == "spot_check"
        found = await items(hours, number)
        again = drawn(reversed(population), sample, number, opened["seed"])
        assert list(found) == again, "who knows the seed draws the same"
    answers = {number: one["answerable"] for number, one in (await items(hours, "more")).items()}
    assert answers == {**dict.fromkeys("ACD", "school:S"), "declaration:B": "centre:D"}
    assert {
        drawn(population, Sample(unit="records", size=1), "one", f"{seed:032x}")[0] for seed in range(40)
    } == {*population}, "each of them can be drawn"

    assert await sign(hours, "more", CITY_CENTRE) == (409, "review.unmarked")
    await mark(hours, "more", CITY_CENTRE, *((one, "objected", "请说明") for one in population))
    assert await objected(hours, SCHOOL_OF, review="more") == ["A", "C", "D"], "in a review of the district"
    assert (await hours.get("/v1/reviews/more", headers=SCHOOL_OF)).json()["code"] == "review.unknown"
    assert await objected(hours, CENTRE, answerable="centre:D") == ["declaration:B"]
    assert await say(hours, CENTRE, "more", **{"A": "已核", "declaration:B": "已核"}) == [
        "objection.unknown",
        "objected",
    ], "the school answers for what it registered"
    await mark(hours, "more", CITY_CENTRE, *((one, "in_order", "") for one in "AC"))
    assert (await items(hours, "more"))["A"]["reason"] is None
    assert await mark(hours, "more", CITY_CENTRE, ("declaration:B", "objected", "再说明")) == ["objected"]
    assert await objected(hours, CENTRE) == ["D", "declaration:B"], "another reason waits for another answer"
    await mark(hours, "more", CITY_CENTRE, ("D", "in_order", ""))
    assert await sign(hours, "more", CITY_CENTRE) == (409, "review.awaits_answers")
    status, over = await sign(hours, "more", CITY_CENTRE, "逾期未答复")
    assert (status, over["outcome"], over["override"]) == (200, "with_objections", "逾期未答复")
    assert await objected(hours, CENTRE) == [], "nobody waits for an answer any more"
    await mark(hours, "one", CITY_CENTRE, *((one, "in_order", "") for one in await items(hours, "one")))
    status, over = await sign(hours, "one", CITY_CENTRE)
    assert (over["outcome"], over["counts"]["upheld"]) == ("recognised", 0)
    assert await world.rebuild("hours") == []


async def test_nobody_reviews_what_their_account_registered(world: World, tmp_path: Path) -> None:
    hours = await town(world, tmp_path)
    assert (await begin(hours, "first", CENTRE))[0] == 201
    assert await mark(hours, "first", BOTH, ("A", "in_order", "")) == ["in_order"], "an account of the centre"
    taken = await hours.post("/v1/records", json=[course("H", "T1")], headers=BOTH)
    assert taken.json()["accepted"] == 1, taken.text
    assert await begin(hours, "second", BOTH) == (403, "review.own")
    assert (await begin(hours, "third", CENTRE))[0] == 201
    rows = [(one, "in_order", "") for one in "ACDH"]
    assert await mark(hours, "third", BOTH, *rows) == [*["in_order"] * 3, "review.own"]
    assert await mark(hours, "third", CENTRE, *rows) == ["in_order"] * 4
    assert await sign(hours, "third", BOTH) == (403, "review.own")
    assert (await sign(hours, "third", CENTRE))[1]["outcome"] == "recognised"
    there = account("there", "district_centre@district:D")
    assert await declare(hours, declaration("K", "WH-09.3", hours="2"), SCHOOL_OF) == (201, "declared")
    assert await decide(hours, there, "K") == "posted"
    above = account("there", "district_centre@city:C")
    assert await begin(hours, "city", above, "D") == (403, "review.own"), "who recognised it"
    assert (await begin(hours, "all", CITY_CENTRE, "D"))[0] == 201


async def test_nobody_reviews_what_they_had_a_hand_in_before_somebody_else(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path)
    below = {name: account(name, "school_administrator@school:S") for name in ("declarant", "registrar")}
    assert await declare(hours, declaration("K", "WH-09.3", hours="2"), below["declarant"]) == (
        201,
        "declared",
    )
    assert await decide(hours, CENTRE, "K") == "posted"
    taken = await hours.post("/v1/records", json=[course("H", "T2")], headers=below["registrar"])
    assert taken.json()["accepted"] == 1, taken.text
    for old, new in (("H", "H2"), ("H2", "H3")):
        right = {**course(new, "T2"), "hours": "6", "reason": "考勤不足"}
        sent = {**key(), **SCHOOL_OF}
        corrected = await hours.post(f"/v1/records/{old}/correction", json=right, headers=sent)
        assert corrected.status_code == 201, corrected.text
    assert (await begin(hours, "all", CITY_CENTRE, "D"))[0] == 201
    for name, number in (("declarant", "declaration:K"), ("registrar", "H3")):
        above = account(name, "district_centre@city:C")
        assert await begin(hours, name, above, "D") == (403, "review.own"), name
        rows = [(one, "in_order", "") for one in ("A", number)]
        assert await mark(hours, "all", above, *rows) == ["in_order", "review.own"], name
    await mark(hours, "all", CITY_CENTRE, *((one, "in_order", "") for one in await items(hours, "all")))
    for name in below:
        assert await sign(hours, "all", account(name, "district_centre@city:C")) == (403, "review.own")
    assert (await sign(hours, "all", CITY_CENTRE))[1]["outcome"] == "recognised"
    assert await world.rebuild("hours") == []
    for way in ("downgrade", "upgrade"):
        await take(world, "hours", "2026_11_30_0035", way)
    assert await world.rebuild("hours") == [], "the migration fills them as the journal does"


async def test_who_only_answers_sees_no_objection_to_others(world: World, tmp_path: Path) -> None:
    own = WUHAN_AND_HUBEI.replace('registrars = ["centre"]', 'registrars = ["research_department"]')
    assert own != WUHAN_AND_HUBEI
    hours = await village(world, HOURS_PACK=pack_file(tmp_path, own))
    department, provider = signed("research_department@district:D"), signed("provider@district:D")
    answer = await hours.post("/v1/records", json=[course("A", "T1")], headers=SCHOOL_OF)
    assert answer.json()["accepted"] == 1, answer.text
    assert await declare(hours, declaration("B", "HB-02.3", hours="6"), department) == (201, "posted")
    assert (await begin(hours, "V", CITY_CENTRE, "D"))[1]["items"] == 2
    rows = [("A", "objected", "缺少考勤"), ("declaration:B", "objected", "请说明")]
    assert await mark(hours, "V", CITY_CENTRE, *rows) == ["objected"] * 2
    seen: tuple[tuple[dict[str, str], list[str]], ...] = ((department, ["declaration:B"]), (provider, []))
    for who, numbers in seen:
        assert await objected(hours, who) == await objected(hours, who, review="V") == numbers
        assert await objected(hours, who, answerable="school:S") == []
        for path in ("/v1/reviews", "/v1/reviews/V", "/v1/reviews/V/items"):
            assert (await hours.get(path, headers=who)).json()["code"] == "access.forbidden", path
    assert await objected(hours, CENTRE) == ["A", "declaration:B"]
    answers = {"A": "已核", "declaration:B": "已核"}
    assert await say(hours, provider, "V", **answers) == ["objection.unknown"] * 2
    assert await say(hours, department, "V", **answers) == ["objection.unknown", "objected"]


@pytest.mark.long
async def test_ten_thousand_records_are_reviewed_in_pages(world: World, tmp_path: Path) -> None:
    hours = await village(world, HOURS_PACK=pack_file(tmp_path, WUHAN_AND_HUBEI))
    many = [f"R{number:05}" for number in range(10_000)]
    await enrol(hours, *(f"L{number:02}" for number in range(100)), school="S", district="")
    for start in range(0, len(many), 1000):
        rows = [course(one, f"L{one[-2:]}", activity=one) for one in many[start : start + 1000]]
        answer = await hours.post("/v1/records", json=rows, headers=SCHOOL_OF)
        assert answer.json()["accepted"] == 1000, answer.text[:500]
    status, opened = await begin(hours, "V", CENTRE)
    assert (status, opened["items"]) == (201, 10_000)
    cursor: str | None = None
    seen: list[str] = []
    while cursor or not seen:
        asked = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
        told = (await hours.get("/v1/reviews/V/items", params=asked)).json()
        seen, cursor = seen + [one["record"] for one in told["items"]], told["next"]
        marks = [(one["record"], "in_order", "") for one in told["items"]]
        assert await mark(hours, "V", CENTRE, *marks) == ["in_order"] * 1000
    assert seen == many
    status, over = await sign(hours, "V", CENTRE)
    assert (status, over["outcome"]) == (200, "recognised")
    assert await world.rebuild("hours") == []
