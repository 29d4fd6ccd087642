"""What a verdict calls for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from certificates.entitlements.domain.course import Course, Standing, on_pass, on_pass_lost
from certificates.registry.domain.certificate import Hours
from certificates.registry.domain.status import State

HOURS = Hours(
    public=Decimal(30),
    professional=Decimal(42),
    elective=Decimal(18),
    carried_in=Decimal(0),
    total=Decimal(90),
)
OTHER = replace(HOURS, elective=Decimal("18.5"), total=Decimal("90.5"))
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
    assert on_pass(VALID, replace(HOURS, elective=Decimal("18.00"))) is Course.NOTHING


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
