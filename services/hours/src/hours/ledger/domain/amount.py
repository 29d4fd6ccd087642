"""Amounts of hours or credits (学时, 学分): exact, never negative, two decimal places."""

from decimal import Decimal

ZERO = Decimal("0.00")
_PLACES = Decimal("0.01")


def exact(hours: Decimal | int) -> Decimal:
    """The same amount written with two places; an amount with more does not exist (`hours.too_precise`)."""
    amount = Decimal(hours).quantize(_PLACES)
    assert amount == hours, f"{hours} h has more than two places"
    assert amount >= ZERO, f"{hours} h is negative"
    return amount


def in_unit(hours: Decimal, credits_: Decimal | None) -> Decimal:
    """What counts of some hours: the credits that they make, or the hours where none are made of them."""
    return hours if credits_ is None else credits_
