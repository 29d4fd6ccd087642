"""What the journal says about classes. No personal data beyond opaque ids; reasons are those of offices."""

from decimal import Decimal

import msgspec

from hours.approvals.domain import Approver
from hours.classes.domain.outline import Outline
from hours.classes.domain.results import Outcome, Part
from hours.classes.domain.seats import SeatState
from hours.classes.domain.training_class import Decision, Level

PROPOSED, DECIDED, ADMITTED = "class.proposed.v1", "class.decided.v1", "class.admitted.v1"
CALLED_OFF = "class.cancelled.v1"
ENROLLED, WITHDRAWN, MOVED_UP = "seat.enrolled.v1", "seat.withdrawn.v1", "seat.moved_up.v1"
ATTENDED, HANDED_IN, SET_ASIDE = "attendance.recorded.v1", "result.handed_in.v1", "result.set_aside.v1"
REGISTERED, ASSESSED, RETURNED = "class.registered.v1", "class.assessed.v1", "result.returned.v1"
SWAP_REQUESTED, SWAP_APPROVED = "swap.requested.v1", "swap.approved.v1"
SWAP_REFUSED, SWAP_WITHDRAWN = "swap.refused.v1", "swap.withdrawn.v1"
SWAP_CALLED_OFF = "swap.cancelled.v1"
SWAPPED = "seat.swapped.v1"


class ClassProposed(msgspec.Struct, frozen=True, kw_only=True):
    """`class.proposed.v1`: a class is to be held like this; again after it was returned."""

    class_: str = msgspec.field(name="class")
    organiser: str
    level: Level
    outline: Outline
    by: str
    """Kind and id of the office."""
    account: str
    """As the issuer names it."""
    late: bool
    held: bool
    """Whether it waits for an entry of an annual plan, or an authority by itself, to be admitted."""
    year: int | None = None
    """To which its hours belong; None in entries from before it was said: the calendar year of its end."""


class ClassDecided(msgspec.Struct, frozen=True, kw_only=True):
    """`class.decided.v1`: an authority approved, returned or refused it."""

    class_: str = msgspec.field(name="class")
    decision: Decision
    reason: str
    by: str
    account: str


class ClassAdmitted(msgspec.Struct, frozen=True, kw_only=True):
    """`class.admitted.v1`: an authority admitted a class by itself, whatever becomes of an annual plan."""

    class_: str = msgspec.field(name="class")
    reason: str
    by: str
    account: str = ""
    """The token's subject; empty in entries from before it was kept."""


class ClassCalledOff(msgspec.Struct, frozen=True, kw_only=True):
    """`class.cancelled.v1`: it is not held after all; who takes part or waits no longer does."""

    class_: str = msgspec.field(name="class")
    reason: str
    by: str
    account: str


class SeatEnrolled(msgspec.Struct, frozen=True, kw_only=True):
    """`seat.enrolled.v1`: a teacher has a seat, or waits for one."""

    class_: str = msgspec.field(name="class")
    teacher: str
    turn: int
    """Order of enrolment, from 1."""
    state: SeatState
    by: str


class SeatWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """`seat.withdrawn.v1`: a teacher no longer takes part."""

    class_: str = msgspec.field(name="class")
    teacher: str
    by: str


class SeatMovedUp(msgspec.Struct, frozen=True, kw_only=True):
    """`seat.moved_up.v1`: whoever waited first has a seat."""

    class_: str = msgspec.field(name="class")
    teacher: str


class AttendanceRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """`attendance.recorded.v1`: for how many class-hours a teacher missed a lesson; the last one counts."""

    class_: str = msgspec.field(name="class")
    teacher: str
    lesson: str
    absent: Decimal
    excused: bool
    """Counts all the same."""
    by: str
    account: str = ""
    """The token's subject; empty in entries from before it was kept."""


class ResultHandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """`result.handed_in.v1`: what a teacher comes out of a class with; the last one counts."""

    class_: str = msgspec.field(name="class")
    teacher: str
    outcome: Outcome
    score: Decimal | None
    parts: dict[str, Part]
    """What the score was computed from."""
    grade: str
    reassessment: bool
    by: str
    account: str = ""
    """The token's subject; empty in entries from before it was kept."""


class ResultSetAside(msgspec.Struct, frozen=True, kw_only=True):
    """`result.set_aside.v1`: a failed result, or an exclusion, holds no longer: somebody is reassessed."""

    class_: str = msgspec.field(name="class")
    teacher: str
    because: str
    """The appeal's filing, by which it was decided."""
    by: str
    account: str


class ClassAssessed(msgspec.Struct, frozen=True, kw_only=True):
    """`class.assessed.v1`: who holds a class registers hours of these teachers, which others recognise."""

    class_: str = msgspec.field(name="class")
    teachers: list[str]
    awaits: str
    """Who recognises them, such as `centre:C01`."""
    by: str
    account: str


class ResultsReturned(msgspec.Struct, frozen=True, kw_only=True):
    """`result.returned.v1`: who was to recognise hours of a class wants its results otherwise."""

    class_: str = msgspec.field(name="class")
    awaits: str
    """Who registered them."""
    reason: str
    by: str
    account: str


class ClassRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """`class.registered.v1`: records of these teachers were registered out of a class."""

    class_: str = msgspec.field(name="class")
    teachers: list[str]
    refused: list[str] = []
    """Whose hours still await recognition, since their records were refused."""
    by: str


class SwapRequested(msgspec.Struct, frozen=True, kw_only=True):
    """`swap.requested.v1`: another teacher is to take a seat."""

    class_: str = msgspec.field(name="class")
    swap: str
    leaving: str
    replacement: str
    leaving_school: str
    replacement_school: str
    form: str
    """Digest of the application form."""
    override: str = ""
    """Why a form that stands for something else is to stand for this too; empty for none."""
    approvers: list[Approver]
    by: str


class SwapApproved(msgspec.Struct, frozen=True, kw_only=True):
    """`swap.approved.v1`: one step was approved, or the report filed, with which the seat changes hands."""

    class_: str = msgspec.field(name="class")
    swap: str
    step: str
    by: str


class SwapRefused(msgspec.Struct, frozen=True, kw_only=True):
    """`swap.refused.v1`: whoever was to agree did not."""

    class_: str = msgspec.field(name="class")
    swap: str
    step: str
    by: str
    reason: str = ""
    """Empty in entries from before one was asked for."""


class SwapWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """`swap.withdrawn.v1`: it is no longer asked for."""

    class_: str = msgspec.field(name="class")
    swap: str
    by: str


class SwapCalledOff(msgspec.Struct, frozen=True, kw_only=True):
    """`swap.cancelled.v1`: its class was called off, and why."""

    class_: str = msgspec.field(name="class")
    swap: str
    reason: str
    by: str


class SeatSwapped(msgspec.Struct, frozen=True, kw_only=True):
    """`seat.swapped.v1`: a seat is another teacher's."""

    class_: str = msgspec.field(name="class")
    leaving: str
    replacement: str
    turn: int
    """Of the replacement."""
    swap: str
    by: str
