"""The public answer about a number (查验结果): one shape whether or not there is a certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from certificates.registry.domain.amount import Amount
from shared.policy.categories import Hours


class Finding(StrEnum):
    """What is said of a number that has no certificate."""

    UNKNOWN = "unknown"
    """Well-formed, but never issued."""
    MISTYPED = "mistyped"
    """Its check character does not fit, or it is no certificate number at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What strangers may see of a certificate; the name is masked."""

    version: int
    current_version: int
    state_code: str
    name: str
    school: str
    year: int
    """The year, or the first one of the cycle."""
    last: int
    years: tuple[int, ...]
    """The calendar years by which people call them."""
    kind: str
    hours: Hours
    amounts: Sequence[Amount]
    """The same as people are shown them."""
    issuer: str
    issued_on: date
    valid_until: date | None
    """The last day on which it is valid; None: it does not end by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The public answer. Its shape is the same whether or not there is a certificate."""

    state: str
    """A state of the ledger, or a finding."""
    number: str | None
    """None where the text is no certificate number: what else it may be is not repeated."""
    contents: Contents | None
