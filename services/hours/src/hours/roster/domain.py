"""A teacher on the roster (教师), and how a record is fingerprinted without saying what is in it."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal
from unicodedata import normalize

import msgspec

from hours.approvals.domain import is_meant
from shared.masking import mask

VOCATIONAL = frozenset({"vocational", "中职", "中等职业学校"})
"""Stages (学段) whose teachers are vocational ones unless the row says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """What others may hear about a teacher: opaque ids, school, stage, post."""

    teacher: str
    school: str
    district: str
    stage: str
    role: str
    """The post (岗位)."""
    vocational: bool
    digest: str
    """HMAC of the whole row under this person's salt, hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What never leaves: no event holds any of it."""

    name: str
    joined_on: str
    """Empty where it is not known."""
    title: str
    """Professional title (职称), or empty."""
    citizen_id: bytes | None
    """Sealed for this teacher; None where it is not known."""
    identity: bytes | None
    """Keyed digest of the citizen's number: equal for equal numbers."""
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a roster, as it was handed in."""

    said: Collection[str]
    """The fields that it speaks of; of a known teacher the others stay as they are."""
    teacher: str
    school: str
    district: str
    stage: str
    role: str
    vocational: bool | None
    name: str
    joined_on: str
    title: str
    citizen_id: str
    """Normalised; empty where the row says nothing, which leaves what is known."""

    @property
    def is_vocational(self) -> bool:
        """As the row says, else by the stage."""
        return self.stage in VOCATIONAL if self.vocational is None else self.vocational

    def completed(self, teacher: Teacher, person: Person) -> "Row":
        """The row with what is known where it says nothing.

        Of another school the district is not known, and of another stage not whether it is a vocational one.
        """
        kept: dict[str, Any] = {
            "stage": teacher.stage,
            "role": teacher.role,
            "joined_on": person.joined_on,
            "title": person.title,
        }
        if self.school == teacher.school and not self.district:
            kept["district"] = teacher.district
        if "stage" not in self.said or self.stage == teacher.stage:
            kept["vocational"] = teacher.vocational
        return replace(self, **{field: value for field, value in kept.items() if field not in self.said})


_SIGNS = str.maketrans(dict.fromkeys("•‧・", "·"))
"""How keyboards write the sign between the parts of a name."""


def is_named(person: Person, name: str) -> bool:
    """Whether somebody who gives a name means this person, however it was typed."""
    return _typed(person.name) == _typed(name)


def _typed(name: str) -> str:
    return normalize("NFC", name).translate(_SIGNS).strip()


def _private(person: Person) -> Mapping[str, str]:
    """By name. What joined the roster later counts only where it is known: older digests stay as they are."""
    later = {"title": person.title, "citizen_id": person.identity.hex() if person.identity else ""}
    return {"joined_on": person.joined_on, **{key: value for key, value in later.items() if value}}


def profile(teacher: Teacher, person: Person) -> set[str]:
    """The fields of which something is known (个人资料): whatever was taken in was valid then."""
    known = {
        "district": teacher.district,
        "stage": teacher.stage,
        "role": teacher.role,
        "title": person.title,
        "joined_on": person.joined_on,
        "citizen_id": person.identity,
    }
    return {field for field, value in known.items() if value}


def masked(name: str) -> dict[str, str]:
    """What those are shown of a person who may not know who it is (脱敏)."""
    return {"name": mask(name), "title": "", "joined_on": ""}


def digest_of(salt: bytes, fields: list[str]) -> str:
    """HMAC-SHA-256 over length-prefixed fields, hex: equal exactly for equal rows of one person."""
    message = b"".join(f"{len(field.encode())}:{field}".encode() for field in fields)
    return hmac.new(salt, message, sha256).hexdigest()


def fields_of(teacher: Teacher, person: Person) -> list[str]:
    """Everything that is known, in a fixed order, for the digest."""
    place = [teacher.teacher, teacher.school, teacher.district]
    private = _private(person)
    known = [*place, teacher.stage, teacher.role, str(teacher.vocational), person.name]
    return [*known, *(f"{key}={private[key]}" for key in sorted(private))]


def listed(row: Row, person: Person) -> Teacher:
    """The row as the journal and the other services may know it."""
    teacher = Teacher(
        teacher=row.teacher,
        school=row.school,
        district=row.district,
        stage=row.stage,
        role=row.role,
        vocational=row.is_vocational,
        digest="",
    )
    return replace(teacher, digest=digest_of(person.salt, fields_of(teacher, person)))


def changed_fields(before: tuple[Teacher, Person], after: tuple[Teacher, Person]) -> Sequence[str]:
    """What of a teacher is otherwise than before, by the names of a row's fields."""
    return [field for field, value in _known(*after).items() if value != _known(*before)[field]]


def _known(teacher: Teacher, person: Person) -> Mapping[str, object]:
    return {
        "name": person.name,
        "school": teacher.school,
        "district": teacher.district,
        "stage": teacher.stage,
        "role": teacher.role,
        "title": person.title,
        "joined_on": person.joined_on,
        "vocational": teacher.vocational,
        "citizen_id": person.identity,
    }


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a teacher works: a school, and what it stands directly below (`district:D01`), as places."""

    school: str
    authority: str

    def awaits(self, reviewer: str, kind: str, place: str) -> bool:
        """Whether a caller of that kind, bound to `place` within reach, is who a rule names as reviewer."""
        is_near = "@" in reviewer or place in {self.school, self.authority}
        return is_near and is_meant(reviewer, kind, place)


class ImportedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did to one teacher, and the entry that says so."""

    teacher: str
    outcome: Literal["registered", "changed"]
    entry: str


class ImportApplied(msgspec.Struct, frozen=True, kw_only=True):
    """`import.applied.v1`: the rows of a file were taken; those that changed nothing are only counted."""

    import_: str = msgspec.field(name="import")
    by: str
    """Kind and id of the caller."""
    rows: list[ImportedRow]
    unchanged: int
    refused: int
    numbers_taken: int = 0
    """Of those refused, how many because somebody else has the citizen's number."""


class ReversedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the reversal of an import did about one teacher."""

    teacher: str
    outcome: str
    """`removed`, `restored`, or the code that says why nothing was done."""


class ImportReversed(msgspec.Struct, frozen=True, kw_only=True):
    """`import.reversed.v1`: what an import changed was taken back, as far as nothing was built on it."""

    import_: str = msgspec.field(name="import")
    by: str
    reason: str
    rows: list[ReversedRow]
