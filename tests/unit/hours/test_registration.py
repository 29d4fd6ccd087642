"""What holds for a registration under every rule: who, when, in which way, and what it says."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from hours.records.domain.judge import judge, may_reverse
from hours.records.domain.registration import (
    Filing,
    Granted,
    Holding,
    Refused,
    Registrar,
)
from hours.records.operations import content_of
from shared.policy.sources import DegreeStudy
from shared.policy.years import Deadline
from tests.unit.hours.judging import (
    OPERATOR,
    PACK,
    STANDING,
    VOCATIONAL,
    granted,
    judged,
    refused,
    registration,
)

GRACE = Deadline(
    id="T-1", clause="1", words="次年登记", title="Deadline", title_zh="登记截止", first=2024, grace=15
)


@pytest.mark.parametrize(
    ("grace", "now", "first", "reopening", "code"),
    [
        (15, "2025-01-15T23:59:59+08:00", 2024, "", ""),
        (14, "2025-01-15T00:00:00+08:00", 2024, "", "registration.late"),
        (0, "2025-01-01T00:00:00+08:00", 2024, "", "registration.late"),
        (14, "2025-01-15T00:00:00+08:00", 2025, "", ""),
        (14, "2025-01-15T00:00:00+08:00", 2024, "hours/51/1", ""),
    ],
)
def test_gd_07_hours_of_a_year_are_registered_within_the_days_of_grace(
    grace: int, now: str, first: int, reopening: str, code: str
) -> None:
    """An activity of 30 December, registered on 15 January."""
    under = structs.replace(PACK, deadline=structs.replace(GRACE, grace=grace, first=first))
    late = replace(registration("GZ-HR-2.01", "8"), first=date(2024, 12, 30), last=date(2024, 12, 30))
    standing = replace(STANDING, now=datetime.fromisoformat(now), reopening=reopening)
    found = judged(late, standing=standing, under=under)
    assert (found.code if isinstance(found, Refused) else "") == code


@given(handed_in=st.integers(-20, 20), waited=st.integers(0, 400), grace=st.integers(0, 20))
def test_gd_07_the_day_of_handing_in_is_held_against_the_deadline_and_no_later_one(
    handed_in: int, waited: int, grace: int
) -> None:
    """However long others take to decide, who handed in by the last day is in time."""
    end = datetime.fromisoformat("2024-12-31T23:59:59+08:00")
    at = end + timedelta(days=handed_in)
    standing = replace(STANDING, now=at + timedelta(days=waited))
    under = structs.replace(PACK, deadline=structs.replace(GRACE, grace=grace))
    filing = Filing(registrar=OPERATOR, handed_in=at)
    found = judge(under, registration("GZ-HR-2.01", "8"), filing, standing)
    if handed_in <= grace:
        assert granted(found) == 8
    else:
        assert isinstance(found, Refused)
        assert (found.code, found.params["handed_in"]) == ("registration.late", at.date())


def test_the_activitys_name_stands_for_a_programme_that_is_not_named() -> None:
    assert registration("GZ-HR-2.09", "18").programme == "an activity"
    assert registration("GZ-HR-2.09", "18", programme="MEd").programme == "MEd"


def test_a_programme_is_one_however_wide_its_name_is_written() -> None:
    for said in ("教育硕士(学科教学)", " 教育 硕士\u3000(学科教学) ", "教育硕士(学科教学)\u00a0"):
        assert registration("GZ-HR-2.09", "18", programme=said).programme_key == "教育硕士(学科教学)"


def test_a_teacher_registers_for_nobody_else() -> None:
    declared = registration("GZ-HR-2.03", "40")
    assert granted(judged(declared, Registrar(kind="teacher", id="T1"))) == 40
    assert refused(judged(declared, Registrar(kind="teacher", id="T2"))) == "registrar.not_allowed"


def test_unknown_and_reserved_rules_are_told_apart() -> None:
    known = registration("GZ-HR-2.02", "8")
    assert refused(judged(replace(known, rule="GZ-HR-9.99"))) == "rule.unknown"
    assert refused(judged(replace(known, rule="GZ-HR-2.05"))) == "rule.disabled"
    assert refused(judged(replace(known, rule="GZ-BP-01"))) == "rule.unknown"
    assert refused(judged(replace(known, rule="GZ-EX-01"))) == "rule.unknown"


def test_the_category_is_the_rules() -> None:
    judgement = judged(replace(registration("GZ-HR-2.02", "8"), category="elective"))
    assert isinstance(judgement, Refused)
    assert (judgement.code, judgement.paths) == ("category.mismatch", ("/category",))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2024, 9, 1), date(2025, 8, 31), ""),
        (date(2025, 5, 6), date(2025, 5, 6), ""),
        (date(2024, 8, 31), date(2024, 9, 1), "year.mismatch"),
        (date(2025, 9, 1), date(2025, 9, 1), "year.mismatch"),
    ],
)
def test_the_dates_lie_in_the_school_year_where_years_are_school_years(
    first: date, last: date, code: str
) -> None:
    under = structs.replace(PACK, pack=structs.replace(PACK.pack, year_begins="09-01"))
    known = replace(registration("GZ-HR-2.02", "8"), first=first, last=last)
    standing = replace(STANDING, now=datetime.fromisoformat("2025-10-01T00:00:00+08:00"))
    found = judged(known, standing=standing, under=under)
    assert (found.code if isinstance(found, Refused) else "") == code


def test_a_school_year_that_has_not_begun_takes_nothing() -> None:
    under = structs.replace(PACK, pack=structs.replace(PACK.pack, year_begins="09-01"))
    known = replace(registration("GZ-HR-2.02", "8"), year=2025)
    standing = replace(STANDING, now=datetime.fromisoformat("2025-08-31T23:59:59+08:00"))
    found = judged(known, standing=standing, under=under)
    assert isinstance(found, Refused)
    assert found.code == "year.not_begun"


def test_the_dates_lie_in_the_year_and_in_order() -> None:
    known = registration("GZ-HR-2.02", "8")
    late = judged(replace(known, last=date(2025, 1, 1)))
    assert isinstance(late, Refused)
    assert (late.code, late.paths) == ("year.mismatch", ("/to",))
    assert refused(judged(replace(known, last=date(2024, 5, 1)))) == "dates.reversed"


@pytest.mark.parametrize(
    ("now", "year", "last", "expected"),
    [
        ("2024-05-03T00:00:00+08:00", 2024, date(2024, 5, 3), 8),
        ("2024-05-02T23:59:59+08:00", 2024, date(2024, 5, 3), "record.in_future"),
        ("2024-05-02T16:00:00Z", 2024, date(2024, 5, 3), 8),
        ("2024-12-31T23:59:59+08:00", 2024, date(2024, 12, 31), 8),
        ("2024-12-30T23:59:59+08:00", 2024, date(2024, 12, 31), "record.in_future"),
        ("2024-12-31T15:59:59Z", 2025, date(2025, 1, 1), "year.not_begun"),
        ("2024-12-31T16:00:00Z", 2025, date(2025, 1, 1), 8),
        ("2026-11-22T09:00:00+08:00", 2019, date(2019, 3, 1), 8),
    ],
)
def test_hours_are_registered_once_they_were_earned(
    now: str, year: int, last: date, expected: int | str
) -> None:
    handed_in = replace(registration("GZ-HR-2.02", "8"), year=year, first=date(year, 1, 1), last=last)
    judgement = judged(handed_in, standing=replace(STANDING, now=datetime.fromisoformat(now)))
    if isinstance(judgement, Granted):
        assert judgement.hours == expected
    else:
        path = "/year" if expected == "year.not_begun" else "/to"
        assert (judgement.code, judgement.paths) == (expected, (path,))


FLOORS = {"幼儿园": "专科", "小学": "本科", "初中": "研究生", "高中": "研究生"}


@pytest.mark.parametrize(
    ("stage", "degree", "code"),
    [
        ("幼儿园", "专科", None),
        ("小学", "专科", "degree.below_floor"),
        ("小学", "本科", None),
        ("初中", "本科", "degree.below_floor"),
        ("高中", "研究生", None),
        ("高中", "博士后", "degree.unknown"),
        ("小学", None, "degree.missing"),
        ("特殊教育", "本科", "stage.without_floor"),
    ],
)
def test_hb_03_a_degree_counts_from_what_the_stage_asks_for(
    stage: str, degree: str | None, code: str | None
) -> None:
    like = next(source for source in PACK.hours if source.id == "GZ-HR-3.04")
    shared = {name: getattr(like, name) for name in ("clause", "words", "title", "title_zh", "category")}
    rule = DegreeStudy(
        **shared,
        id="GZ-HR-3.04",
        registrars=("teacher",),
        through="declaration",
        degrees=("专科", "本科", "研究生"),
        floors=FLOORS,
    )
    judgement = judged(
        registration("GZ-HR-3.04", "30", degree=degree),
        standing=replace(STANDING, stage=stage),
        under=structs.replace(PACK, hours=(rule,)),
    )
    assert (judgement.code if isinstance(judgement, Refused) else None) == code


@pytest.mark.parametrize("rule", [source.id for source in PACK.hours])
def test_hours_come_only_in_the_way_of_their_rule_but_the_operators(rule: str) -> None:
    source = next(source for source in PACK.hours if source.id == rule)
    handed_in = registration(rule, "6", rank=1) if rule == "GZ-HR-2.10" else registration(rule, "6")
    registrar = Registrar(kind=source.registrars[0], id="T1" if source.registrars[0] == "teacher" else "S01")
    for way in ("completion", "declaration", "class", "plan"):
        matter = "" if way == "completion" else f"{way}:M1"
        judgement = judge(PACK, handed_in, Filing(registrar=registrar, matter=matter), VOCATIONAL)
        other = isinstance(judgement, Refused) and judgement.code == "rule.other_way"
        assert other is (way != source.through), way
    judgement = judge(PACK, handed_in, Filing(registrar=OPERATOR), VOCATIONAL)
    assert not (isinstance(judgement, Refused) and judgement.code == "rule.other_way")


def test_what_was_recognised_is_taken_back_by_who_recognised_it() -> None:
    source = next(source for source in PACK.hours if source.id == "GZ-HR-2.03")
    recognised = Holding(teacher="T1", school="S01", registrar="teacher:T1", recogniser="centre:D01")
    for kind, own, may in (("teacher", "T1", False), ("centre", "D01", True), ("centre", "D02", False)):
        assert (may_reverse(source, recognised, Registrar(kind=kind, id=own)) is None) is may
    plain = replace(recognised, recogniser="")
    assert may_reverse(source, plain, Registrar(kind="teacher", id="T1")) is None


def test_what_a_school_registered_the_teachers_next_school_does_not_take_back() -> None:
    source = next(source for source in PACK.hours if source.id == "GZ-HR-3.03")
    moved = Holding(teacher="T1", school="S02", registrar="school:S01", recogniser="")
    for kind, own, may in (("school", "S02", False), ("school", "S01", True), ("operator", "local", True)):
        assert (may_reverse(source, moved, Registrar(kind=kind, id=own)) is None) is may
    taken_over = replace(moved, registrar="operator:local")
    assert may_reverse(source, taken_over, Registrar(kind="school", id="S02")) is None


def test_a_record_of_before_there_were_files_degrees_and_instants_keeps_its_content() -> None:
    named = {"rank", "score", "proof", "level_from", "level_to", "approved_at", "plan_approved_at", "grade"}
    told = content_of(replace(registration("GZ-HR-2.10", "28", rank=1), files=()))
    said = json.loads(told)
    assert "files" not in said
    assert said["details"].keys() == named | {"programme", "progress"}
    later = content_of(registration("GZ-HR-2.10", "28", rank=1, degree="本科"))
    assert json.loads(later).keys() == said.keys() | {"files"}
    assert json.loads(later)["details"].keys() == said["details"].keys() | {"degree"}
