"""What each rule that is declared gives, and what it refuses, over HTTP: the examples of its clause."""

import asyncio
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import httpx
import pytest

from shared.policy.loader import builtin
from tests.integration.hours.acts import enrol, key, paper, record, register, stamped
from tests.integration.hours.test_declarations import (
    CENTRE,
    DEPARTMENT,
    SCHOOL_OF,
    TEACHER,
    decide,
    declaration,
    declare,
    queue,
    village,
)
from tests.support.signing import calling, signed
from tests.support.world import World

Row = dict[str, Any]

REGISTRARS = {
    "GZ-HR-2.04": [DEPARTMENT, signed("research_department@city:C")],
    "GZ-HR-2.06": [calling("distance_centre:C")],
    "GZ-HR-3.03": [SCHOOL_OF],
}
"""Who declares in turn where it is not the teacher; their word is enough."""
STUDY = {"programme": "教育硕士(学科教学)"}
CONSENT = "2024-07-06T23:59:59+08:00"


def rank(place: int) -> Row:
    return {"hours": None, "details": {"rank": place}}


def level(held: int | str | None, obtained: int) -> Row:
    """A qualification; of level 4 to 3, V1 registered one the year before."""
    return {"hours": None, "details": {"level_from": held, "level_to": obtained}}


def score(points: int, **proof: str) -> Row:
    return {"hours": None, "details": stamped(points, **proof)}


def consent(at: str | None) -> Row:
    return {"hours": "60", "details": {"approved_at": at}}


COUNTED: list[tuple[str, list[Row], list[str]]] = [
    ("GZ-HR-2.03", [{"hours": "60"}, {"hours": "80.5"}], ["60.00", "80.50"]),
    ("GZ-HR-2.04", [{"hours": "6"}, {"hours": "6"}], ["6.00", "4.00 cap.reached"]),
    ("GZ-HR-2.06", [{"hours": "73.5"}], ["73.50"]),
    ("GZ-HR-2.07", [{"hours": "50"}], ["42.00 cap.reached"]),
    ("GZ-HR-2.07", [{"hours": "30"}, {"hours": "20"}], ["30.00", "12.00 cap.reached"]),
    ("GZ-HR-2.09", [{"hours": "40", "details": STUDY}], ["28.00 cap.reached"]),
    ("GZ-HR-2.10", [rank(1)], ["28.00"]),
    ("GZ-HR-2.10", [rank(3), rank(4)], ["28.00", "0.00 cap.reached"]),
    ("GZ-HR-2.10", [rank(4), rank(4), rank(3)], ["14.00", "14.00", "0.00 cap.reached"]),
    ("GZ-HR-2.12a", [level(4, 3), level(3, 2)], ["20.00", "0.00 cap.reached"]),
    ("GZ-HR-2.12a", [level("none", 5), level(5, 4)], ["20.00", "0.00 cap.reached"]),
    ("GZ-HR-2.12b", [consent(CONSENT)], ["42.00 cap.reached"]),
    ("GZ-HR-3.03", [score(299)], ["0.00 score.below_rate"]),
    ("GZ-HR-3.03", [score(300)], ["1.00"]),
    ("GZ-HR-3.03", [score(2399)], ["7.00"]),
    ("GZ-HR-3.03", [score(2400)], ["8.00"]),
    ("GZ-HR-3.03", [score(9000)], ["8.00 cap.reached"]),
    ("GZ-HR-3.03", [score(9000, annual_points=" 9000", converted_hours="8.0")], ["8.00 cap.reached"]),
    ("GZ-HR-3.04", [{"hours": "30", "details": STUDY}], ["18.00 cap.reached"]),
]
"""A rule, what one teacher declares under it, and what counts of each declaration, with why it is no more."""


async def results(
    hours: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str]
) -> list[dict[str, Any]]:
    answer = await hours.post(path, json=body, headers={**key(), **headers})
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["results"]
    return told


async def agree(hours: httpx.AsyncClient, reviewer: dict[str, str]) -> None:
    """Approve everything in a reviewer's queue."""
    rows = [{"declaration": name, "verdict": "approve"} for name in await queue(hours, reviewer)]
    for result in await results(hours, "/v1/declarations/decisions", {"decisions": rows}, reviewer):
        assert "problem" not in result, result


