"""How far a declaration is, and who may do what to it next.

A draft is declared; reviewers agree in turn; with the last one its hours are registered. A reviewer may
return it, so that it is changed and declared again, or refuse it for good. Nobody reviews their own doing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from hours.ledger.domain.amount import in_unit
from hours.records.domain.numbers import made
from hours.records.domain.registration import Registration
from hours.roster.domain import Workplace

State = Literal["draft", "declared", "reviewed", "posted", "returned", "refused", "withdrawn"]
EDITABLE: frozenset[State] = frozenset({"draft", "returned"})
PENDING: frozenset[State] = frozenset({"declared", "reviewed"})
Verdict = Literal["approve", "return", "refuse"]
"""What a reviewer decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: as a kind of caller, bound to a place, with an account."""

    kind: str
    id: str
    place: str
    account: str
    acts_for_others: bool = False
    """Whether it is the operator, who may declare for anybody and reviews nothing."""

    @property
    def name(self) -> str:
        """As the journal holds it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declaration as it stands."""

    declaration: str
    teacher: str
    registration: Registration
    """What is declared, without the data of a proof."""
    declarant: str
    digest: str
    state: State
    hours: Decimal | None
    """What the rule gives, in hours; None before it is declared."""
    credits: Decimal | None
    """What these make where credits are counted."""
    handed_in: datetime | None
    """When it was declared, the last time; None for a draft."""
    override: str
    reviewers: Sequence[str]
    accounts: Sequence[str]
    """Of those who declared and agreed, in order; the reviewers that agreed are all but the first."""
    authors: frozenset[str]
    """The accounts that ever wrote it down or declared it."""
    entry: str
    """The last entry about it."""

    @property
    def amount(self) -> Decimal:
        """What the rule gives of what is declared, in the unit of the pack."""
        assert self.hours is not None, "what is declared was weighed"
        return in_unit(self.hours, self.credits)

    @property
    def subject(self) -> str:
        """What the journal calls it."""
        return subject(self.declaration)

    @property
    def record(self) -> str:
        """The number under which its hours are registered."""
        return self.registration.record

    @property
    def awaits(self) -> str | None:
        """Who is to review next; None where nobody is."""
        return self.reviewers[len(self.accounts) - 1] if self.state in PENDING else None

    @property
    def is_at_last(self) -> bool:
        """Whether the next reviewer is the one who recognises."""
        return len(self.accounts) == len(self.reviewers)


def record_of(declaration: str) -> str:
    """The number under which the hours of a declaration are registered."""
    return made("declaration", declaration)


def subject(declaration: str) -> str:
    """What the journal calls a declaration."""
    return f"declaration:{declaration}"


def why_not_decided(declaration: Declaration, actor: Actor, workplace: Workplace) -> str | None:
    """The code of the refusal of somebody who would decide on a declaration; None where they may.

    Registrar and recogniser are never one (登记与认定分开), by role and by account.
    """
    awaited = declaration.awaits
    if awaited is None:
        return "declaration.not_pending"
    if not workplace.awaits(awaited, actor.kind, actor.place):
        return "declaration.not_awaited"
    return "declaration.own" if actor.account in declaration.authors.union(declaration.accounts) else None


def why_not_declared(declaration: Declaration | None, actor: Actor) -> str | None:
    """The code of the refusal of somebody who would write, declare or withdraw a declaration."""
    if declaration is None or actor.acts_for_others or actor.name == declaration.declarant:
        return None
    return "declaration.conflict"
