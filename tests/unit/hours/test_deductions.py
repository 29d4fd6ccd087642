"""Deductions from a year (扣减): what each takes of what counts, never below 0, and what is missing then."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.deduction import Deducted, Deduction, Taken, afresh, deduct, together

Wanted = tuple[Decimal, Sequence[str]]

AMOUNTS = st.decimals(min_value=0, max_value=40, places=2)
NAMES = ("a", "b", "c")
COUNTED = st.dictionaries(st.sampled_from(NAMES), AMOUNTS)
SOME = st.lists(st.sampled_from(NAMES), min_size=1, unique=True)
WANTED = st.lists(st.tuples(AMOUNTS, SOME), max_size=6)


# what counts; what is to be deducted, of what; what is taken, what is missing
WORKED: dict[str, tuple[str, list[str], list[str]]] = {
    "SCH-01: 4 of 3": ("a=3", ["4 a"], ["a=3 short=1"]),
    "4 of 4": ("a=4", ["4 a"], ["a=4 short=0"]),
    "4 of 4.5": ("a=4.5", ["4 a"], ["a=4 short=0"]),
    "4 of nothing": ("", ["4 a"], ["short=4"]),
    "two, one after the other": ("a=7", ["4 a", "4 a"], ["a=4 short=0", "a=3 short=1"]),
    "in the order of the rule": ("a=3 b=5.5", ["4 b a"], ["b=4 short=0"]),
    "over two categories": ("a=3 b=5.5", ["4 a b"], ["a=3 b=1 short=0"]),
    "never of others": ("a=3 b=5.5", ["4 a"], ["a=3 short=1"]),
    "withdrawn: nothing asked": ("a=3", ["0 a", "2 a"], ["short=0", "a=2 short=0"]),
}


def hours(text: str) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, _, amount in (one.partition("=") for one in text.split())}


@pytest.mark.parametrize("name", WORKED)
def test_worked_figures(name: str) -> None:
    counted, asked, expected = WORKED[name]
    wanted = [(Decimal(amount), categories) for amount, *categories in map(str.split, asked)]
    found = [{**one.hours, "short": one.short} for one in deduct(hours(counted), wanted)]
    assert found == [hours(one) for one in expected]


@given(COUNTED, WANTED)
def test_what_is_taken_and_what_is_missing_are_what_was_asked(
    counted: dict[str, Decimal], wanted: list[Wanted]
) -> None:
    found = list(deduct(counted, wanted))
    assert [sum(one.hours.values(), one.short) for one in found] == [asked for asked, _ in wanted]
    assert all(one.short >= 0 and all(amount > 0 for amount in one.hours.values()) for one in found)
    assert all(one.hours.keys() <= {*categories} for one, (_, categories) in zip(found, wanted, strict=True))


@given(COUNTED, WANTED)
def test_nothing_falls_below_none_and_something_is_missing_only_where_none_is_left(
    counted: dict[str, Decimal], wanted: list[Wanted]
) -> None:
    left = dict(counted)
    for one, (_, categories) in zip(deduct(counted, wanted), wanted, strict=True):
        left |= {name: left[name] - amount for name, amount in one.hours.items()}
        assert min(left.values(), default=ZERO) >= 0
        assert not one.short or not any(left.get(name) for name in categories)


@given(COUNTED, st.lists(st.tuples(AMOUNTS, st.permutations(NAMES)), max_size=6))
def test_of_all_categories_together_everything_asked_is_taken_or_everything_there_is(
    counted: dict[str, Decimal], wanted: list[Wanted]
) -> None:
    taken = sum((amount for one in deduct(counted, wanted) for amount in one.hours.values()), ZERO)
    assert taken == min(sum(counted.values(), ZERO), sum((asked for asked, _ in wanted), ZERO))


@given(COUNTED, COUNTED, WANTED)
def test_later_hours_owe_nothing(
    counted: dict[str, Decimal], later: dict[str, Decimal], wanted: list[Wanted]
) -> None:
    made = list(deduct(counted, wanted))
    now = list(afresh(together([counted, later]), standing(wanted, made)))
    assert [(one.amount, one.short) for one in now] == [(one.amount, one.short) for one in made]


@given(COUNTED, COUNTED, WANTED)
def test_what_is_gone_is_not_taken_and_comes_back_as_it_was(
    counted: dict[str, Decimal], left: dict[str, Decimal], wanted: list[Wanted]
) -> None:
    made = list(deduct(counted, wanted))
    stands = standing(wanted, made)
    for one, before, (asked, _) in zip(afresh(left, stands), made, wanted, strict=True):
        assert one.amount <= before.amount
        assert one.amount + one.short == asked
    assert all(
        amount <= left[name] for name, amount in together(t.hours for t in afresh(left, stands)).items()
    )
    assert list(afresh(counted, stands)) == made


def standing(wanted: Sequence[Wanted], made: Sequence[Taken]) -> list[Deducted]:
    return [kept(asked, categories, taken) for (asked, categories), taken in zip(wanted, made, strict=True)]


def kept(asked: Decimal, categories: Sequence[str], taken: Taken) -> Deducted:
    deduction = Deduction(
        deduction="D1",
        teacher="T1",
        year=2024,
        rule="SCH-01",
        asked=asked,
        categories=categories,
        withholds=False,
        origin="hours/32/1",
        at=datetime(2024, 6, 30, tzinfo=UTC),
    )
    return Deducted(of=deduction, most=taken.amount, hours=taken.hours, policy="test@1")


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), AMOUNTS), max_size=8).flatmap(
        lambda came: st.tuples(st.just(came), st.permutations(came))
    ),
    WANTED,
)
def test_in_which_order_hours_came_does_not_matter(
    orders: tuple[list[tuple[str, Decimal]], list[tuple[str, Decimal]]], wanted: list[Wanted]
) -> None:
    one, other = (list(deduct(summed(came), wanted)) for came in orders)
    assert one == other


def summed(came: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
    return together({name: amount} for name, amount in came)
