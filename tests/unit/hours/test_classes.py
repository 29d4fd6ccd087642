"""Classes: outlines, terms, seats in order, at the boundaries that the regulations draw."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hours.classes.domain.outline import Lesson, Outline, is_late, judge
from hours.classes.domain.seats import Applicant, Taken, has_begun, is_open, may_enrol
from shared.policy.calendar import months_before
from tests.unit.hours.packs import classes

OUTLINE = Outline(
    title="大单元教学设计研修班",
    rule="GZ-HR-2.02",
    category="professional",
    hours=Decimal(16),
    format="concentrated",
    capacity=None,
    enrol_by=date(2025, 3, 20),
    opens=date(2025, 3, 31),
    closes=date(2025, 4, 1),
    lessons=[Lesson(lesson="1", day=date(2025, 3, 31), hours=Decimal(8))],
    trainers=["T9"],
    provider="",
    annual_plan="",
    score=None,
)


@pytest.mark.parametrize(
    ("opens", "proposed", "late"),
    [
        (date(2025, 3, 31), date(2025, 2, 28), False),
        (date(2025, 3, 31), date(2025, 3, 1), True),
        (date(2024, 3, 31), date(2024, 2, 29), False),
        (date(2024, 3, 31), date(2024, 3, 1), True),
        (date(2025, 1, 15), date(2024, 12, 15), False),
        (date(2025, 1, 15), date(2024, 12, 16), True),
    ],
)
def test_wh_08_a_class_is_proposed_one_month_before_it_opens(opens: date, proposed: date, late: bool) -> None:
    outline = replace(OUTLINE, opens=opens)
    assert is_late(outline, classes(months_before=1), proposed) is late
    assert not is_late(outline, classes(), proposed), "Guangzhou's text has no term"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(1, 36))
def test_months_before_keep_the_day_or_take_the_months_last(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == day.day or before.day < day.day


def test_an_outline_in_order_stands_and_its_first_fault_is_named() -> None:
    assert judge(OUTLINE, "professional", classes()) is None
    refused = judge(replace(OUTLINE, format="by post", opens=OUTLINE.closes), "elective", classes())
    assert refused is not None
    assert (refused.code, refused.path) == ("category.mismatch", "/category")


def test_gz_lm_01_a_profile_is_complete_before_enrolment() -> None:
    asked = classes(profile=("title", "citizen_id"))
    some, whole = (Applicant(teacher="T1", known=known) for known in ({"title"}, {"title", "citizen_id"}))
    refused = may_enrol(OUTLINE, asked, some)
    assert refused is not None
    assert (refused.code, refused.figures["fields"]) == ("profile.incomplete", ["citizen_id"])
    assert may_enrol(OUTLINE, asked, whole) is None
    assert may_enrol(OUTLINE, classes(), some) is None, "not asked for, not checked"


def test_gz_hr_2_06_who_holds_a_class_does_not_take_part_as_well() -> None:
    refused = may_enrol(OUTLINE, classes(), Applicant(teacher="T9", known=frozenset()))
    assert refused is not None
    assert refused.code == "seat.trainer"


def test_the_last_day_of_enrolment_counts_and_the_day_of_opening_does_not() -> None:
    assert is_open(OUTLINE, date(2025, 3, 20))
    assert not is_open(OUTLINE, date(2025, 3, 21))
    assert not has_begun(OUTLINE, date(2025, 3, 30))
    assert has_begun(OUTLINE, date(2025, 3, 31))


@given(st.integers(1, 20), st.integers(0, 40))
def test_kf_05_whoever_comes_when_all_seats_are_taken_waits(capacity: int, comers: int) -> None:
    taken, states = Taken(enrolled=0, waiting=0, last=0), []
    for _ in range(comers):
        state, taken = taken.next(capacity)
        states.append(state)
    assert states == ["enrolled"] * min(capacity, comers) + ["waiting"] * max(0, comers - capacity)
    assert taken == Taken(enrolled=states.count("enrolled"), waiting=states.count("waiting"), last=comers)


def test_nobody_overtakes_who_waits_when_a_seat_is_free() -> None:
    state, _ = Taken(enrolled=1, waiting=1, last=3).next(2)
    assert state == "waiting"
