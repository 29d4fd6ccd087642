"""What the certificates service says. No name and no identity number: numbers and digests only."""

from datetime import date, datetime

from shared.contracts.envelope import Fact
from shared.contracts.verification import Figures


class CertificateReserved(Fact, frozen=True, kw_only=True):
    """`certificate.reserved.v1`, subject `series:…`: a number now belongs to (teacher, year, kind)."""

    number: str
    teacher: str
    year: int
    kind: str
    series: str
    serial: int


class CertificateIssued(Fact, frozen=True, kw_only=True):
    """`certificate.issued.v1`: version `version` of the certificate is valid from now on."""

    number: str
    teacher: str
    year: int
    kind: str
    version: int
    verdict: str
    """Event id of the verdict it rests on."""
    figures: Figures
    """The hours that are printed: those of the verdict."""
    digest: str
    """SHA-256 of the PDF's bytes, hex."""
    issued_at: datetime
    """The date on the document: when the verdict was given."""
    replaces: int | None = None
    """The version that this one replaces."""
    last: int | None = None
    """The last year of the cycle that began with `year`; None: of that year alone."""
    valid_until: date | None = None
    """The last day on which it is valid, in the zone of its rules; None: it does not end by itself."""


class CertificateSuperseded(Fact, frozen=True, kw_only=True):
    """`certificate.superseded.v1`: a later version replaces `version`."""

    number: str
    teacher: str
    year: int
    kind: str
    version: int
    by_version: int
    reason: str


class CertificateStateChanged(Fact, frozen=True, kw_only=True):
    """`certificate.suspended.v1`, `.reinstated.v1`, `.revoked.v1`, `.expired.v1`: a new state."""

    number: str
    teacher: str
    year: int
    kind: str
    version: int
    reason: str
    by: str = ""
    """Who ordered it: `verification` where a verdict did, else the caller as `kind:id`."""
