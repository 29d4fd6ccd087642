"""What is written down of deductions: who decided them and why, and who withdrew them."""

from decimal import Decimal

import msgspec


class DeductionMade(msgspec.Struct, frozen=True, kw_only=True):
    """`deduction.made.v1`: an inspection was failed, and hours of the year are to be deducted."""

    deduction: str
    teacher: str
    year: int
    rule: str
    hours: Decimal
    """What the rule asks for, in the unit of the pack; what is there to be taken, the ledger says."""
    reason: str
    by: str
    """Who decided it, such as `city:C4401`."""
    subject: str
    """Their account, as the issuer names it."""
    reopening: str
    """The entry by which the year was open again; empty where it was open by itself."""


class DeductionWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """`deduction.withdrawn.v1`: a deduction no longer stands, and takes nothing."""

    deduction: str
    teacher: str
    reason: str
    by: str
    subject: str
    reopening: str
