"""Lots and expiry (附件 三(三)), also where points live for months: what is burnt, in which order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from points.accounts.domain.lot import (
    Burnt,
    Lot,
    LotKey,
    Movement,
    burn,
    due,
    ending_year,
    expiry,
    restore,
    usable,
)
from points.accounts.domain.settling import settle
from shared.policy.calendar import CALENDAR_YEARS
from shared.policy.points import CalendarYearExpiry, MonthsExpiry

WORDS = {
    "clause": "附件 三(三)",
    "words": "周期过后系统积分自动清零。",
    "title": "Expiry",
    "title_zh": "积分时效",
}
YEAR = CalendarYearExpiry(id="GZ-EX-03", **WORDS)
TWELVE = MonthsExpiry(id="XX-EX-03", months=12, **WORDS)
CHINA = "Asia/Shanghai"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type] # a date and perhaps a time


END = utc(2024, 12, 31, 16)


def test_gz_ex_03_the_last_second_of_the_year_in_china_is_this_year_and_the_next_is_not() -> None:
    assert expiry(YEAR, utc(2024, 12, 31, 15, 59, 59), CALENDAR_YEARS) == END
    assert expiry(YEAR, utc(2024, 12, 31, 16), CALENDAR_YEARS) == utc(2025, 12, 31, 16)


@pytest.mark.parametrize(
    ("earned", "expires"),
    [
        (utc(2024, 3, 5, 4), utc(2025, 3, 5, 16)),
        (utc(2024, 3, 5, 15, 59), utc(2025, 3, 5, 16)),
        (utc(2024, 3, 5, 16), utc(2025, 3, 6, 16)),
        (utc(2024, 2, 29, 4), utc(2025, 2, 28, 16)),
    ],
)
def test_points_of_other_packs_live_twelve_months_to_the_end_of_the_day(
    earned: datetime, expires: datetime
) -> None:
    assert expiry(TWELVE, earned, CALENDAR_YEARS) == expires


def test_a_lot_ends_in_the_year_of_its_last_instant() -> None:
    assert ending_year(END, CALENDAR_YEARS) == 2024
    assert ending_year(END + timedelta(microseconds=1), CALENDAR_YEARS) == 2025


def lot(earned: int, exchanged: int = 0, expired: int = 0, expires_at: datetime = END) -> Lot:
    return Lot(teacher="T1", expires_at=expires_at, earned=earned, exchanged=exchanged, expired=expired)


MARCH, MAY, JULY = utc(2024, 3, 1), utc(2024, 5, 1), utc(2024, 7, 1)


def test_only_points_dated_up_to_the_instant_count() -> None:
    moves = [Movement(MARCH, 100), Movement(JULY, 50)]
    assert [usable(lot(150), moves, at) for at in (utc(2024, 2, 1), MARCH, MAY, JULY)] == [0, 100, 100, 150]


def test_what_a_later_exchange_burnt_stays_its() -> None:
    moves = [Movement(MARCH, 500), Movement(MAY, 500), Movement(JULY, -700)]
    assert usable(lot(1000, 700), moves, MARCH) == 300
    early_burn = [Movement(MARCH, 500), Movement(MAY, 500), Movement(JULY, -500)]
    assert usable(lot(1000, 500), early_burn, MARCH) == 500


def test_past_its_expiry_a_lot_is_empty_swept_or_not() -> None:
    assert usable(lot(100), [Movement(MARCH, 100)], END - timedelta(seconds=1)) == 100
    assert usable(lot(100), [Movement(MARCH, 100)], END) == 0


def test_a_debt_shows_below_zero() -> None:
    assert usable(lot(80, 100), [Movement(MARCH, 80), Movement(MAY, -100)], JULY) == -20


def test_the_earliest_expiry_is_burnt_first() -> None:
    assert burn([(JULY, 50), (MARCH, 30), (MAY, 40)], 100) == [(MARCH, 30), (MAY, 40), (JULY, 30)]


def test_points_return_to_lots_in_debt_first_then_to_the_latest_expiry() -> None:
    burnt = [Burnt(MARCH, 100, 0), Burnt(MAY, 100, -20), Burnt(JULY, 100, 5)]
    assert restore(burnt, 100) == [(MAY, 20), (JULY, 80)]
    assert restore(burnt, 300) == [(MARCH, 100), (MAY, 100), (JULY, 100)]


@given(
    st.lists(
        st.tuples(st.sampled_from([MARCH, MAY, JULY, END]), st.integers(0, 300)), unique_by=lambda x: x[0]
    )
)
def test_what_is_burnt_and_restored_is_what_was_asked(lots: list[tuple[datetime, int]]) -> None:
    for points in range(0, sum(left for _, left in lots) + 1, 50):
        burnt = burn(lots, points)
        assert sum(taken for _, taken in burnt) == points
        emptied = [end for end, left in sorted(lots) if (end, left) in burnt]
        assert emptied == [end for end, _ in burnt][: len(emptied)]
        assert restore([Burnt(end, taken, 0) for end, taken in burnt], points) == sorted(burnt)


KEY = LotKey("T1", END)


@pytest.mark.parametrize(
    ("before", "change", "shrunk", "expired", "debt"),
    [
        pytest.param(lot(100, 0, 100), 20, 0, 20, 0, id="a late award expires at once"),
        pytest.param(lot(100, 50, 50), -20, 20, 0, 0, id="a late ruling shrinks the expiry"),
        pytest.param(lot(100, 90, 10), -20, 10, 0, 0, id="no further than there is, the rest stays open"),
        pytest.param(lot(100, 100, 0), -20, 0, 0, 0, id="nothing to shrink"),
        pytest.param(lot(100, 50, 50), 0, 0, 0, 0, id="nothing moved"),
    ],
)
def test_in_a_closed_year_nothing_rests(
    before: Lot, change: int, shrunk: int, expired: int, debt: int
) -> None:
    done = settle({KEY: before}, {KEY: change}, {KEY}, {KEY})
    assert (done.shrunk.get(KEY, 0), done.expired.get(KEY, 0), done.debts.get(KEY, 0)) == (
        shrunk,
        expired,
        debt,
    )


def test_in_an_open_year_points_missing_are_a_debt() -> None:
    assert settle({KEY: lot(100, 100)}, {KEY: -20}, set(), set()).debts == {KEY: 20}
    assert settle({KEY: lot(120, 100)}, {KEY: -20}, set(), set()).debts == {}


def test_a_swept_lot_gives_back_what_expired_before_it_is_in_debt() -> None:
    done = settle({KEY: lot(100, 50, 50)}, {KEY: -70}, {KEY}, set())
    assert (done.shrunk, done.expired, done.debts) == ({KEY: 50}, {}, {KEY: 20})
    assert settle({KEY: lot(100, 50, 50)}, {KEY: 30}, {KEY}, set()).expired == {KEY: 30}


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(-300, 300))
def test_what_settling_posts_leaves_nothing_in_a_cleared_lot(
    earned: int, exchanged: int, expired: int, change: int
) -> None:
    before = lot(earned, min(exchanged, earned), 0)
    before = lot(before.earned, before.exchanged, min(expired, before.rest))
    done = settle({KEY: before}, {KEY: change}, {KEY}, set())
    rest = before.rest + change + done.shrunk.get(KEY, 0) - done.expired.get(KEY, 0)
    assert rest == -done.debts.get(KEY, 0)
    assert done.shrunk.get(KEY, 0) <= before.expired


def test_an_exchange_dated_before_the_end_burns_what_was_swept_but_not_what_a_closed_year_cleared() -> None:
    moves = [Movement(MARCH, 100)]
    assert usable(lot(100, 0, 100), moves, MAY) == 100
    assert usable(replace(lot(100, 0, 100), final=True), moves, MAY) == 0
    after = lot(100, 0, 100).burnt(60)
    assert (after.exchanged, after.expired, after.rest) == (60, 40, 0)
    assert lot(100, 20, 50).burnt(40) == lot(100, 60, 40)


def test_lots_of_months_are_due_at_midnight_in_china_and_those_of_a_year_never() -> None:
    assert due(TWELVE, utc(2025, 3, 5, 15, 59, 59), CHINA) == utc(2025, 3, 4, 16)
    assert due(TWELVE, utc(2025, 3, 5, 16), CHINA) == utc(2025, 3, 5, 16)
    assert due(YEAR, utc(2025, 3, 5, 16), CHINA) is None
