"""What a verdict calls for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from certificates.entitlements.domain.course import (
    Course,
    Standing,
    on_pass,
    on_pass_lost,
    refuse_change,
    refuse_reissue,
)
from certificates.entitlements.domain.entitlement import Work, work_of
from certificates.entitlements.domain.explanation import lines
from certificates.entitlements.rendering import comparison
from certificates.registry.domain.status import Operation, State
from shared.policy import loader

HOURS = {
    "public": Decimal(30),
    "professional": Decimal(42),
    "elective": Decimal(18),
    "carried_in": Decimal(0),
    "total": Decimal(90),
}
OTHER = HOURS | {"elective": Decimal("18.5"), "total": Decimal("90.5")}
VALID = Standing(state=State.VALID, by_person=False, hours=HOURS)
RESTING = Standing(state=State.SUSPENDED, by_person=False, hours=HOURS)
ORDERED = Standing(state=State.SUSPENDED, by_person=True, hours=HOURS)
REVOKED = Standing(state=State.REVOKED, by_person=True, hours=HOURS)
EXPIRED = Standing(state=State.EXPIRED, by_person=False, hours=HOURS)


@pytest.mark.parametrize(
    ("standing", "same", "other"),
    [
        (None, Course.ISSUE, Course.ISSUE),
        (VALID, Course.NOTHING, Course.REPLACE),
        (RESTING, Course.REINSTATE, Course.REPLACE),
        (ORDERED, Course.NOTHING, Course.HOLD),
        (REVOKED, Course.HOLD, Course.HOLD),
        (EXPIRED, Course.HOLD, Course.HOLD),
    ],
)
def test_a_pass_is_compared_with_what_stands(standing: Standing | None, same: Course, other: Course) -> None:
    assert on_pass(standing, HOURS) is same
    assert on_pass(standing, OTHER) is other


def test_figures_are_compared_as_numbers() -> None:
    assert on_pass(VALID, HOURS | {"elective": Decimal("18.00")}) is Course.NOTHING
    assert on_pass(VALID, HOURS | {"practice": Decimal("0.00")}) is Course.NOTHING, "a category of no hours"


@pytest.mark.parametrize(
    ("standing", "course"),
    [
        (None, Course.NOTHING),
        (VALID, Course.SUSPEND),
        (RESTING, Course.NOTHING),
        (ORDERED, Course.NOTHING),
        (REVOKED, Course.NOTHING),
    ],
)
def test_a_lost_pass_lets_a_valid_certificate_rest(standing: Standing | None, course: Course) -> None:
    assert on_pass_lost(standing) is course


def test_a_superseded_version_is_never_current() -> None:
    with pytest.raises(AssertionError, match="superseded"):
        on_pass(replace(VALID, state=State.SUPERSEDED), HOURS)


@pytest.mark.parametrize("standing", [VALID, REVOKED])
def test_an_order_to_reissue_is_carried_out_with_the_next_pass(standing: Standing) -> None:
    assert on_pass(standing, HOURS, reissue_ordered=True) is Course.REPLACE


@pytest.mark.parametrize(
    ("course", "work"),
    [
        (Course.ISSUE, Work.DUE),
        (Course.REPLACE, Work.DUE),
        (Course.HOLD, Work.HELD),
        (Course.REINSTATE, Work.NONE),
        (Course.SUSPEND, Work.NONE),
        (Course.NOTHING, Work.NONE),
    ],
)
def test_a_course_leaves_work_behind(course: Course, work: Work) -> None:
    assert work_of(course) is work


@pytest.mark.parametrize(
    ("state", "operation", "entitled", "refusal"),
    [
        (State.VALID, Operation.SUSPEND, True, None),
        (State.VALID, Operation.REVOKE, False, None),
        (State.VALID, Operation.REINSTATE, True, "certificate.state_conflict"),
        (State.SUSPENDED, Operation.REINSTATE, True, None),
        (State.SUSPENDED, Operation.REINSTATE, False, "certificate.no_pass"),
        (State.REVOKED, Operation.REINSTATE, True, "certificate.state_conflict"),
    ],
)
def test_what_a_person_may_do(
    state: State, operation: Operation, entitled: bool, refusal: str | None
) -> None:
    assert refuse_change(state, operation, entitled=entitled) == refusal


@pytest.mark.parametrize(
    ("state", "entitled", "refusal"),
    [
        (State.VALID, True, None),
        (State.REVOKED, True, None),
        (State.VALID, False, "certificate.no_pass"),
        (State.REVOKED, False, "certificate.no_pass"),
        (State.SUSPENDED, True, "certificate.state_conflict"),
        (State.EXPIRED, True, "certificate.state_conflict"),
    ],
)
def test_what_may_be_reissued(state: State, entitled: bool, refusal: str | None) -> None:
    assert refuse_reissue(state, entitled=entitled) == refusal


def test_carried_hours_count_as_professional_ones() -> None:
    hours = HOURS | {"professional": Decimal(34), "carried_in": Decimal(8)}
    required = {"public": Decimal(30), "professional": Decimal(42), "elective": Decimal("18.5")}
    required["total"] = Decimal(90)
    assert [
        (line.category, line.counted, line.met) for line in lines(hours, required, {}, loader.builtin().parts)
    ] == [
        ("public", Decimal(30), True),
        ("professional", Decimal(42), True),
        ("elective", Decimal(18), False),
        ("total", Decimal(90), True),
    ]


def test_what_stands_in_for_something_is_told_with_it() -> None:
    hours = {"public": Decimal(70), "elective": Decimal(5)}
    required = {"public": Decimal(60), "elective": Decimal(10)}
    found = lines(hours, required, {"elective": Decimal(5)}, loader.builtin().parts)
    assert [(line.category, line.filled, line.met) for line in found] == [
        ("public", Decimal(0), True),
        ("elective", Decimal(5), True),
    ]
    assert [comparison(line) for line in found] == ["70.00 ≥ 60.00", "5.00 + 5.00 ≥ 10.00"]
