"""What a rule refuses: each code with its place, the rule's own words, what was judged, the arithmetic."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, get_args

import httpx

from shared.policy.calendar import day_of
from shared.policy.categories import Category
from shared.policy.loader import builtin
from shared.policy.shapes import Rule
from shared.policy.sources import Registrar
from shared.runtime import clock
from tests.integration.hours.acts import enrol, key, record, register, stamped
from tests.support.documents import ROOT
from tests.support.signing import calling

PACK = builtin()
APPROVED = "2024-05-06T00:00:00+08:00"
"""On the first day of the records here, so not before it."""

NOT_SHIPPED = {"registration.late"}
"""Codes of rules that the shipped pack does not have."""
ELSEWHERE = {
    *("rank.missing", "grade.missing", "programme.missing"),
    *("degree.missing", "degree.unknown", "degree.below_floor", "stage.without_floor"),
    *("topic.unknown", "recognition.no_factor", "origin.missing"),
    *("mode.missing", "mode.unknown", "issuing_level.missing", "issuing_level.unknown"),
    *("rule.unregistered", "diploma.missing", "diploma.in_future", "diploma.outside_cycle"),
}
"""Codes of rules for what is declared (`tests/unit/hours`), and of other packs (`test_who_recognises`,
`test_credits`, and the examples of those packs)."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A record that one rule refuses, and how."""

    code: str
    status: int
    paths: list[str]
    rule: str = "GZ-HR-2.02"
    hours: str | None = "8"
    changed: Mapping[str, Any] = field(default_factory=dict)
    caller: str = "operator:local"
    arithmetic: list[str]
    """As it reads in Chinese."""

    @property
    def body(self) -> dict[str, Any]:
        return {**record(f"R-{self.code}", "T1", self.rule, self.hours), **self.changed}


def details(**named: Any) -> dict[str, Any]:
    return {"details": named}


