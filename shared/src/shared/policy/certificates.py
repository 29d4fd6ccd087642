"""Kinds of certificates (证书种类): what each certifies, in whose name, and until when it is valid."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.calendar import Years
from shared.policy.shapes import Rule, RuleId, Text

Division = Annotated[str, Meta(pattern=r"^[1-9]\d{5}$")]
"""GB/T 2260 code, with which a number begins."""


class CertificateKind(Rule, frozen=True, kw_only=True):
    """A kind of certificate: `digit` is its place in the number; `division` the issuing authority's code.

    Digits start at 5, so that digits 11 and 12 of a number never form a month and no number reads as an
    identity number.
    """

    name: Literal["annual", "cycle"]
    digit: Annotated[int, Meta(ge=5, le=9)]
    division: Division
    issuer: Text
    """Name of the issuing authority in Chinese, as printed."""
    heading: Text
    """Title printed on the certificate, in Chinese."""
    cycle: RuleId | None = None
    """The rule whose cycle is certified; None: a year by itself."""
    valid_years_after: Annotated[int, Meta(ge=0)] | None = None
    """How many years after the last one that is certified it is valid, to their end; None: without an end."""

    def valid_until(self, last: int, years: Years) -> date | None:
        """The last day on which a certificate is valid whose last year this is; None: it does not end."""
        return None if self.valid_years_after is None else years.last_day(last + self.valid_years_after)
