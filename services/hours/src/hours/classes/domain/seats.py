"""Seats of a class (学员名额): who has one, who waits for one, in the order of enrolment.

Never more seats are taken than there are; whoever withdraws gives the seat to the first who waits.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hours.classes.domain.outline import Outline, Refused
from shared.policy.sources import Classes
from shared.wording import Language, Named

FIELD_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {"joined_on": "the day of joining", "citizen_id": "the identity number"},
    "zh": {
        "district": "所在区",
        "stage": "学段",
        "role": "岗位",
        "title": "职称",
        "joined_on": "入职日期",
        "citizen_id": "身份证件号码",
    },
}
"""What a profile has, for people."""

SeatState = Literal["enrolled", "waiting", "withdrawn", "swapped", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How full a class is."""

    enrolled: int
    waiting: int
    last: int
    """Place of who enrolled last; 0 for nobody."""

    def next(self, capacity: int | None) -> tuple[SeatState, "Taken"]:
        """What whoever enrols next gets, and how full the class is then. Nobody overtakes who waits."""
        is_free = capacity is None or (self.enrolled < capacity and not self.waiting)
        enrolled, waiting = (self.enrolled + is_free, self.waiting + (not is_free))
        after = Taken(enrolled=enrolled, waiting=waiting, last=self.last + 1)
        return ("enrolled" if is_free else "waiting", after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A teacher who is to have a seat."""

    teacher: str
    known: AbstractSet[str]
    """What the roster knows of the person, by field."""


def may_enrol(outline: Outline, classes: Classes, applicant: Applicant) -> Refused | None:
    """Whether somebody may take part: with a complete profile, and not as trainer as well."""
    if applicant.teacher in outline.trainers:
        return Refused("seat.trainer", "/teacher", {"teacher": applicant.teacher})
    missing = [field for field in classes.profile if field not in applicant.known]
    if missing:
        fields = [Named.of(FIELD_NAMES, field) for field in missing]
        return Refused("profile.incomplete", "/teacher", {"teacher": applicant.teacher, "fields": fields})
    return None


def is_open(outline: Outline, today: date) -> bool:
    """Whether teachers and schools still enrol."""
    return today <= outline.enrol_by


def has_begun(outline: Outline, today: date) -> bool:
    """Whether it has opened: from that day on nobody leaves or is replaced (开班前)."""
    return today >= outline.opens
