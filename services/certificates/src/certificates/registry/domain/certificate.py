"""What the ledger holds: whose certificate, its versions, the hours printed (证书、版本)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from certificates.registry.domain import status
from certificates.registry.domain.status import State
from shared.policy.categories import Hours


class Key(NamedTuple):
    """Whose certificate of what: there is at most one live certificate of each."""

    teacher: str
    year: int
    """The training year, or the first one of the cycle."""
    kind: str

    @property
    def subject(self) -> str:
        """The journal's subject."""
        return f"teacher:{self.teacher}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a certificate as it stands."""

    number: str
    key: Key
    version: int
    current: int
    """The version that stands now; this one when they are equal."""
    state: State
    reason: str
    by_person: bool
    """Whether a person, not a verdict, put it into this state."""
    replaced_by: int | None
    verdict: str
    """Event id of the verdict it rests on."""
    policy: str
    hours: Hours
    """By category, `carried_in` ones apart, and their `total`."""
    digest: str
    issued_at: datetime
    last: int
    """The last year that is certified: `key.year` itself, or the last one of its cycle."""
    valid_until: date | None
    """The last day on which it is valid; None: it does not end by itself."""

    def on(self, day: date) -> "Version":
        """As it stands on a day, which nothing but the calendar has to say."""
        return replace(self, state=status.on(self.state, self.valid_until, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A version and what was printed on it about a person."""

    version: Version
    name: str
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of a version and what was printed on them about a person."""

    number: str
    version: int
    name: str
    school: str
    digest: str
    """SHA-256 of `pdf`, hex."""
    pdf: bytes


def plain(hours: Decimal) -> str:
    """Hours as people read them, without needless zeros: `30`, `17.5`."""
    text = f"{hours:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
