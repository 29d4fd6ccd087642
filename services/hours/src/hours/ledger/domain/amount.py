"""Amounts of hours (学时): exact, never negative, two decimal places."""

from decimal import Decimal

ZERO = Decimal("0.00")
_PLACES = Decimal("0.01")


def exact(hours: Decimal | int) -> Decimal:
    """The same amount written with two places; an amount with more does not exist (`hours.too_precise`)."""
    amount = Decimal(hours).quantize(_PLACES)
    assert amount == hours, f"{hours} h has more than two places"
    assert amount >= ZERO, f"{hours} h is negative"
    return amount
