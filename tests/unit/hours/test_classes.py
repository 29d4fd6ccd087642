"""Classes: outlines, terms, seats in order, at the boundaries that the regulations draw."""

from dataclasses import replace as replaced
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hours.classes.domain.outline import Lesson, Outline, Refused, is_late, judge
from hours.classes.domain.results import (
    Assessed,
    HandedIn,
    Outcome,
    Part,
    Standing,
    assess,
    is_excluded,
    may_hand_in,
    may_register,
)
from hours.classes.domain.seats import Applicant, Taken, has_begun, is_open, may_enrol
from shared.policy import loader
from shared.policy.sources import Absence, Score
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
    assert is_late(outline.opens, 1, proposed) is late
    assert not is_late(outline.opens, None, proposed), "Guangzhou's text has no term"


def test_an_outline_in_order_stands_and_its_first_fault_is_named() -> None:
    pack = loader.builtin()
    source = pack.source(OUTLINE.rule)
    assert source is not None
    assert judge(OUTLINE, pack, source) is None
    changed = {"format": "by post", "category": "elective", "opens": OUTLINE.closes}
    refused = judge(replace(OUTLINE, **changed), pack, source)
    assert refused is not None
    assert (refused.code, refused.path) == ("category.mismatch", "/category")


def test_gz_lm_01_a_profile_is_complete_before_enrolment() -> None:
    asked = classes(profile=("title", "citizen_id"))
    some, whole = (Applicant(teacher="T1", known=known) for known in ({"title"}, {"title", "citizen_id"}))
    refused = may_enrol(OUTLINE, asked, some)
    assert refused is not None
    assert refused.code == "profile.incomplete"
    assert [field.id for field in refused.figures["fields"]] == ["citizen_id"]
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


def handed(outcome: Outcome | None = None, *, reassessment: bool = False, **parts: Part) -> HandedIn:
    return HandedIn(teacher="T1", outcome=outcome, parts=parts, grade="", reassessment=reassessment)


def part(value: str, of: str = "100") -> Part:
    return Part(value=Decimal(value), of=Decimal(of))


WEIGHED = Score(
    weights={"time": Decimal("0.5"), "discussion": Decimal("0.2"), "tasks": Decimal("0.3")},
    pass_mark=Decimal(60),
)
"""The example weights of the catalogue; the text names neither weights nor a mark."""


@pytest.mark.parametrize(
    ("time", "discussion", "tasks", "score", "outcome"),
    [
        (part("55", "60"), part("80"), part("90"), "88.83", "passed"),
        (part("30", "60"), part("80"), part("90"), "68.00", "passed"),
        (part("66", "60"), part("80"), part("90"), "93.00", "passed"),
        (part("59.99"), part("59.99"), part("59.99"), "59.99", "failed"),
        (part("60"), part("60"), part("60"), "60.00", "passed"),
        (part("179.99", "300"), part("60"), part("60"), "59.99", "failed"),
    ],
)
def test_kf_03_a_score_is_weighed_clipped_and_never_rounded_up(
    time: Part, discussion: Part, tasks: Part, score: str, outcome: str
) -> None:
    assessed = assess(WEIGHED, handed(time=time, discussion=discussion, tasks=tasks))
    assert isinstance(assessed, Assessed)
    assert (assessed.score, assessed.outcome) == (Decimal(score), outcome)


def test_kf_03_what_is_weighed_is_handed_in_whole_and_nothing_else_is() -> None:
    for score, row, code in (
        (WEIGHED, handed(time=part("60")), "score.parts_differ"),
        (WEIGHED, handed("passed"), "result.computed"),
        (None, handed("passed", time=part("60")), "score.not_weighed"),
        (None, handed(), "result.without_outcome"),
    ):
        refused = assess(score, row)
        assert isinstance(refused, Refused)
        assert refused.code == code


@pytest.mark.parametrize(
    ("total", "absent", "excluded"),
    [
        ("40", "8", True),
        ("40", "7", False),
        ("24", "4", False),
        ("24", "5", True),
        ("15", "3", True),
        ("15", "2.99", False),
    ],
)
def test_wh_05_a_fifth_of_the_class_hours_missed_excludes(total: str, absent: str, excluded: bool) -> None:
    fifth = Absence(numerator=1, denominator=5)
    assert is_excluded(fifth, Decimal(absent), Decimal(total)) is excluded
    assert not is_excluded(None, Decimal(total), Decimal(total)), "GZ-LM-05: the result decides"


def test_whoever_was_excluded_passes_by_a_reassessment_only() -> None:
    standing = Standing(teacher="T1", turn=1, state="enrolled", absent=Decimal(8))
    first, again = handed("passed"), handed("passed", reassessment=True)
    refused = may_hand_in(standing, first, excluded=True)
    assert refused is not None
    assert refused.code == "result.excluded"
    assert may_hand_in(standing, again, excluded=True) is None
    refused = may_hand_in(standing, again, excluded=False)
    assert refused is not None
    assert refused.code == "result.not_to_reassess"
    passed = replaced(standing, outcome="passed")
    refused = may_register(passed, excluded=True)
    assert refused is not None
    assert refused.code == "result.excluded", "also where the absence came to light later"
    assert may_register(replaced(passed, reassessment=True), excluded=True) is None
