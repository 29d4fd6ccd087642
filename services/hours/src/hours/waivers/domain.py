"""A waiver (减免): its scope, who asks and who decides, and what the pack allows of it.

On what ground it is asked for is nobody else's business: the kind, the statement and the reason of a decision
are sealed beside the journal, which knows a digest of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec

from hours.ledger.domain.amount import ZERO, exact
from shared.policy.categories import Category
from shared.policy.years import Waiver

State = Literal["pending", "approved", "refused", "ended"]


class WaiverApplied(msgspec.Struct, frozen=True, kw_only=True):
    """`waiver.applied.v1`: a teacher or a school asks that part of a requirement be waived."""

    waiver: str
    teacher: str
    first: int
    last: int
    hours: dict[str, Decimal]
    """Asked for of each year, by category; empty where everything is."""
    whole: bool
    by: str
    subject: str
    """The account of who asked, as the issuer names it."""
    digest: str
    """HMAC of kind, statement and files, under the teacher's salt."""


class WaiverDecided(msgspec.Struct, frozen=True, kw_only=True):
    """`waiver.decided.v1`: it was granted, refused, or ends; why lies sealed beside the journal."""

    waiver: str
    teacher: str
    state: State
    last: int
    """The last year for which it holds; before its first year where it holds for none."""
    by: str
    subject: str


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Why a waiver is asked for, and why it was decided as it was. Personal, often about health."""

    kind: str
    statement: str
    files: list[str]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which years, and what of each."""

    first: int
    last: int
    hours: Mapping[Category, Decimal]
    whole: bool

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The hours as an entry holds them."""
        return {str(category): hours for category, hours in self.hours.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A waiver on file, without its ground."""

    waiver: str
    teacher: str
    scope: Scope
    state: State
    by: str
    subject: str
    decided_by: str
    entry: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A code, where in the request it is, and its figures."""

    code: str
    path: str
    figures: Mapping[str, Any]


def asked(
    rule: Waiver, scope: Scope, hours: Mapping[Category, Decimal] | None, posted: Collection[Category]
) -> Scope | Refused:
    """The scope as asked for, within what the pack allows of the ground; all of that where none is named.

    `posted` are the categories that there are hours of.
    """
    years = scope.last - scope.first + 1
    if not 1 <= years <= rule.years:
        return Refused("waiver.span", "/last", {"years": years, "most": rule.years})
    most = {category: exact(amount) for category, amount in rule.hours.items()}
    if not hours:
        return Scope(first=scope.first, last=scope.last, hours=most, whole=rule.whole)
    for category, amount in hours.items():
        if category not in posted:
            return Refused("category.unknown", f"/hours/{category}", {"category": category})
        if not rule.whole and amount > most.get(category, ZERO):
            figures = {"category": category, "hours": exact(amount), "most": most.get(category, ZERO)}
            return Refused("waiver.too_much", f"/hours/{category}", figures)
    return Scope(first=scope.first, last=scope.last, hours=hours, whole=False)


def may_apply(rule: Waiver, kind: str) -> bool:
    """Whether a kind of caller asks for it."""
    return kind == "operator" or kind in rule.applicants


def may_know(rule: Waiver | None, kept: Kept, kind: str, subject: str) -> bool:
    """Whether who reaches to the teacher is shown the ground: the teacher, who asked, kinds that decide."""
    return subject == kept.subject or kind == "teacher" or (rule is not None and kind in rule.deciders)


def may_decide(rule: Waiver | None, kept: Kept, kind: str, subject: str) -> bool:
    """Whether this caller decides: of a kind that does, and neither kind nor account of who asked."""
    decides = rule is not None and kind in rule.deciders
    return decides and subject != kept.subject and kind != kept.by.partition(":")[0]
