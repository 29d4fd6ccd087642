"""The shipped pack against the rule catalogue: every number, registrar and flag, the slots, the words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from shared.policy import loader
from shared.policy.header import Slot
from shared.policy.points import (
    ActiveWorkshop,
    AttendedSession,
    CalendarYearExpiry,
    DiscussedTopic,
    FeaturedWorkshop,
    FoundedWorkshop,
    HostedSession,
    RatedResource,
    RecommendedHomework,
    SharedContent,
)
from shared.policy.sources import (
    CompletedCourse,
    ConvertedScore,
    DeliveredHours,
    GradedCertificate,
    HigherQualification,
    HourSource,
    OutcomeTable,
)

PACK = loader.builtin()
EXCHANGE, EXPIRY = PACK.exchanged_by, PACK.expired_by
POINTS: Mapping[str, tuple[type, dict[str, object]]] = {
    "GZ-BP-04": (SharedContent, {"points": 20, "cap": 100}),
    "GZ-BP-06": (DiscussedTopic, {"min_people": 10, "points": 10, "cap": 100}),
    "GZ-BP-07": (FoundedWorkshop, {"points": 50, "cap": 100}),
    "GZ-BP-08": (HostedSession, {"points": 20, "cap": 100}),
    "GZ-RP-01": (
        RatedResource,
        {"min_good": 20, "good_stars": 3, "min_mean": Decimal(3), "points": 20, "cap": 100},
    ),
    "GZ-RP-02": (DiscussedTopic, {"min_people": 20, "points": 10, "cap": 100}),
    "GZ-RP-05": (AttendedSession, {"min_people": 10, "points": 10, "cap": None}),
    "GZ-RP-06": (RecommendedHomework, {"points": 20, "cap": None}),
    "GZ-RP-07": (ActiveWorkshop, {"min_people": 10, "host": 100, "member": 20, "cap": None}),
    "GZ-RP-09": (FeaturedWorkshop, {"host": 500, "member": 100, "cap": None}),
}

SOURCES: Mapping[str, tuple[type, str, str, int | None]] = {
    "GZ-HR-1.01": (CompletedCourse, "public", "platform", None),
    "GZ-HR-2.01": (CompletedCourse, "professional", "platform", None),
    "GZ-HR-2.02": (DeliveredHours, "professional", "centre", None),
    "GZ-HR-2.03": (DeliveredHours, "professional", "teacher", None),
    "GZ-HR-2.04": (DeliveredHours, "professional", "research_department", 10),
    "GZ-HR-2.06": (DeliveredHours, "professional", "distance_centre", None),
    "GZ-HR-2.07": (DeliveredHours, "professional", "teacher", 42),
    "GZ-HR-2.09": (DeliveredHours, "professional", "teacher", 28),
    "GZ-HR-2.10": (OutcomeTable, "professional", "teacher", 28),
    "GZ-HR-2.12a": (HigherQualification, "professional", "teacher", None),
    "GZ-HR-2.12b": (DeliveredHours, "professional", "teacher", 42),
    "GZ-HR-2.12c": (GradedCertificate, "professional", "teacher", None),
    "GZ-HR-3.01": (CompletedCourse, "elective", "platform", None),
    "GZ-HR-3.02": (DeliveredHours, "elective", "school", 18),
    "GZ-HR-3.03": (ConvertedScore, "elective", "school", 8),
    "GZ-HR-3.04": (DeliveredHours, "elective", "teacher", 18),
}

EVIDENCE = {
    *("GZ-HR-2.03", "GZ-HR-2.07", "GZ-HR-2.09", "GZ-HR-2.10", "GZ-HR-2.12a"),
    *("GZ-HR-2.12b", "GZ-HR-2.12c", "GZ-HR-3.03", "GZ-HR-3.04"),
}

SLOTS = {
    "points": ["GZ-BP-01", "GZ-BP-02", "GZ-BP-03", "GZ-BP-05", "GZ-RP-03", "GZ-RP-04", "GZ-RP-08"],
    "exchange": ["GZ-EX-02"],
    "hours": ["GZ-HR-2.05", "GZ-HR-2.08", "GZ-HR-2.11"],
    "obligations": ["GD-02"],
}


def _source(rule_id: str) -> HourSource:
    source = PACK.source(rule_id)
    assert source is not None
    return source


def test_the_pack_says_who_it_is() -> None:
    header = PACK.pack
    assert PACK.reference == "guangzhou@1"
    assert (header.division, header.timezone) == ("440100", "Asia/Shanghai")
    assert (header.valid_from, header.valid_to) == (date(2010, 1, 1), None)


def test_no_points_rule_is_missing_or_added() -> None:
    assert [rule.id for rule in PACK.points] == list(POINTS)


@pytest.mark.parametrize("rule_id", POINTS)
def test_points_rule(rule_id: str) -> None:
    kind, figures = POINTS[rule_id]
    rule = PACK.rule(rule_id)
    assert type(rule) is kind
    assert {name: getattr(rule, name) for name in figures} == figures


def test_what_capped_rules_and_the_exchange_give_at_most() -> None:
    caps = dict.fromkeys(("GZ-BP", "GZ-RP"), 0)
    for rule in PACK.points:
        caps[rule.id[:5]] += rule.cap or 0
    assert caps == {"GZ-BP": 400, "GZ-RP": 200}
    assert sum(EXCHANGE.caps.values()) * EXCHANGE.rate == 2000


def test_exchange() -> None:
    assert EXCHANGE.id == "GZ-EX-01"
    assert EXCHANGE.rate == 100
    assert EXCHANGE.caps == {"professional": 10, "elective": 10}
    assert EXCHANGE.window is None


def test_points_live_for_the_calendar_year() -> None:
    assert EXPIRY.id == "GZ-EX-03"
    assert isinstance(EXPIRY, CalendarYearExpiry)


def test_no_source_of_hours_is_missing_or_added() -> None:
    assert [source.id for source in PACK.hours] == list(SOURCES)


@pytest.mark.parametrize("rule_id", SOURCES)
def test_source_of_hours(rule_id: str) -> None:
    kind, category, registrar, cap = SOURCES[rule_id]
    source = _source(rule_id)
    assert type(source) is kind
    assert (source.category, source.registrars, source.cap) == (category, (registrar,), cap)


@pytest.mark.parametrize(
    ("flag", "rules"),
    [
        ("evidence", EVIDENCE),
        ("vocational_only", {"GZ-HR-2.12a", "GZ-HR-2.12b"}),
        ("prior_approval", {"GZ-HR-2.12b"}),
    ],
)
def test_conditions_of_registration(flag: str, rules: set[str]) -> None:
    assert {source.id for source in PACK.hours if getattr(source, flag)} == rules


def test_one_degree_study_and_one_activity_of_a_year_are_claimed_under_one_rule() -> None:
    assert {source.id: source.exclusive_with for source in PACK.hours if source.exclusive_with} == {
        "GZ-HR-2.09": ("GZ-HR-3.04",),
        "GZ-HR-3.04": ("GZ-HR-2.09",),
        "GZ-HR-2.06": (taken := ("GZ-HR-1.01", "GZ-HR-2.01", "GZ-HR-2.02", "GZ-HR-3.01")),
        **dict.fromkeys(taken, ("GZ-HR-2.06",)),
    }
    assert {source.id for source in PACK.hours if source.exclusive_in_year} == {"GZ-HR-2.06", *taken}


def test_outcomes_of_the_year() -> None:
    rule = _source("GZ-HR-2.10")
    assert isinstance(rule, OutcomeTable)
    assert (rule.main_rank, rule.main, rule.other, rule.cap) == (3, Decimal(28), Decimal(14), Decimal(28))


def test_higher_qualification() -> None:
    rule = _source("GZ-HR-2.12a")
    assert isinstance(rule, HigherQualification)
    assert rule.hours == 20


def test_mental_health_certificate_has_grades_and_no_hours() -> None:
    rule = _source("GZ-HR-2.12c")
    assert isinstance(rule, GradedCertificate)
    assert rule.grades == ("A", "B", "C")
    assert rule.hours == {}


def test_score_of_another_platform() -> None:
    rule = _source("GZ-HR-3.03")
    assert isinstance(rule, ConvertedScore)
    assert (rule.rate, rule.cap, len(rule.proof)) == (300, Decimal(8), 8)


@pytest.mark.parametrize(
    ("year", "figures"),
    [
        (2010, (18, 42, 12, 72)),
        (2019, (18, 42, 12, 72)),
        (2020, (18, 42, 12, 72)),
        (2021, (30, 42, 18, 90)),
        (2024, (30, 42, 18, 90)),
        (2100, (30, 42, 18, 90)),
    ],
)
def test_requirement_of_a_year(year: int, figures: tuple[int, ...]) -> None:
    asked = PACK.asked(year)
    assert asked is not None
    assert dict(zip(("public", "professional", "elective", "total"), figures, strict=True)) == asked.minima


def test_2020_says_that_its_sources_conflict() -> None:
    row = PACK.requirement(2020)
    assert row is not None
    assert row.first == row.last == 2020
    assert "conflict" in row.basis


def test_no_requirement_is_known_before_2010() -> None:
    assert PACK.requirement(2009) is None


def test_verification_and_carry_over() -> None:
    assert [rule.id for rule in PACK.verification.rules] == [f"GZ-VF-0{n}" for n in (1, 2, 3, 5, 6)]
    assert PACK.verification.authority == "province"
    carry = PACK.carried_by
    assert (carry.id, carry.category) == ("GZ-VF-04", "professional")
    assert (carry.threshold, carry.years) == (Decimal(42), 1)


def test_the_annual_certificate() -> None:
    (kind,) = PACK.certificates
    assert (kind.name, kind.digit, kind.division) == ("annual", 5, "440100")


def test_nat_02_registration_asks_for_360_hours_in_any_five_years() -> None:
    (cycle,) = PACK.cycles
    assert (cycle.id, cycle.years, cycle.first, cycle.yearly) == ("NAT-02", 5, None, None)
    assert (cycle.asked, cycle.span(2025)) == ({"total": Decimal(360)}, (2021, 2025))


def test_gd_06_the_province_answers_within_five_working_days() -> None:
    assert PACK.answer is not None
    assert PACK.answer.days == 5
    assert "one school" in PACK.answer.basis


def test_terms_are_fifteen_working_days_twice() -> None:
    assert [(term.id, term.days) for term in PACK.terms] == [("GZ-CR-01a", 15), ("GZ-CR-01b", 15)]


CENTRE = "distance_centre"


def test_the_steps_of_courses() -> None:
    steps = {way.id: [(step.name, step.by, step.term) for step in way.steps] for way in PACK.courses}
    assert steps == {
        "GZ-CR-01": [
            ("framework_review", CENTRE, "GZ-CR-01a"),
            ("project_review", CENTRE, "GZ-CR-01a"),
            ("production", None, None),
            ("final_review", CENTRE, "GZ-CR-01b"),
            ("report", CENTRE, None),
        ],
        "GZ-CR-02": [("selection", CENTRE, None), ("report", CENTRE, None)],
        "GZ-CR-00": [],
    }
    assert {way.id: (way.level, set(way.applicants)) for way in PACK.courses} == {
        "GZ-CR-01": ("city", {"provider", "centre", "host"}),
        "GZ-CR-02": ("city", {"provider"}),
        "GZ-CR-00": ("district", {"centre"}),
    }


def test_city_courses_are_renewed_within_three_to_five_years_and_district_ones_every_year() -> None:
    figures = {one.id: (one.earliest, one.latest, one.keeper, one.blocks_enrolment) for one in PACK.renewals}
    assert figures == {"GZ-CR-03a": (3, 5, CENTRE, False), "GZ-CR-03b": (0, 1, "centre", False)}
    assert {way.id: way.renewal for way in PACK.courses} == {
        "GZ-CR-01": "GZ-CR-03a",
        "GZ-CR-02": "GZ-CR-03a",
        "GZ-CR-00": "GZ-CR-03b",
    }


def test_principles() -> None:
    assert {rule.id for rule in PACK.principles} == {
        *("GZ-EX-00", "GZ-CAT-01", "GZ-USE-01", "GZ-ORG-01"),
        *("GZ-LM-01", "GZ-LM-02", "GZ-LM-03", "GZ-LM-04", "GZ-LM-05"),
        "GZ-CR-03",
    }


@pytest.mark.parametrize("section", SLOTS)
def test_missing_items_are_disabled_slots(section: str) -> None:
    assert [slot.id for slot in PACK.slots if slot.section == section] == SLOTS[section]


def test_lookup_tells_enabled_disabled_and_unknown_apart() -> None:
    assert isinstance(PACK.lookup("GZ-BP-04"), SharedContent)
    assert isinstance(PACK.lookup("GZ-BP-01"), Slot)
    assert PACK.lookup("GZ-BP-99") is None


def test_a_slot_is_no_rule_and_a_rule_no_slot() -> None:
    slot = PACK.slot("GZ-HR-2.05")
    assert slot is not None
    assert slot.clause == "五(四)2(5)"
    assert PACK.slot("GZ-HR-2.04") is None
    assert PACK.source("GZ-HR-2.05") is None
    assert PACK.source("GZ-BP-04") is None
    for rule_id in ("GZ-HR-2.05", "GZ-BP-99"):
        with pytest.raises(KeyError, match=rule_id):
            PACK.rule(rule_id)
