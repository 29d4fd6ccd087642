"""A review of registrations (学时登记审核): which records, how each is marked, and what the sign-off says.

A county's centre reviews each year what its schools registered, a city spot-checks its counties (HB-02); what
an organiser registered at once is audited yearly and recognised (WH-09, 每年审查一次,审核认可).
The records are those that stand when it is opened; an objection changes none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from shared import drawing

Kind = Literal["annual", "spot_check"]
State = Literal["open", "signed_off"]
Mark = Literal["open", "in_order", "objected"]
Since = Literal["unchanged", "corrected", "taken_back"]
Outcome = Literal["recognised", "with_objections"]


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """How many records a spot check draws: a number of them, or a share in percent, rounded up."""

    unit: Literal["records", "percent"]
    size: int

    def of(self, registered: int) -> int:
        """How many of so many."""
        wanted = self.size if self.unit == "records" else -(-registered * self.size // 100)
        return min(wanted, registered)


def drawn(records: Iterable[str], sample: Sample | None, review: str, seed: str) -> list[str]:
    """The records of a review; a sample is the first ones by a keyed digest, so anybody can draw it again."""
    found = sorted(records)
    return found if sample is None else drawing.drawn(found, sample.of(len(found)), review, seed)


class ReviewOpened(msgspec.Struct, frozen=True, kw_only=True):
    """`review.opened.v1`: a body looks at what others at its place, or one below, registered in a year."""

    review: str
    place: str
    year: int
    sample: Sample | None
    """None: all of it."""
    seed: str
    """16 bytes in hex, made when it was opened: nobody chooses what is drawn."""
    registered: int
    """Of how many records that stood."""
    items: int
    by: str
    account: str
    """The token's subject."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a review, and who answers for it, such as `school:S01`."""

    record: str
    answerable: str


class ReviewDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """`review.drawn.v1`: a part of the records that a review is of."""

    review: str
    items: list[Drawn]


class ReviewMarked(msgspec.Struct, frozen=True, kw_only=True):
    """`review.marked.v1`: a record is in order, or is objected to and why."""

    review: str
    record: str
    mark: Mark
    reason: str
    by: str
    account: str


class ReviewAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """`review.answered.v1`: who answers for a record says why it stands."""

    review: str
    record: str
    words: str
    by: str
    account: str


class ReviewSignedOff(msgspec.Struct, frozen=True, kw_only=True):
    """`review.signed_off.v1`: the review is over; what it objected to and nobody changed is named."""

    review: str
    upheld: list[str]
    """Records that are objected to and stand as they did."""
    override: str
    """Why it did not wait for answers; empty where there were all."""
    by: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review as it stands."""

    review: str
    place: str
    year: int
    sample: Sample | None
    seed: str
    registered: int
    items: int
    by: str
    state: State
    override: str
    opened_at: datetime
    signed_off_at: datetime | None

    @property
    def kind(self) -> Kind:
        """Whether everything is looked at, or a sample."""
        return "annual" if self.sample is None else "spot_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A record of a review, as it was marked and answered, and as it stands."""

    review: str
    record: str
    teacher: str
    answerable: str
    mark: Mark
    reason: str
    answer: str
    upheld: bool
    state: str
    replacement: str
    accounts: Sequence[str]
    """Of everybody who had a hand in it: who declared, registered, recognised or corrected it."""

    @property
    def since(self) -> Since:
        """What became of the record since it was drawn."""
        if self.state == "registered":
            return "unchanged"
        return "corrected" if self.replacement else "taken_back"

    @property
    def is_disputed(self) -> bool:
        """Whether it is objected to, and the record stands as it did."""
        return self.mark == "objected" and self.since == "unchanged"

    @property
    def awaits_answer(self) -> bool:
        """Whether who answers for it has neither changed it nor said anything."""
        return self.is_disputed and not self.answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a review that is over said of a record."""

    record: str
    review: Review
    mark: Mark
    upheld: bool

    @property
    def told(self) -> dict[str, str | None]:
        """As a statement says it."""
        objected = "upheld" if self.upheld else "changed"
        over = self.review.signed_off_at
        return {
            "review": self.review.review,
            "by": self.review.by,
            "at": over.isoformat() if over else None,
            "outcome": objected if self.mark == "objected" else "in_order",
        }


def why_not_signed_off(items: Sequence[Item], override: str) -> tuple[str, int] | None:
    """The code that keeps a review open, and of how many records; None where it can be signed off."""
    unmarked = sum(item.mark == "open" for item in items)
    if unmarked:
        return "review.unmarked", unmarked
    waiting = sum(item.awaits_answer for item in items)
    return ("review.awaits_answers", waiting) if waiting and not override else None


def outcome_of(upheld: int) -> Outcome:
    """What a sign-off comes to."""
    return "with_objections" if upheld else "recognised"
