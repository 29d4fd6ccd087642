"""The exchange (附件 三): every numeric example of the rule catalogue, refusals, forecast, calling back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from points.accounts.domain.purse import Purse, exchangeable, forecast
from points.exchanges.domain.deciding import Granted, Refused, Request, decide, malformed
from points.exchanges.domain.recalling import Recall, Stake, rate_of, recall
from shared.policy.points import Window
from tests.unit.points.counting import GUANGZHOU

RULE = GUANGZHOU.exchanged_by
AT = datetime(2024, 12, 20, 2, tzinfo=UTC)
END = datetime(2024, 12, 31, 16, tzinfo=UTC)


def asked(hours: str, category: str = "professional", at: datetime = AT) -> Request:
    return Request(request="x", teacher="T1", category=category, hours=Decimal(hours), at=at, at_given=True)


def purse(points: int, lost: int = 0, **used: int) -> Purse:
    return Purse(teacher="T1", year=2024, lots=[(END, points)], lost=lost, used=used)


def decided(request: Request, held: Purse, *, closed: bool = False, rule: Any = RULE) -> str:
    """`granted`, or the code of the refusal."""
    decision = decide(request, held, rule, "Asia/Shanghai", closed=closed)
    return "granted" if isinstance(decision, Granted) else decision.code


def test_gz_ex_01_ninety_nine_points_are_no_hour_and_a_hundred_are_one() -> None:
    assert exchangeable(purse(99), RULE) == {"professional": 0, "elective": 0}
    assert decided(asked("1"), purse(99)) == "exchange.points_insufficient"
    assert decided(asked("1"), purse(100)) == "granted"


def test_gz_ex_01_1250_points_make_five_and_seven_hours_for_1200_and_leave_50() -> None:
    first = decide(asked("5"), purse(1250), RULE, "Asia/Shanghai", closed=False)
    assert isinstance(first, Granted)
    assert (first.points, first.burnt) == (500, [(END, 500)])
    second = decide(asked("7", "elective"), purse(750, professional=5), RULE, "Asia/Shanghai", closed=False)
    assert isinstance(second, Granted)
    assert 750 - second.points == 50


def test_gz_ex_01_eleven_professional_hours_are_refused_whatever_is_there() -> None:
    assert decided(asked("11"), purse(2100)) == "exchange.cap_exceeded"


def test_gz_ex_01_ten_and_ten_hours_strand_the_rest() -> None:
    assert decided(asked("10"), purse(2100)) == "granted"
    assert decided(asked("10", "elective"), purse(1100, professional=10)) == "granted"
    rest = purse(100, professional=10, elective=10)
    assert decided(asked("1", "elective"), rest) == "exchange.cap_exceeded"
    assert [item.beyond_exchange for item in forecast(rest, RULE)] == [100]


def test_gz_ex_01_two_requests_of_six_hours_on_1200_points_fit_once() -> None:
    assert decided(asked("6"), purse(1200)) == "granted"
    assert decided(asked("6"), purse(600, professional=6)) == "exchange.cap_exceeded"


def test_gz_ex_00_public_hours_are_no_target() -> None:
    wrong = malformed(asked("1", "public"), GUANGZHOU, AT)
    assert isinstance(wrong, Refused)
    assert wrong.code == "exchange.category_not_allowed"


@pytest.mark.parametrize("hours", ["0", "0.5", "1.25"])
def test_hours_are_whole_and_at_least_one(hours: str) -> None:
    wrong = malformed(asked(hours), GUANGZHOU, AT)
    assert isinstance(wrong, Refused)
    assert wrong.code == "exchange.hours_not_whole"


def test_an_exchange_is_not_dated_ahead() -> None:
    assert malformed(asked("1", at=AT + timedelta(minutes=5)), GUANGZHOU, AT) is None
    wrong = malformed(asked("1", at=AT + timedelta(minutes=6)), GUANGZHOU, AT)
    assert isinstance(wrong, Refused)
    assert wrong.code == "exchange.at_in_future"


def test_gz_ex_02_a_window_bounds_the_days_inclusively() -> None:
    rule = msgspec.structs.replace(RULE, window=Window(first="12-01", last="12-20"))
    last = datetime(2024, 12, 20, 15, 59, 59, tzinfo=UTC)
    assert decided(asked("1", at=last), purse(100), rule=rule) == "granted"
    assert (
        decided(asked("1", at=last + timedelta(seconds=1)), purse(100), rule=rule)
        == "exchange.outside_window"
    )


def test_gz_ex_03_points_that_would_have_been_enough_have_expired() -> None:
    assert decided(asked("1"), purse(50, lost=50)) == "exchange.points_expired"
    assert decided(asked("1"), purse(50, lost=40)) == "exchange.points_insufficient"


def test_a_closed_year_is_said_first() -> None:
    assert decided(asked("11"), purse(0), closed=True) == "exchange.year_closed"


def test_a_debt_in_one_lot_is_taken_from_the_others() -> None:
    held = Purse(teacher="T1", year=2024, lots=[(END, 120), (END + timedelta(days=9), -30)], lost=0, used={})
    assert decided(asked("1"), held) == "exchange.points_insufficient"
    assert exchangeable(held, RULE) == {"professional": 0, "elective": 0}


def test_the_forecast_saves_what_expires_first() -> None:
    later = END + timedelta(days=30)
    held = Purse(teacher="T1", year=2024, lots=[(later, 250), (END, 90)], lost=0, used={"professional": 8})
    items = forecast(held, RULE)
    assert [(item.expires_at, item.points, item.beyond_exchange) for item in items] == [
        (END, 90, 0),
        (later, 250, 40),
    ]


def stake(name: str, hours: int, day: int, called: int = 0, points: int | None = None) -> Stake:
    return Stake(
        exchange=name,
        at=AT - timedelta(days=day),
        seq=1,
        points=hours * 100 if points is None else points,
        free=hours - called,
        called=called,
        rate=100,
    )


@pytest.mark.parametrize(
    ("missing", "called"),
    [
        (20, [Recall("new", 1)]),
        (100, [Recall("new", 1)]),
        (101, [Recall("new", 2)]),
        (250, [Recall("new", 2), Recall("old", 1)]),
        (500, [Recall("new", 2), Recall("old", 3)]),
    ],
)
def test_the_newest_exchanges_are_called_back_by_as_few_whole_hours_as_cover_the_debt(
    missing: int, called: list[Recall]
) -> None:
    assert recall(missing, [stake("old", 3, 9), stake("new", 2, 1)]) == called


def test_each_exchange_is_called_back_at_the_rate_of_its_time() -> None:
    old, new = stake("old", 3, 9), replace(stake("new", 2, 1), points=160, rate=80)
    assert recall(200, [old, new]) == [Recall("new", 2), Recall("old", 1)]
    assert recall(160, [old, new]) == [Recall("new", 2)]
    assert (rate_of(160, 2), rate_of(0, 0)) == (80, 0)


def test_hours_that_are_being_called_back_count_first() -> None:
    stakes = [stake("old", 3, 9), stake("new", 2, 1, called=1)]
    assert recall(100, stakes) == []
    assert recall(120, stakes) == [Recall("new", 1)]
    assert recall(320, stakes) == [Recall("new", 1), Recall("old", 2)]


@given(
    st.integers(1, 900),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=2, max_size=4),
)
def test_a_debt_is_covered_and_no_hour_is_called_twice(missing: int, held: list[tuple[int, int]]) -> None:
    stakes = [stake(f"x{n}", hours, n, called=min(called, hours)) for n, (hours, called) in enumerate(held)]
    calls = recall(missing, stakes)
    free = {one.exchange: one.free for one in stakes}
    assert all(0 < call.hours <= free[call.exchange] for call in calls)
    covered = 100 * (sum(call.hours for call in calls) + sum(one.called for one in stakes))
    assert covered >= min(missing, sum(one.points for one in stakes))
    assert sum(call.hours for call in calls) <= -(-missing // 100)
