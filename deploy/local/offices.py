"""Who acts in a run (经办人): teachers, schools and what they stand below, each with a token of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from deploy.local.bank import Service
from deploy.local.intake import Folder
from shared.access.matrix import LEVELS, is_binding

Acting = Callable[[str], Service]
"""The hours service as somebody in a role asks it, `role@level:id`."""

ROLES = {
    "teacher": "teacher",
    "school": "school_administrator",
    "centre": "district_centre",
    "research_department": "research_department",
    "distance_centre": "distance_centre",
    "city": "city_department",
    "education": "provincial_education",
}
"""The role of each kind of caller."""
LEVEL = {"distance_centre": "city", "city": "city", "education": "province"}
"""The level of kinds that stand at one; others stand directly above the school."""


@dataclass(frozen=True, slots=True)
class Offices:
    """Where teachers of a folder work, and what their schools stand below."""

    acting: Acting
    people: Mapping[str, Mapping[str, Any]]
    """Rows of the roster, by teacher."""
    tree: Mapping[str, Mapping[str, Any]]
    """Rows of the organisations, by id."""

    @classmethod
    def of(cls, folder: Folder, acting: Acting) -> "Offices":
        """The offices of a folder."""
        people = {str(row.body.get("teacher")): row.body for row in folder.roster.rows}
        tree = {str(row.body.get("organisation")): row.body for row in folder.organisations.rows}
        return cls(cache(acting), people, tree)

    def school(self, teacher: str) -> str:
        """The school of a teacher; empty for whoever is not on the roster."""
        return str(self.people.get(teacher, {}).get("school", ""))

    def authority(self, school: str) -> str:
        """What a school stands directly below, as the place of a role: `district:D01`."""
        above = str(self.tree.get(school, {}).get("parent", ""))
        return f"{self.tree[above]['level']}:{above}" if above in self.tree else ""

    def city(self, school: str) -> str:
        """The city in which a school lies, as the place of a role; empty for none."""
        return self.above(school, "city")

    def above(self, school: str, level: str) -> str:
        """What a school lies in at a level, as the place of a role; empty for none."""
        at = school
        for _ in LEVELS:
            if self.tree.get(at, {}).get("level") == level:
                return f"{level}:{at}"
            at = str(self.tree.get(at, {}).get("parent", ""))
        return ""

    def knows(self, body: Mapping[str, Any]) -> bool:
        """Whether a row names somebody for whom every office can act, days, and a number of hours."""
        try:
            days = [date.fromisoformat(str(body[name])) for name in ("from", "to")]
            hours = Decimal(str(body["hours"]))
        except (KeyError, ValueError, InvalidOperation):
            return False
        roles = (
            self.role(kind, str(body.get("teacher"))) for kind in ("teacher", "school", "centre", "city")
        )
        return bool(days and hours.is_finite() and all(map(is_binding, roles)))

    def role(self, kind: str, teacher: str) -> str:
        """In which role a registrar, reviewer or approver acts for a teacher, such as `centre@city`."""
        school, (name, _, said) = self.school(teacher), kind.partition("@")
        level = said or LEVEL.get(name)
        own = {"teacher": f"person:{teacher}", "school": f"school:{school}"}
        place = own.get(name) or (self.above(school, level) if level else self.authority(school))
        return f"{ROLES[name]}@{place}"
