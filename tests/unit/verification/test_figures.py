"""Figures are a sum of postings, less deductions; carried-in hours and each deduction are stated whole."""

from decimal import Decimal
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from verification.figures.domain.hours import (
    Carried,
    Change,
    Deducted,
    Deduction,
    HeardYear,
    Posted,
    apply,
)
from verification.figures.entries import FiguresHeard

from .cases import hours

NOTHING = HeardYear()
CATEGORIES = ("public", "professional", "elective")
posted = st.builds(Posted, category=st.sampled_from(CATEGORIES), hours=hours)
words = st.builds(
    Deduction,
    hours=st.dictionaries(st.sampled_from(CATEGORIES), hours.filter(bool)),
    withholds=st.booleans(),
)


def deducted(name: str, *, withholds: bool = False, **taken: str) -> Deducted:
    hours = {category: Decimal(amount) for category, amount in taken.items()}
    return Deducted(name=name, deduction=Deduction(hours=hours, withholds=withholds))


def test_postings_add_up_by_category() -> None:
    heard = [
        Posted(category="public", hours=Decimal(30)),
        Posted(category="professional", hours=Decimal(24)),
        Posted(category="professional", hours=Decimal(10)),
        Posted(category="elective", hours=Decimal("17.5")),
    ]
    counted = {"public": 30, "professional": 34, "elective": Decimal("17.5")}
    assert apply(NOTHING, heard).counted == counted


def test_a_reversal_takes_back_what_was_posted() -> None:
    heard = [Posted(category="elective", hours=Decimal(8)), Posted(category="elective", hours=Decimal(-8))]
    assert apply(HeardYear({"public": Decimal(30)}), heard).hours == {"public": 30}, "and leaves nothing"


def test_a_later_carry_over_replaces_the_earlier_one() -> None:
    heard: list[Change] = [Carried(hours=Decimal(8)), Carried(hours=Decimal(0)), Carried(hours=Decimal(6))]
    assert apply(NOTHING, heard).counted == {"carried_in": 6}


def test_what_counts_is_what_was_posted_less_what_stands_deducted() -> None:
    year = apply(NOTHING, [Posted(category="elective", hours=Decimal(18)), deducted("D1", elective="4")])
    assert year.counted == {"elective": 14}
    twice = apply(year, [deducted("D2", elective="3")])
    assert twice.counted == {"elective": 11}
    assert apply(twice, [deducted("D1", elective="1")]).counted == {"elective": 14}, "the later word alone"
    assert apply(twice, [deducted("D1"), deducted("D2")]) == HeardYear({"elective": Decimal(18)})


def test_a_deduction_that_takes_nothing_may_withhold_all_the_same() -> None:
    year = apply(NOTHING, [deducted("D2", withholds=True), deducted("D1", withholds=True), deducted("D0")])
    assert (year.counted, year.withheld) == ({}, ("D1", "D2"))
    assert apply(year, [deducted("D1"), deducted("D2")]) == NOTHING


def test_hours_that_are_taken_back_before_their_deduction_is_restated_leave_nothing_and_no_debt() -> None:
    heard: list[Change] = [
        Posted(category="elective", hours=Decimal(3)),
        deducted("D1", elective="3"),
        Posted(category="elective", hours=Decimal(-3)),
    ]
    year = apply(NOTHING, heard)
    assert year.counted == {}
    assert apply(year, [deducted("D1", withholds=True)]).counted == {}
    assert apply(year, [Posted(category="elective", hours=Decimal(5))]).counted == {"elective": 2}


def test_what_was_written_down_before_anything_was_deducted_is_read_as_ever() -> None:
    said = b'{"teacher": "T1", "year": 2024, "hours": {"elective": "18.00"}, "heard": "hours/71/2"}'
    assert msgspec.json.decode(said, type=FiguresHeard).deductions == {}


@given(st.lists(posted), st.randoms())
def test_the_order_of_postings_does_not_matter(heard: list[Posted], random: st.DrawFn) -> None:
    shuffled = list(heard)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis gives a random.Random here
    assert apply(NOTHING, shuffled) == apply(NOTHING, heard)


@given(st.lists(posted), hours)
def test_the_total_is_everything_that_was_posted_and_carried(heard: list[Posted], carried: Decimal) -> None:
    year = apply(NOTHING, [*heard, Carried(hours=carried)])
    assert sum(year.counted.values()) == sum((change.hours for change in heard), carried)


@given(st.lists(posted), st.dictionaries(st.sampled_from(["D1", "D2", "D3"]), st.lists(words)), st.randoms())
def test_of_each_deduction_the_last_word_counts_whatever_was_heard_between(
    postings: list[Posted], said: dict[str, list[Deduction]], random: Random
) -> None:
    """Only the words on one deduction have an order; batches begin and end anywhere."""
    waiting: list[list[Change]] = [[posting] for posting in postings]
    waiting += [[Deducted(name=name, deduction=word) for word in spoken] for name, spoken in said.items()]
    year = NOTHING
    while waiting := [queue for queue in waiting if queue]:
        batch = [random.choice(waiting) for _ in range(random.randint(1, 3))]
        year = apply(year, [queue.pop(0) for queue in batch if queue])
    last = {name: spoken[-1] for name, spoken in said.items() if spoken}
    for category in CATEGORIES:
        came = sum((one.hours for one in postings if one.category == category), Decimal(0))
        went = sum((one.hours.get(category, Decimal(0)) for one in last.values()), Decimal(0))
        assert year.counted.get(category, 0) == max(came - went, 0)
    assert set(year.withheld) == {name for name, one in last.items() if one.withholds}