CASES = [
    Case(
        code="rule.unknown",
        status=422,
        paths=["/source_rule"],
        changed={"source_rule": "GZ-EX-01"},
        arithmetic=["GZ-EX-01 ∉ /v1/rules"],
    ),
    Case(
        code="rule.disabled",
        status=409,
        paths=["/source_rule"],
        changed={"source_rule": "GZ-HR-2.05"},
        arithmetic=["GZ-HR-2.05 ∉ /v1/rules"],
    ),
    Case(
        code="rule.other_way",
        status=409,
        paths=["/source_rule"],
        caller="centre:越秀区",
        arithmetic=["课程自动记录 ≠ 培训班"],
    ),
    Case(
        code="rule.incomplete",
        status=422,
        paths=["/source_rule"],
        rule="GZ-HR-2.12c",
        changed=details(grade="A"),
        arithmetic=["A: ∅"],
    ),
    Case(
        code="registrar.not_allowed",
        status=403,
        paths=[],
        caller="school:S01",
        arithmetic=["学校 S01 ∉ {教师发展中心}"],
    ),
    Case(
        code="category.mismatch",
        status=422,
        paths=["/category"],
        changed={"category": "elective"},
        arithmetic=["个人选修科目 ≠ 专业科目"],
    ),
    Case(
        code="year.mismatch",
        status=422,
        paths=["/to"],
        changed={"to": "2025-01-01"},
        arithmetic=["2025-01-01 ∉ 2024"],
    ),
    Case(
        code="dates.reversed",
        status=422,
        paths=["/to"],
        changed={"to": "2024-05-05"},
        arithmetic=["2024-05-05 < 2024-05-06"],
    ),
    Case(
        code="evidence.missing",
        status=422,
        paths=["/evidence"],
        rule="GZ-HR-2.03",
        changed={"evidence": ""},
        arithmetic=["evidence = ∅"],
    ),
    Case(
        code="approval.missing",
        status=422,
        paths=["/details/approved_at"],
        rule="GZ-HR-2.12b",
        changed={"teacher": "V1", **details()},
        arithmetic=["details/approved_at = ∅"],
    ),
    Case(
        code="approval.late",
        status=409,
        paths=["/details/approved_at"],
        rule="GZ-HR-2.12b",
        changed={"teacher": "V1", **details(approved_at=APPROVED)},
        arithmetic=["2024-05-06 ≥ 2024-05-06"],
    ),
    Case(
        code="plan.not_approved",
        status=409,
        paths=["/details/plan_approved_at"],
        rule="GZ-HR-3.02",
        changed=details(plan_approved_at=APPROVED),
        arithmetic=["2024-05-06 ≥ 2024-05-06"],
    ),
    Case(
        code="teacher.not_eligible",
        status=409,
        paths=["/teacher"],
        rule="GZ-HR-2.12a",
        hours="20",
        arithmetic=["vocational: false ≠ true"],
    ),
    Case(
        code="programme.claimed",
        status=409,
        paths=["/details/programme"],
        rule="GZ-HR-3.04",
        changed=details(programme="教育硕士"),
        arithmetic=["教育硕士 ∈ GZ-HR-2.09"],
    ),
    Case(
        code="proof.missing",
        status=422,
        paths=["/details/proof/handler", "/details/proof/contact"],
        rule="GZ-HR-3.03",
        hours=None,
        changed={"details": stamped(2400, handler="", contact="")},
        arithmetic=["details/proof/handler = ∅, details/proof/contact = ∅"],
    ),
    Case(
        code="proof.disagrees",
        status=422,
        paths=["/details/proof/converted_hours"],
        rule="GZ-HR-3.03",
        hours=None,
        changed={"details": stamped(9000, converted_hours="0")},
        arithmetic=["converted_hours ∉ {30、8}"],
    ),
    Case(
        code="proof.foreign",
        status=422,
        paths=["/details/proof/age"],
        rule="GZ-HR-2.03",
        changed=details(proof={"age": "30"}),
        arithmetic=["age ∉ {}"],
    ),
    Case(
        code="score.invalid",
        status=422,
        paths=["/details/score"],
        rule="GZ-HR-3.03",
        hours=None,
        changed={"details": stamped(-1)},
        arithmetic=["-1 < 0"],
    ),
    Case(
        code="rank.invalid",
        status=422,
        paths=["/details/rank"],
        rule="GZ-HR-2.10",
        hours=None,
        changed=details(rank=0),
        arithmetic=["0 < 1"],
    ),
    Case(
        code="level.missing",
        status=422,
        paths=["/details/level_to"],
        rule="GZ-HR-2.12a",
        hours=None,
        changed={"teacher": "V1", **details(level_from=4)},
        arithmetic=["details/level_to = ∅"],
    ),
    Case(
        code="level.unknown",
        status=422,
        paths=["/details/level_to"],
        rule="GZ-HR-2.12a",
        hours=None,
        changed={"teacher": "V1", **details(level_to=0)},
        arithmetic=["0 ∉ {1、2、3、4、5}"],
    ),
    Case(
        code="level.not_higher",
        status=422,
        paths=["/details/level_to"],
        rule="GZ-HR-2.12a",
        hours=None,
        changed={"teacher": "V1", **details(level_from=3, level_to=4)},
        arithmetic=["4 ≥ 3"],
    ),
    Case(
        code="grade.unknown",
        status=422,
        paths=["/details/grade"],
        rule="GZ-HR-2.12c",
        changed=details(grade="D"),
        arithmetic=["D ∉ {A、B、C}"],
    ),
    Case(
        code="course.incomplete",
        status=422,
        paths=["/details/progress"],
        rule="GZ-HR-2.01",
        changed=details(progress=90),
        arithmetic=["90 % < 100 %"],
    ),
    Case(
        code="hours.missing",
        status=422,
        paths=["/hours"],
        hours=None,
        arithmetic=["hours = ∅"],
    ),
    Case(
        code="hours.not_whole",
        status=422,
        paths=["/hours"],
        rule="GZ-HR-3.03",
        hours="7.5",
        arithmetic=["⌊7.50⌋ ≠ 7.50"],
    ),
    Case(
        code="hours.disagree",
        status=422,
        paths=["/hours"],
        rule="GZ-HR-3.03",
        hours="8",
        changed={"details": stamped(2399)},
        arithmetic=["⌊2399 ÷ 300⌋ = 7.00", "8.00 ≠ 7.00"],
    ),
    Case(
        code="hours.not_of_rule",
        status=422,
        paths=["/hours"],
        rule="GZ-HR-2.10",
        hours="20",
        arithmetic=["20.00 ∉ {28.00、14.00}"],
    ),
]


