"""What peers are given: what was posted to teachers, again from the beginning, and what it comes to."""

from datetime import UTC, datetime
from typing import Any

from bench.peers.posted import Posting, lots, repeated
from shared.contracts.points import ActivityRef, PointsAwarded, PointsReversed

AT = datetime(2025, 5, 4, 1, 0, tzinfo=UTC)
ENDS = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)


def awarded(teacher: str, points: int) -> Posting:
    fact = PointsAwarded(
        teacher=teacher,
        rule="GZ-BP-06",
        ground="topic:bench/topic-1",
        activity=ActivityRef(source="bench", id="act-1"),
        year=2025,
        asked=10,
        points=points,
        expires_at=ENDS,
        basis={},
    )
    return posting("points.awarded.v1", fact)


def posting(type_: str, fact: Any) -> Posting:
    return Posting(type=type_, subject=f"teacher:{fact.teacher}", effective_at=AT, policy="", fact=fact)


def reversed_(of: Posting) -> Posting:
    fact = PointsReversed(
        teacher=of.fact.teacher,
        reverses="points/64/1",
        rule=of.fact.rule,
        ground=of.fact.ground,
        activity=of.fact.activity,
        year=of.fact.year,
        asked=of.fact.asked,
        points=of.fact.points,
        expires_at=of.fact.expires_at,
        reason="recomputed",
    )
    return posting("points.reversed.v1", fact)


def test_an_award_that_gave_nothing_and_what_takes_one_back_are_no_transfers() -> None:
    given = awarded("T1", 10)
    assert [one.award for one in (given, awarded("T1", 0), reversed_(given))] == [True, False, False]


def test_postings_begin_again_where_more_are_asked_for() -> None:
    first, second = awarded("T1", 10), awarded("T2", 20)
    assert repeated([first, second], 5) == [first, second, first, second, first]
    assert repeated([first, second], 1) == [first]


def test_lots_are_the_sums_of_what_was_given_and_taken_back() -> None:
    given = awarded("T1", 10)
    assert lots([given, given, awarded("T2", 20), reversed_(given)]) == {("T1", ENDS): 10, ("T2", ENDS): 20}
