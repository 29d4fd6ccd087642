"""What is said of evidence, and when one use of it stands in the way of another.

The same evidence is not accepted twice across rules, schools or years (GZ I-19). What one school hands in for
several of its teachers under one rule and year, such as a sign-in sheet, is one use that they share.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec


class EvidenceStored(msgspec.Struct, frozen=True, kw_only=True):
    """`evidence.stored.v1`: somebody handed in a file that was found harmless; it lies under its digest."""

    digest: str
    media_type: str
    size: int
    """In bytes."""
    by: str
    """A caller, such as `school:S01`."""
    subject: str
    """The account of the caller, as the issuer names it."""


class EvidenceClaimed(msgspec.Struct, frozen=True, kw_only=True):
    """`evidence.claimed.v1`: a matter uses the evidence for a teacher."""

    digest: str
    matter: str
    teacher: str
    """Empty, like school and year, where the matter shows its own files: then it says who is whose."""
    rule: str
    school: str
    year: int
    override: str
    """Why it is used although it stands for something else; empty where it does not."""


class EvidenceReleased(msgspec.Struct, frozen=True, kw_only=True):
    """`evidence.released.v1`: a matter no longer uses the evidence: it was refused, withdrawn or reversed."""

    digest: str
    matter: str


class EvidenceErased(msgspec.Struct, frozen=True, kw_only=True):
    """`evidence.erased.v1`: nothing used the evidence for so long that its file leaves the place of files."""

    digest: str
    days: int
    """For how long nothing has to use a file, as it was set."""


Key = tuple[str, str, str, str, int]
"""Of a use of one file: matter, teacher, rule, school, year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A use of evidence for a teacher, by a matter."""

    digest: str
    matter: str
    """Its subject, such as `declaration:D1`."""
    teacher: str = ""
    """Whoever reaches to them sees the file; empty where the matter shows it itself, to others."""
    rule: str
    school: str = ""
    year: int = 0
    override: str = ""
    """A reason to use it although it stands for something else."""
    path: str = "/evidence"
    """Where the body of the request names the file."""

    @property
    def key(self) -> Key:
        """What makes it the same use of its file."""
        return self.matter, self.teacher, self.rule, self.school, self.year


def in_the_way(use: Use, standing: Iterable[Use]) -> bool:
    """Whether another matter uses the same file for something else, or for the same teacher."""
    return any(
        other.matter != use.matter
        and (
            other.teacher == use.teacher
            or (other.rule, other.school, other.year) != (use.rule, use.school, use.year)
        )
        for other in standing
    )