def before_their_time(today: date) -> list[Case]:
    """What is registered too early; of the day on which a test begins, as a run may last past midnight."""
    ahead = today + timedelta(days=2)
    return [
        Case(
            code="year.not_begun",
            status=422,
            paths=["/year"],
            changed={"year": today.year + 1},
            arithmetic=[f"{today.year + 1} > {today}"],
        ),
        Case(
            code="record.in_future",
            status=422,
            paths=["/to"],
            changed={"year": today.year, "from": str(today), "to": str(ahead)},
            arithmetic=[f"{ahead} > {today}"],
        ),
    ]


def every_case() -> list[Case]:
    return CASES + before_their_time(day_of(clock.now()))


async def school(hours: httpx.AsyncClient) -> None:
    """A teacher, a vocational one, and a degree that is claimed already."""
    await enrol(hours, "T1")
    await enrol(hours, "V1", vocational=True)
    degree = record("R-degree", "T1", "GZ-HR-2.09", "18", details={"programme": "教育硕士"})
    [claimed] = await register(hours, degree)
    assert claimed["status"] == 201, claimed


def test_every_code_of_a_rule_has_its_case() -> None:
    service = ROOT / "services" / "hours" / "src" / "hours"
    codes = tomllib.loads((service / "problems.toml").read_text(encoding="utf-8"))
    rules = "".join(file.read_text("utf-8") for file in service.glob("records/domain/*.py"))
    asked = {code for code in codes if f'"{code}"' in rules}
    assert {case.code for case in every_case()} == asked - ELSEWHERE - NOT_SHIPPED


async def test_what_a_rule_refuses_is_told_at_once_and_whole(hours: httpx.AsyncClient) -> None:
    await school(hours)
    ids = {*get_args(Category), *get_args(Registrar)}
    for case in every_case():
        headers = {"Accept-Language": "zh", **calling(case.caller)}
        alone = await hours.post("/v1/records", json=case.body, headers=headers)
        problem = alone.json()
        assert (alone.status_code, problem["code"]) == (case.status, case.code), problem
        assert [error["path"] for error in problem.get("errors", [])] == case.paths, case.code
        rule = PACK.lookup(case.body["source_rule"])
        assert rule is not None
        quoted = (problem["rule"], problem["clause"], problem["policy"], problem.get("words"))
        assert quoted == (
            rule.id,
            rule.clause,
            PACK.reference,
            rule.words if isinstance(rule, Rule) else None,
        )
        assert problem["arithmetic"] == case.arithmetic, case.code
        told = {"record": f"R-{case.code}", "registrar": case.caller, "from": case.body["from"]}
        assert told.items() <= problem["inputs"].items(), case.code
        assert "proof" not in problem["inputs"]
        assert "{" not in problem["detail"], case.code
        for words in (problem["detail"], *problem["arithmetic"]):
            assert not [identity for identity in ids if identity in words.split()], case.code
        [row] = (await hours.post("/v1/records", json=[case.body], headers=headers)).json()["results"]
        assert row["problem"] == problem, case.code
        assert (await hours.get(f"/v1/records/R-{case.code}")).status_code == 404


async def test_a_refused_reversal_is_told_the_same_way(hours: httpx.AsyncClient) -> None:
    await school(hours)
    headers = {**key(), **calling("school:S01")}
    answer = await hours.post("/v1/records/R-degree/reversal", json={"reason": "登记有误"}, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (403, "registrar.not_allowed")
    assert (problem["rule"], problem["clause"]) == ("GZ-HR-2.09", "五(四)2(9)")
    assert problem["inputs"]["record"] == "R-degree"
    assert problem["allowed"] == ["teacher:T1"]
    assert problem["arithmetic"] == ["school S01 ∉ {teacher T1}"]


async def test_the_same_record_is_taken_once_what_was_wrong_is_right(hours: httpx.AsyncClient) -> None:
    """A refusal keeps no record of itself: its number is still free."""
    await school(hours)
    wrong = record("R1", "T1", "GZ-HR-2.02", "8", to="2099-01-01")
    refused = await hours.post("/v1/records", json=wrong)
    assert refused.status_code == 422
    right = await hours.post("/v1/records", json={**wrong, "to": "2024-05-10"})
    assert (right.status_code, right.headers.get("Idempotent-Replayed")) == (201, None)


async def test_a_record_up_to_today_is_taken(hours: httpx.AsyncClient) -> None:
    await enrol(hours, "T1")
    today = day_of(clock.now())
    dates = {"year": today.year, "from": str(today), "to": str(today)}
    body = record("R1", "T1", "GZ-HR-2.02", "1", **dates)
    assert (await hours.post("/v1/records", json=body)).status_code == 201
