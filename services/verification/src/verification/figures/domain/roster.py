"""Who is on the roster (教师名册), as far as a verification needs it: school and district, never a name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.policy.requirement import Waived
from shared.wording import Named
from verification.figures.domain.hours import Change, TeacherYear

ScopeKind = Literal["everyone", "district", "school", "teacher"]


def scope_name(kind: ScopeKind) -> Named:
    """A kind of scope as a figure of a refusal."""
    chinese = {"everyone": "全体", "district": "区", "school": "学校", "teacher": "教师"}
    return Named(kind, {"en": kind, "zh": chinese[kind]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Part of the roster: everyone (`id` is None), or one district, school or teacher."""

    kind: ScopeKind
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A teacher's place on the roster."""

    teacher: str
    school: str
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A teacher came onto the roster, or moved on it."""

    member: Member
    event: str
    """The hours service's event that said so."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A teacher is no longer on the roster."""

    teacher: str
    event: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What counts for a teacher's year changed."""

    key: TeacherYear
    change: Change
    event: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """What is waived of a teacher's year, stated whole."""

    key: TeacherYear
    waived: Waived
    event: str
    at: datetime


Heard = Enrolled | Left | Counted | Excused
