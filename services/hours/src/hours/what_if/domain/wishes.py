"""More hours in a year (假设学时): what would count of wishes, under the limits of real ones.

Each takes from what the next one finds. An exchange is taken whole or not at all; of anything else so
much counts as its cap has room for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.cap import CAP_REACHED
from hours.outlook.domain.gap import Gap
from hours.outlook.domain.outlook import Outlook
from shared.cycles.standing import Standing
from shared.policy.categories import Category, Item, Part

Kind = Literal["exchange", "earn"]
Reason = str
COUNTS: Reason = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody would exchange points for, or would earn, in the unit of the pack."""

    kind: Kind
    rule: str
    category: Category
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What counts of a wish, and why the rest does not."""

    wish: Wish
    hours: Decimal
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a year still has room for."""

    closed: bool
    """Nothing is registered any more."""
    exchanging: bool
    """Whether points can still be exchanged into hours of the year."""
    affordable: int
    """Whole hours that the points give."""
    left: Mapping[tuple[str, Category], Decimal]
    """Hours below the cap, of rules that have one."""
    barred: frozenset[str]
    """Rules that are not for this teacher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A year as it stands, what would count of some wishes, and what would be missing then."""

    stands: Outlook
    counted: Sequence[Counted]
    gap: Gap | None
    """None where only cycles ask for something."""
    cycles: Sequence[Standing]


def count(wishes: Iterable[Wish], limits: Limits) -> Iterator[Counted]:
    """What would count, in order."""
    left, affordable = dict(limits.left), Decimal(limits.affordable)
    for wish in wishes:
        account = (wish.rule, wish.category)
        room = left.get(account)
        if limits.closed:
            hours, reason = ZERO, "year.closed"
        elif wish.kind == "exchange":
            reason = _refused(wish, room, affordable, exchanging=limits.exchanging)
            hours = ZERO if reason else wish.hours
            affordable -= hours
        elif wish.rule in limits.barred:
            hours, reason = ZERO, "teacher.not_eligible"
        else:
            hours = wish.hours if room is None else min(wish.hours, room)
            reason = COUNTS if hours == wish.hours else CAP_REACHED
        if room is not None:
            left[account] = room - hours
        yield Counted(wish=wish, hours=hours, reason=reason)


def _refused(wish: Wish, room: Decimal | None, affordable: Decimal, *, exchanging: bool) -> Reason:
    """Why points are not exchanged; empty where they are."""
    if room is None:
        return "category.not_exchangeable"
    if not exchanging:
        return "exchange.over"
    if wish.hours > room:
        return CAP_REACHED
    return "points.insufficient" if wish.hours > affordable else COUNTS


def supposed(stands: Outlook, counted: Sequence[Counted], parts: Mapping[Item, tuple[Part, ...]]) -> Supposed:
    """How the year and its cycles stood once these hours are there; `parts` are those of cycles."""
    gap = None if stands.required is None else stands.required.gap
    more: dict[Category, Decimal] = defaultdict(lambda: ZERO)
    for one in counted:
        gap = None if gap is None else gap.after(one.wish.category, one.hours)
        more[one.wish.category] += one.hours
    cycles = [standing.with_more(more, parts) for standing in stands.cycles]
    return Supposed(stands=stands, counted=counted, gap=gap, cycles=cycles)