@pytest.mark.long
async def test_hours_of_each_rule_that_is_declared(world: World) -> None:
    hours = await village(world)
    teachers = [f"R{n}" for n in range(len(COUNTED))]
    await enrol(hours, *teachers, school="S", district="", vocational=True)
    papers: dict[str, str] = {}
    wanted: dict[str, str] = {}
    for teacher, (rule, rows, counted) in zip(teachers, COUNTED, strict=True):
        own = calling(f"teacher:{teacher}")
        for number, (who, changed, counts) in enumerate(
            zip(cycle(REGISTRARS.get(rule, [own])), rows, counted, strict=False)
        ):
            name, title = f"{teacher}-{number}", f"{rule} {number}"
            papers[title] = papers.get(title) or await paper(hours, title, who)
            row = declaration(name, rule, teacher=teacher, files=[papers[title]], **changed)
            assert await declare(hours, row, who) == (201, "declared" if who is own else "posted"), name
            wanted[name] = counts
    for reviewer in (SCHOOL_OF, CENTRE):
        await agree(hours, reviewer)
    answers = await asyncio.gather(*(hours.get(f"/v1/records/declaration:{name}") for name in wanted))
    found = [f"{one['counted']} {one['reason']}".strip() for one in (answer.json() for answer in answers)]
    assert dict(zip(wanted, found, strict=True)) == wanted


NOT_ALLOWED, OTHER_WAY = (403, "registrar.not_allowed"), (409, "rule.other_way")
NO_EVIDENCE, NOT_ELIGIBLE = (422, "evidence.missing"), (409, "teacher.not_eligible")
PROOF, DISAGREES = stamped(0)["proof"], (422, "proof.disagrees")
NOT_HIGHER = (422, "level.not_higher")
LAST_YEAR = {"from": "2023-12-30", "to": "2023-12-30"}
PLATFORM_ONLY = ("GZ-HR-1.01", "GZ-HR-2.01", "GZ-HR-3.01")
PROVED = {
    source.id: source for source in builtin().hours if source.through == "declaration" and source.evidence
}
OWN, VOCATIONAL, SCHOOL, DISTRICT = "teacher:T1", "teacher:V1", "school:S", "centre:D"
Case = tuple[str, str, Row, tuple[int, str]]
"""A rule, who declares under it, what is said of it, and the refusal."""

REFUSED: list[Case] = [
    *[(rule, who, {}, NOT_ALLOWED) for rule in PLATFORM_ONLY for who in (OWN, SCHOOL, DISTRICT)],
    *[(rule, OWN, {}, NOT_ALLOWED) for rule in REGISTRARS],
    ("GZ-HR-2.02", DISTRICT, {}, OTHER_WAY),
    ("GZ-HR-3.02", SCHOOL, {}, OTHER_WAY),
    *[(rule, OWN, {"hours": "18"}, (422, "programme.missing")) for rule in ("GZ-HR-2.09", "GZ-HR-3.04")],
    ("GZ-HR-2.10", OWN, {**rank(1), **LAST_YEAR}, (422, "year.mismatch")),
    ("GZ-HR-2.10", OWN, {"hours": "28"}, (422, "rank.missing")),
    ("GZ-HR-2.12a", OWN, level(4, 3), NOT_ELIGIBLE),
    ("GZ-HR-2.12a", VOCATIONAL, level(None, 2), (422, "level.missing")),
    *[("GZ-HR-2.12a", VOCATIONAL, level(*pair), NOT_HIGHER) for pair in ((2, 2), (4, 3), ("none", 4))],
    ("GZ-HR-2.12b", OWN, consent(CONSENT), NOT_ELIGIBLE),
    ("GZ-HR-2.12b", VOCATIONAL, consent(None), (422, "approval.missing")),
    ("GZ-HR-2.12b", VOCATIONAL, consent("2024-07-07T00:00:00+08:00"), (409, "approval.late")),
    *[("GZ-HR-2.12c", OWN, {"details": {"grade": one}}, (422, "rule.incomplete")) for one in "ABC"],
    *[("GZ-HR-3.03", SCHOOL, score(2400, **{datum: ""}), (422, "proof.missing")) for datum in PROOF],
    ("GZ-HR-3.03", SCHOOL, score(9000, annual_points="100"), DISAGREES),
    *[
        ("GZ-HR-3.03", SCHOOL, score(9000, converted_hours=said), DISAGREES)
        for said in ("0", "9", "三十", "NaN")
    ],
    ("GZ-HR-3.03", SCHOOL, score(2400, citizen_id="另附"), (422, "proof.foreign")),
    ("GZ-HR-2.03", OWN, {"details": {"proof": {"contact": "020"}}}, (422, "proof.foreign")),
    *[
        (rule, who, {**said, "override": "同一材料"}, (422, "declaration.override_alone"))
        for rule, who, said in (("GZ-HR-3.03", SCHOOL, score(2400)), ("GZ-HR-2.06", "distance_centre:C", {}))
    ],
    ("GZ-HR-3.03", "school:F", score(2400), (422, "teacher.unknown")),
]
WHOLE: dict[str, Row] = {
    "GZ-HR-2.09": STUDY,
    "GZ-HR-2.10": rank(1)["details"],
    "GZ-HR-2.12a": level(3, 2)["details"],
    "GZ-HR-2.12b": consent(CONSENT)["details"],
    "GZ-HR-2.12c": {"grade": "A"},
    "GZ-HR-3.03": score(2400)["details"],
    "GZ-HR-3.04": STUDY,
}
"""What a rule asks for besides files."""


