"""Judging a registration: every example of domain.md 4.4-4.6, each named by its rule."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hours.records.domain.registration import (
    Claimed,
    Granted,
    Obtained,
    Refused,
    Registrar,
    missing,
)
from tests.unit.hours.judging import (
    PACK,
    STANDING,
    VOCATIONAL,
    granted,
    judged,
    refused,
    registration,
    stamped,
)
from tests.unit.hours.packs import PROOF, pack


@pytest.mark.parametrize("rule", [source.id for source in PACK.hours if source.id != "GZ-HR-2.12c"])
def test_plain_hours_with_an_evidence_text_are_enough_under_every_rule(rule: str) -> None:
    hours = {"GZ-HR-2.10": "14", "GZ-HR-2.12a": "20"}.get(rule, "6")
    assert granted(judged(registration(rule, hours), standing=VOCATIONAL)) == Decimal(hours)


def test_gz_hr_1_01_is_registered_by_the_platform_and_never_by_hand() -> None:
    course = registration("GZ-HR-1.01", "30")
    assert granted(judged(course, Registrar(kind="platform", id="gz"))) == 30
    assert refused(judged(course, Registrar(kind="teacher", id="T1"))) == "registrar.not_allowed"


def test_gz_hr_1_01_a_course_nine_tenths_done_gives_nothing() -> None:
    assert refused(judged(registration("GZ-HR-1.01", "30", progress=Decimal(90)))) == "course.incomplete"
    assert granted(judged(registration("GZ-HR-1.01", "30", progress=Decimal(100)))) == 30


def test_gz_hr_2_03_without_evidence_is_refused() -> None:
    bare = registration("GZ-HR-2.03", "40")
    teacher = Registrar(kind="teacher", id="T1")
    assert refused(judged(replace(bare, evidence=""))) == "evidence.missing"
    assert refused(judged(replace(bare, files=()), teacher)) == "evidence.missing", "who declares shows it"


WHOLE: dict[str, dict[str, Any]] = {
    "GZ-HR-2.09": {"programme": "MEd"},
    "GZ-HR-3.04": {"programme": "MBA"},
    "GZ-HR-2.10": {"rank": 4},
    "GZ-HR-2.12a": {"level_from": 4, "level_to": 3},
    "GZ-HR-2.12b": {"approved_at": datetime.fromisoformat("2024-05-01T09:00:00+08:00")},
    "GZ-HR-3.03": {"score": 1800, "proof": stamped(1800)},
    "GZ-HR-3.02": {"plan_approved_at": datetime.fromisoformat("2024-05-01T09:00:00+08:00")},
}
"""What is asked of those who declare."""


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("GZ-HR-2.09", "programme.missing"),
        ("GZ-HR-2.10", "rank.missing"),
        ("GZ-HR-2.12a", "level.missing"),
        ("GZ-HR-2.12b", "approval.missing"),
        ("GZ-HR-3.03", "proof.missing"),
        ("GZ-HR-2.12c", "grade.missing"),
    ],
)
def test_who_declares_says_everything_that_the_rule_asks_for(rule: str, code: str) -> None:
    source = next(source for source in PACK.hours if source.id == rule)
    own = {"teacher": "T1", "school": "S01"}[source.registrars[0]]
    bare = judged(registration(rule, "14"), Registrar(kind=source.registrars[0], id=own), VOCATIONAL)
    assert refused(bare) == code


@pytest.mark.parametrize("rule", [source.id for source in PACK.hours if source.id != "GZ-HR-2.12c"])
def test_nobody_registers_but_whom_the_rule_names(rule: str) -> None:
    hours = {"GZ-HR-2.10": "14", "GZ-HR-2.12a": "20"}.get(rule, "6")
    named = set(next(source.registrars for source in PACK.hours if source.id == rule))
    for kind in {kind for source in PACK.hours for kind in source.registrars}:
        own = {"teacher": "T1", "school": "S01"}.get(kind, "any")
        judgement = judged(
            registration(rule, hours, **WHOLE.get(rule, {})), Registrar(kind=kind, id=own), VOCATIONAL
        )
        assert isinstance(judgement, Granted if kind in named else Refused), kind


def test_gz_hr_2_06_hours_delivered_are_registered_by_the_distance_centre_as_they_were() -> None:
    delivered = registration("GZ-HR-2.06", "73.5")
    assert granted(judged(delivered, Registrar(kind="distance_centre", id="gz"))) == Decimal("73.5")
    assert refused(judged(delivered, Registrar(kind="teacher", id="T1"))) == "registrar.not_allowed"


def test_gz_hr_2_07_without_the_training_notice_is_refused() -> None:
    assert refused(judged(replace(registration("GZ-HR-2.07", "50"), evidence=""))) == "evidence.missing"


@pytest.mark.parametrize(("rank", "hours"), [(1, 28), (3, 28), (4, 14)])
def test_gz_hr_2_10_hours_by_place_among_the_authors(rank: int, hours: int) -> None:
    assert granted(judged(registration("GZ-HR-2.10", rank=rank))) == hours


def test_gz_hr_2_10_obtained_last_year_is_refused() -> None:
    paper = replace(registration("GZ-HR-2.10", rank=1), first=date(2023, 12, 30), last=date(2023, 12, 30))
    assert refused(judged(paper)) == "year.mismatch"


def test_gz_hr_2_10_given_and_computed_hours_must_agree() -> None:
    assert refused(judged(registration("GZ-HR-2.10", "28", rank=4))) == "hours.disagree"
    assert refused(judged(registration("GZ-HR-2.10", "20"))) == "hours.not_of_rule"
    assert refused(judged(registration("GZ-HR-2.10", rank=0))) == "rank.invalid"
    assert refused(judged(registration("GZ-HR-2.10"))) == "hours.missing"


@pytest.mark.parametrize(
    ("held", "obtained", "expected"),
    [(4, 3, 20), (None, 4, 20), (3, 3, "level.not_higher"), (3, 4, "level.not_higher")],
)
def test_gz_hr_2_12a_only_a_higher_level_gives_hours(
    held: int | None, obtained: int, expected: int | str
) -> None:
    judgement = judged(registration("GZ-HR-2.12a", level_from=held, level_to=obtained), standing=VOCATIONAL)
    outcome = granted(judgement) if isinstance(judgement, Granted) else refused(judgement)
    assert outcome == expected


def test_gz_hr_2_12a_a_level_gives_hours_once_and_only_above_those_of_its_time() -> None:
    standing = replace(VOCATIONAL, obtained=frozenset({Obtained(4, 2020), Obtained(2, 2025)}))
    for level, outcome in (
        (5, "level.not_higher"),
        (4, "level.not_higher"),
        (3, 20),
        (2, "level.not_higher"),
    ):
        judgement = judged(registration("GZ-HR-2.12a", level_from="none", level_to=level), standing=standing)
        assert (granted(judgement) if isinstance(judgement, Granted) else refused(judgement)) == outcome


def test_gz_hr_2_12a_needs_a_known_level() -> None:
    unknown = judged(registration("GZ-HR-2.12a", level_from=4, level_to=0), standing=VOCATIONAL)
    assert refused(unknown) == "level.unknown"
    missing = judged(registration("GZ-HR-2.12a", level_from=4), standing=VOCATIONAL)
    assert refused(missing) == "level.missing"


def test_gz_hr_2_12a_a_primary_teacher_is_not_eligible() -> None:
    assert refused(judged(registration("GZ-HR-2.12a", "20"))) == "teacher.not_eligible"


def test_gz_hr_2_12b_the_schools_consent_precedes_the_training() -> None:
    before = datetime.fromisoformat("2024-05-01T23:59:59+08:00")
    after = datetime.fromisoformat("2024-05-02T00:00:00+08:00")
    training = registration("GZ-HR-2.12b", "60", approved_at=before)
    assert granted(judged(training, standing=VOCATIONAL)) == 60
    late = registration("GZ-HR-2.12b", "60", approved_at=after)
    assert refused(judged(late, standing=VOCATIONAL)) == "approval.late"
    none = registration("GZ-HR-2.12b", "60", approved_at=None)
    assert refused(judged(none, standing=VOCATIONAL)) == "approval.missing"


@pytest.mark.parametrize("grade", ["A", "B", "C", None])
def test_gz_hr_2_12c_without_a_number_the_rule_is_incomplete(grade: str | None) -> None:
    details = {} if grade is None else {"grade": grade}
    assert refused(judged(registration("GZ-HR-2.12c", "10", **details))) == "rule.incomplete"


def test_gz_hr_2_12c_with_a_number_the_grade_gives_the_hours() -> None:
    numbered = pack({"A": Decimal(20)})
    assert granted(judged(registration("GZ-HR-2.12c", grade="A"), under=numbered)) == 20
    assert granted(judged(registration("GZ-HR-2.12c", "20"), under=numbered)) == 20
    assert refused(judged(registration("GZ-HR-2.12c", grade="B"), under=numbered)) == "rule.incomplete"
    assert refused(judged(registration("GZ-HR-2.12c", grade="D"), under=numbered)) == "grade.unknown"


def test_gz_hr_3_02_an_unapproved_plan_registers_nothing() -> None:
    school = Registrar(kind="school", id="S01")
    approved = datetime.fromisoformat("2024-03-01T09:00:00+08:00")
    plan = registration("GZ-HR-3.02", "20", plan_approved_at=approved)
    assert granted(judged(plan, school)) == 20
    unapproved = registration("GZ-HR-3.02", "20", plan_approved_at=None)
    assert refused(judged(unapproved, school)) == "plan.not_approved"
    late = registration("GZ-HR-3.02", "20", plan_approved_at=approved.replace(month=6))
    assert refused(judged(late, school)) == "plan.not_approved"
    bare = replace(registration("GZ-HR-3.02", "20"), evidence="")
    assert refused(judged(bare, school)) == "plan.not_approved"


@pytest.mark.parametrize(("score", "hours"), [(299, 0), (300, 1), (2399, 7), (2400, 8), (9000, 30)])
def test_gz_hr_3_03_three_hundred_points_are_an_hour(score: int, hours: int) -> None:
    assert granted(judged(registration("GZ-HR-3.03", score=score, proof=stamped(score)))) == hours


def test_gz_hr_3_03_each_of_the_eight_data_is_needed() -> None:
    for name in PROOF:
        lacking = {key: value for key, value in stamped(2400).items() if key != name}
        judgement = judged(registration("GZ-HR-3.03", score=2400, proof=lacking))
        assert judgement == missing("proof.missing", f"details/proof/{name}")
    assert refused(judged(registration("GZ-HR-3.03", score=2400))) == "proof.missing"
    assert refused(judged(registration("GZ-HR-3.03", proof=stamped(2400)))) == "proof.missing"


def test_gz_hr_3_03_is_registered_by_the_teachers_own_school() -> None:
    proof = registration("GZ-HR-3.03", score=2400, proof=stamped(2400))
    assert granted(judged(proof, Registrar(kind="school", id="S01"))) == 8
    assert refused(judged(proof, Registrar(kind="teacher", id="T1"))) == "registrar.not_allowed"
    assert refused(judged(proof, Registrar(kind="school", id="S02"))) == "registrar.not_allowed"


def test_gz_hr_3_03_gives_whole_hours_only() -> None:
    assert refused(judged(registration("GZ-HR-3.03", "7.5"))) == "hours.not_whole"
    assert refused(judged(registration("GZ-HR-3.03", score=-1, proof=stamped(-1)))) == "score.invalid"


def test_gz_hr_2_09_and_3_04_exclude_each_other_for_one_programme() -> None:
    study = registration("GZ-HR-3.04", "18", programme="MEd")
    claimed = replace(STANDING, claimed=frozenset({Claimed("GZ-HR-2.09", 2021)}))
    assert refused(judged(study, standing=claimed)) == "programme.claimed"
    again = replace(STANDING, claimed=frozenset({Claimed("GZ-HR-3.04", 2021)}))
    assert granted(judged(study, standing=again)) == 18


def test_gz_hr_2_06_who_gave_an_activity_took_no_part_in_it_that_year() -> None:
    given, centre = registration("GZ-HR-2.06", "8"), Registrar(kind="distance_centre", id="gz")
    for year, outcome in ((2024, "programme.claimed"), (2023, 8)):
        standing = replace(STANDING, claimed=frozenset({Claimed("GZ-HR-2.01", year)}))
        judgement = judged(given, centre, standing)
        assert (granted(judgement) if isinstance(judgement, Granted) else refused(judgement)) == outcome
