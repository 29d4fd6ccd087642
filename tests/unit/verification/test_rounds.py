"""Verdicts cause carry-over, and carry-over changes the next year's figures: the round always ends.

The other side is modelled at its most talkative: it answers every single fact, revocations too.
"""

from collections import deque
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.policy.categories import Hours
from verification.figures.domain.hours import Carried, Change, HeardYear, Posted, apply
from verification.judgements.domain.decision import (
    Decided,
    Decision,
    Doubted,
    Judgement,
    Predicted,
    Revoked,
    Submitted,
    Verdict,
    judge,
    predict,
)

from .cases import MARCH, NINETY, figures, hours

FIRST, YEARS = 2021, 5
categories = st.sampled_from(["public", "professional", "elective"])


class Round:
    """One teacher's years, and the carry-over statements under way."""

    def __init__(self, years: list[Hours]) -> None:
        self.heard = {year: HeardYear(own) for year, own in enumerate(years, start=FIRST)}
        self.known: dict[int, Judgement] = {}
        self.under_way: deque[tuple[int, Decimal]] = deque()
        self.posted = 0
        for year in self.heard:
            self.judge(year)

    @property
    def figures(self) -> dict[int, Hours]:
        return {year: heard.counted for year, heard in self.heard.items()}

    def change(self, year: int, change: Change) -> None:
        before = self.heard[year]
        self.heard[year] = apply(before, [change])
        if self.heard[year] != before:
            self.judge(year)

    def judge(self, year: int) -> None:
        prediction = predict(self.figures[year], NINETY)
        local = Verdict(
            id=f"{self.posted}",
            authority="local",
            outcome=prediction.outcome,
            decided_at=MARCH + timedelta(seconds=self.posted),
        )
        for act in judge(self.known.get(year), prediction, "local", local):
            self.posted += 1
            match act:
                case Predicted():
                    decision = self.known[year].decision if year in self.known else None
                    self.known[year] = Judgement(
                        prediction=act.prediction, entry=f"e{self.posted}", decision=decision
                    )
                case Revoked():
                    self.under_way.append((year, Decimal(0)))
                case Decided(verdict=verdict):
                    known = self.known[year]
                    standing = Decision(
                        verdict=verdict,
                        revision=act.revision,
                        entry=f"e{self.posted}",
                        prediction=known.entry,
                    )
                    self.known[year] = known._replace(decision=standing)
                    self.under_way.append((year, surplus(self.figures[year], verdict)))
                case Submitted() | Doubted():
                    raise AssertionError("nothing is submitted or doubted where we decide")

    def settle(self) -> None:
        """Hear every statement; the last judged year carries into nobody's judgement."""
        while self.under_way:
            year, carried = self.under_way.popleft()
            if year + 1 in self.figures:
                self.change(year + 1, Carried(hours=carried))
            assert self.posted < 3 * 2 ** (YEARS + 2), "verdicts and carry-overs keep each other going"


def surplus(year: Hours, verdict: Verdict) -> Decimal:
    """GZ-VF-05: what of the fresh hours was not needed goes over, on a pass."""
    if verdict.outcome == "fail":
        return Decimal(0)
    own = year.get("professional", Decimal(0))
    return own - min(own, 42 - min(carried_into(year), Decimal(42)))


def carried_into(year: Hours) -> Decimal:
    return year.get("carried_in", Decimal(0))


def fixed_point(own: list[Hours]) -> list[Decimal]:
    """What is carried into each year, computed once from the first to the last."""
    carried = [carried_into(own[0])]
    for year in own[:-1]:
        judged = {**year, "carried_in": carried[-1]}
        outcome = predict(judged, NINETY).outcome
        verdict = Verdict(id="", authority="local", outcome=outcome, decided_at=MARCH)
        carried.append(surplus(judged, verdict))
    return carried


years = st.lists(
    hours.map(lambda own: figures(public="30", professional=str(own), elective="18")),
    min_size=YEARS,
    max_size=YEARS,
)
corrections = st.lists(
    st.tuples(st.integers(FIRST, FIRST + YEARS - 1), st.builds(Posted, category=categories, hours=hours)),
    max_size=4,
)


@given(years, corrections)
def test_the_round_ends_where_one_pass_through_the_years_would(
    own: list[Hours], corrected: list[tuple[int, Posted]]
) -> None:
    teacher = Round(own)
    teacher.settle()
    for year, change in corrected:
        teacher.posted = 0
        teacher.change(year, change)
        teacher.settle()
    settled = [teacher.figures[year] for year in sorted(teacher.figures)]
    assert [carried_into(year) for year in settled] == fixed_point(settled)
    for year in teacher.figures:
        standing = teacher.known[year].decision
        assert standing is not None
        assert standing.verdict.outcome == predict(teacher.figures[year], NINETY).outcome
