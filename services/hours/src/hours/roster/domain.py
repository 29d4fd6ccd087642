"""A teacher on the roster (教师), and how a record is fingerprinted without saying what is in it."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

VOCATIONAL = frozenset({"vocational", "中职", "中等职业学校"})
"""Stages (学段) whose teachers are vocational ones unless the row says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """What others may hear about a teacher: opaque ids, school, stage."""

    teacher: str
    school: str
    district: str
    stage: str
    role: str
    vocational: bool
    digest: str
    """HMAC of the whole row under this person's salt, hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a roster. `private` holds what never leaves: name, identity number, date of joining."""

    teacher: str
    school: str
    district: str
    stage: str
    role: str
    vocational: bool | None
    name: str
    private: Mapping[str, str]

    @property
    def is_vocational(self) -> bool:
        """As the row says, else by the stage."""
        return self.stage in VOCATIONAL if self.vocational is None else self.vocational

    def fields(self) -> list[str]:
        """Everything in the row, in a fixed order, for the digest."""
        public = [self.teacher, self.school, self.district, self.stage, self.role, str(self.is_vocational)]
        return [*public, self.name, *(f"{key}={self.private[key]}" for key in sorted(self.private))]


def digest_of(salt: bytes, fields: list[str]) -> str:
    """HMAC-SHA-256 over length-prefixed fields, hex: equal exactly for equal rows of one person."""
    message = b"".join(f"{len(field.encode())}:{field}".encode() for field in fields)
    return hmac.new(salt, message, sha256).hexdigest()


def listed(row: Row, salt: bytes) -> Teacher:
    """The row as the journal and the other services may know it."""
    return Teacher(
        teacher=row.teacher,
        school=row.school,
        district=row.district,
        stage=row.stage,
        role=row.role,
        vocational=row.is_vocational,
        digest=digest_of(salt, row.fields()),
    )
