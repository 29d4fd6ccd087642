"""What hours of elsewhere come to: by the first factor that fits, exactly, rounded once and half up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hours.records.domain.recognition import converted, factor_of, recognised, recognising
from hours.records.domain.registration import Granted, Origin, Refused
from shared.policy.factors import DeclaredFactor
from shared.policy.sources import RecognisedElsewhere

AMOUNTS = st.decimals(min_value=0, max_value=999_999, places=2)
PARTS = st.integers(min_value=1, max_value=1_000)


def factor(numerator: int = 1, denominator: int = 1, **said: Any) -> DeclaredFactor:
    return DeclaredFactor(unit="credit", numerator=numerator, denominator=denominator, **said)


def rule(*factors: DeclaredFactor, name: str = "T-1") -> RecognisedElsewhere:
    return RecognisedElsewhere(
        id=name,
        clause="1",
        words="认定",
        title="Recognition",
        title_zh="认定",
        category="professional",
        registrars=("teacher",),
        through="declaration",
        factors=factors,
    )


def origin(amount: str = "1", **said: str) -> Origin:
    given_ = {"issuer": "west", "unit": "credit", "category": "a", "mode": "", **said}
    named = {"transcript": "W", "line": "record:R", "earned_with": "west", "earned_as": "record:R"}
    return Origin(**given_, **named, amount=Decimal(amount))


@given(AMOUNTS, PARTS, PARTS)
def test_a_line_is_rounded_once_half_up_from_the_exact_product(
    amount: Decimal, numerator: int, denominator: int
) -> None:
    exact = Fraction(amount) * numerator / denominator
    hundredths = (exact * 100 + Fraction(1, 2)).__floor__()
    found = converted(amount, factor(numerator, denominator))
    assert found == Decimal(hundredths) / 100
    assert abs(Fraction(found) - exact) <= Fraction(1, 200)


def test_half_a_hundredth_goes_up() -> None:
    for amount, of, wanted in (
        ("0.01", (1, 2), "0.01"),
        ("0.5", (10, 3), "1.67"),
        ("10", (1, 3), "3.33"),
        ("5", (1, 3), "1.67"),
        ("2.5", (1, 1), "2.5"),
        ("0.01", (1, 3), "0"),
    ):
        plain = Decimal(amount) * of[0] / of[1]
        assert converted(Decimal(amount), factor(*of)) == Decimal(wanted)
        assert plain.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(wanted)


def test_the_first_factor_that_fits_decides_and_without_one_nothing_does() -> None:
    some = factor(8, issuers=("west",), mode="concentrated")
    rest = factor(3, category="a")
    one = rule(some, rest)
    assert factor_of(one, origin(mode="concentrated")) == some
    assert factor_of(one, origin(issuer="south", mode="concentrated")) == rest
    assert factor_of(one, origin()) == rest
    for other in ({"category": "b"}, {"unit": "hour"}, {"unit": "hour", "mode": "concentrated"}):
        assert factor_of(one, origin(**other)) is None
        refused = recognised(one, origin(**other))
        assert isinstance(refused, Refused)
        assert refused.code == "recognition.no_factor"
    assert recognising([rule(some, name="T-2"), one], origin()) == one
    assert recognising([rule()], origin()) is None


def test_what_comes_without_a_transcript_is_never_recognised() -> None:
    refused = recognised(rule(factor()), None)
    assert isinstance(refused, Refused)
    assert refused.code == "origin.missing"


def test_the_basis_says_amount_unit_factor_and_hours() -> None:
    granted = recognised(rule(factor(10, 3)), origin("2"))
    assert isinstance(granted, Granted)
    assert granted.hours == Decimal("6.67")
    assert granted.basis == {
        "kind": "recognised_elsewhere",
        "amount": "2.00",
        "unit": "credit",
        "factor": "10/3",
        "hours": "6.67",
    }