def refused() -> Iterator[Case]:
    """Those above, and every rule that asks for evidence without any."""
    yield from REFUSED
    for rule, source in PROVED.items():
        who = SCHOOL if "school" in source.registrars else VOCATIONAL
        yield rule, who, {"details": WHOLE.get(rule)}, NO_EVIDENCE


async def test_what_each_rule_that_is_declared_refuses(world: World) -> None:
    hours = await village(world)
    await enrol(hours, "V1", school="S", district="", vocational=True)
    before = {**level(4, 3), "year": 2023, "from": "2023-06-01", "to": "2023-06-01"}
    (given,) = await register(hours, {**record("given", "V1", "GZ-HR-2.12a", None), **before})
    assert given["status"] == 201, given
    cases = {f"N{at}": case for at, case in enumerate(refused())}
    found: dict[str, tuple[int, str | None]] = {}
    for who in {caller for _, caller, *_ in cases.values()}:
        file = await paper(hours, who, calling(who))
        sent = [
            declaration(name, rule, teacher="V1" if who is VOCATIONAL else "T1", **changed)
            | ({} if refusal is NO_EVIDENCE else {"files": [file]})
            for name, (rule, caller, changed, refusal) in cases.items()
            if caller == who
        ]
        told = await results(hours, "/v1/declarations", sent, calling(who))
        for row, result in zip(sent, told, strict=True):
            found[row["declaration"]] = result["status"], result.get("problem", {}).get("code")
    assert found == {name: refusal for name, (*_, refusal) in cases.items()}
    assert (await hours.get("/v1/declarations")).json()["items"] == [], "what is refused is not kept"


async def test_gz_hr_2_09_and_3_04_are_not_both_claimed_for_one_programme(world: World) -> None:
    hours = await village(world)
    study: Row = {"hours": "18", "details": STUDY}
    for name, rule in (("A", "GZ-HR-2.09"), ("B", "GZ-HR-3.04")):
        row = declaration(name, rule, files=[await paper(hours, name, TEACHER)], **study)
        assert await declare(hours, row) == (201, "declared"), "nobody has said yet which of them it is"
        assert await decide(hours, SCHOOL_OF, name) == "reviewed"
    assert await decide(hours, CENTRE, "A") == "posted"
    assert await decide(hours, CENTRE, "B") == "programme.claimed"
    again = declaration("C", "GZ-HR-3.04", files=[await paper(hours, "C", TEACHER)], hours="18")
    for said in ("教育硕士(学科教学)", "教育硕士(学科教学)", " 教育硕士 (学科教学)"):
        wide: Row = {**again, "details": {"programme": said}}
        assert await declare(hours, wide) == (409, "programme.claimed")
    other: Row = {**again, "details": {"programme": "工商管理硕士"}}
    assert await declare(hours, other) == (201, "declared")
    assert await world.rebuild("hours") == []


async def test_gz_hr_2_06_who_gave_an_activity_took_no_part_in_it_that_year(world: World) -> None:
    hours = await village(world)
    centre, platform = calling("distance_centre:C"), calling("platform:gz")
    course = record("taken", "T1", "GZ-HR-2.01", "24", activity="课程标准解读")
    assert (await hours.post("/v1/records", json=course, headers=platform)).status_code == 201
    given = declaration("given", "GZ-HR-2.06", activity="课程标准解读")
    assert await declare(hours, given, centre) == (409, "programme.claimed")
    before: Row = {**given, "year": 2023, "from": "2023-07-07", "to": "2023-07-11"}
    assert await declare(hours, before, centre) == (201, "posted"), "given then, and taken later"
    other = {**given, "declaration": "other", "activity": "书法与板书"}
    assert await declare(hours, other, centre) == (201, "posted")
    taken = {**course, "record": "other", "source_rule": "GZ-HR-3.01", "category": "elective"}
    refused = await hours.post("/v1/records", json={**taken, "activity": "书法与板书"}, headers=platform)
    assert (refused.status_code, refused.json()["code"]) == (409, "programme.claimed")
