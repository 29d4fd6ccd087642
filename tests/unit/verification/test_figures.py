"""Figures are a sum of postings; carried-in hours are stated whole."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from verification.figures.domain.hours import Carried, Change, Posted, apply

from .cases import hours

posted = st.builds(Posted, category=st.sampled_from(["public", "professional", "elective"]), hours=hours)


def test_postings_add_up_by_category() -> None:
    heard = [
        Posted(category="public", hours=Decimal(30)),
        Posted(category="professional", hours=Decimal(24)),
        Posted(category="professional", hours=Decimal(10)),
        Posted(category="elective", hours=Decimal("17.5")),
    ]
    assert apply({}, heard) == {"public": 30, "professional": 34, "elective": Decimal("17.5")}


def test_a_reversal_takes_back_what_was_posted() -> None:
    heard = [Posted(category="elective", hours=Decimal(8)), Posted(category="elective", hours=Decimal(-8))]
    assert apply({"public": Decimal(30)}, heard) == {"public": 30}, "and leaves nothing"


def test_a_later_carry_over_replaces_the_earlier_one() -> None:
    heard: list[Change] = [Carried(hours=Decimal(8)), Carried(hours=Decimal(0)), Carried(hours=Decimal(6))]
    assert apply({}, heard) == {"carried_in": 6}


@given(st.lists(posted), st.randoms())
def test_the_order_of_postings_does_not_matter(heard: list[Posted], random: st.DrawFn) -> None:
    shuffled = list(heard)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis gives a random.Random here
    assert apply({}, shuffled) == apply({}, heard)


@given(st.lists(posted), hours)
def test_the_total_is_everything_that_was_posted_and_carried(heard: list[Posted], carried: Decimal) -> None:
    year = apply({}, [*heard, Carried(hours=carried)])
    assert sum(year.values()) == sum((change.hours for change in heard), carried)
