"""Sorting a batch, cutting by caps, posting by difference: pure parts of intake."""

import msgspec
import pytest

from points.accounts.domain.award import Standing
from points.activities.domain.act import Act, digest
from points.activities.domain.admission import Arrival, Known, Verdict, admit, arrival
from points.activities.domain.caps import Cut
from points.activities.domain.claims import Claim
from points.activities.domain.differences import changed, recut
from tests.unit.points.acts import Platform, at
from tests.unit.points.counting import claims

PLATFORM = Platform()
SHARES = [PLATFORM.share("T1", f"r{n}", f"h{n}", n) for n in range(4)]


def known(act_index: int, *, withdrawn: bool = False) -> Known:
    return Known(place=(1, 1), digest=digest(SHARES[act_index]), withdrawn=withdrawn)


def arrivals(*acts: Act) -> list[Arrival]:
    return [arrival(act) for act in acts]


WAITING = Known(place=None, digest=None, withdrawn=True)


def test_each_act_is_recorded_replayed_or_in_conflict() -> None:
    one, two = SHARES[:2]
    other = PLATFORM.share("T2", "r0", "h0", 0)
    same_key = msgspec.structs.replace(other, id=one.id)
    sorted_ = admit(arrivals(one, one, same_key, two), {two.key: known(1)})
    assert list(sorted_.verdicts) == [
        Verdict.RECORDED,
        Verdict.REPLAYED,
        Verdict.CONFLICTING,
        Verdict.REPLAYED,
    ]
    assert [new.act for new in sorted_.fresh] == [one]
    assert sorted_.fresh[0] == (one, one.key, one.subject, digest(one), None)


def test_a_withdrawal_strikes_before_with_and_after_its_act() -> None:
    before, together, after = SHARES[:3]
    rulings = [PLATFORM.withdraw(together), PLATFORM.withdraw(after), PLATFORM.withdraw(SHARES[3])]
    acts = [before, together, *rulings]
    sorted_ = admit(arrivals(*acts), {before.key: WAITING, after.key: known(2)})
    assert list(sorted_.standing) == []
    assert sorted_.struck == {after.key}
    assert {before.key, together.key} <= sorted_.named


def test_an_act_that_is_withdrawn_already_is_not_struck_again() -> None:
    sorted_ = admit(arrivals(PLATFORM.withdraw(SHARES[0])), {SHARES[0].key: known(0, withdrawn=True)})
    assert sorted_.struck == frozenset()


def test_caps_cut_in_order_of_time_and_grant_the_rest_in_part() -> None:
    found = [claim for claim in claims(SHARES) if claim.rule == "GZ-BP-04"]
    left = recut([], reversed(found), 50).granted
    assert [(claim.moment.at, cut_) for claim, cut_ in left] == [
        (at(0), Cut(20, 0)),
        (at(1), Cut(20, 20)),
        (at(2), Cut(10, 40)),
        (at(3), Cut(0, 50)),
    ]


def standing(claim: Claim, points: int, cap: int = 50) -> Standing:
    return Standing(
        ground=claim.ground,
        rule=claim.rule,
        teacher=claim.teacher,
        year=claim.year,
        at=claim.moment.at,
        source=claim.moment.source,
        act=claim.moment.id,
        asked=claim.asked,
        points=points,
        expires_at=at(0),
        partition=64,
        seq=1,
        cap=cap,
    )


def test_only_what_differs_is_taken_back_and_posted() -> None:
    first, second, third, fourth = sorted(claims(SHARES), key=lambda claim: claim.moment)
    difference = changed([second, third], [standing(first, 20), standing(second, 20)])
    assert [award.ground for award in difference.gone] == [first.ground]
    assert difference.fresh == [third]
    again = recut([standing(second, 20), standing(third, 20), standing(fourth, 0)], [first], 50)
    assert [award.ground for award in again.taken] == [third.ground]
    assert [(asked.ground, left.granted) for asked, left in again.granted] == [
        (first.ground, 20),
        (third.ground, 10),
    ]


@pytest.mark.parametrize(
    ("cap", "granted"), [(30, 0), (60, 10), (200, 20)], ids=["lowered", "raised", "much"]
)
def test_a_cap_of_a_later_version_is_for_later_awards_only(cap: int, granted: int) -> None:
    first, second, third, fourth = sorted(claims(SHARES), key=lambda claim: claim.moment)
    kept = [standing(first, 20), standing(second, 20), standing(third, 10)]
    again = recut(kept, [fourth], cap)
    assert again.taken == []
    assert [(asked.cap, left) for asked, left in again.granted] == [(cap, Cut(granted, 50))]


def test_what_moves_up_does_so_under_the_cap_of_its_own_version() -> None:
    _, second, third, fourth = sorted(claims(SHARES), key=lambda claim: claim.moment)
    kept = [standing(second, 20), standing(third, 10), standing(fourth, 0, 30)]
    again = recut(kept, [], 30)
    assert [(asked.ground, asked.cap, left.granted) for asked, left in again.granted] == [
        (third.ground, 50, 20)
    ]


def test_a_moved_date_is_a_reversal_and_a_new_award() -> None:
    claim = claims(SHARES[1:2])[0]
    moved = standing(claims(SHARES[:1])[0], 20)
    same_key = type(moved)(**{n: getattr(moved, n) for n in moved.__slots__} | {"ground": claim.ground})
    difference = changed([claim], [same_key])
    assert (difference.gone, difference.fresh) == ([same_key], [claim])
