"""A draft through the services: what it does to points, what to hours, and who passes then.

Points says which exchanges the draft decides otherwise. With these hours counts the year by the draft, and on
what counts then verification judges it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.local.bank import PAGE, Service

Row = dict[str, Any]
"""A teacher as a service tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Those that are asked."""

    points: Service
    hours: Service
    verification: Service

    def close(self) -> None:
        """Close every connection."""
        for service in (self.points, self.hours, self.verification):
            service.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft as its author wrote it, the year, and of whom."""

    pack: str
    year: int
    scope: Mapping[str, Any]

    @property
    def body(self) -> Row:
        """As every service takes it."""
        return {"pack": self.pack, "year": self.year, "scope": dict(self.scope)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A teacher's year under both sets of rules, as the services tell it."""

    teacher: str
    points: Row
    hours: Row
    verification: Row

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise under the draft."""
        return any(row["differs"] for row in (self.points, self.hours, self.verification))

    @property
    def outcomes(self) -> tuple[str, str]:
        """By the rules in force, and by the draft."""
        return self.verification["in_force"]["outcome"], self.verification["draft"]["outcome"]


def ask(services: Services, question: Question) -> list[Difference]:
    """Every teacher of the scope, in order.

    Raises: BankError for any refusal, such as of a draft that is no pack.
    """
    found: list[Difference] = []
    for page in _pages(services.points, question):
        names = {"scope": {"kind": "teachers", "teachers": [row["teacher"] for row in page]}}
        body = question.body | names
        hours = _asked(services.hours, body | {"exchanged": list(_exchanged(page))})["items"]
        judged = _asked(services.verification, body | {"supposed": list(_supposed(hours))})["items"]
        counted = {row["teacher"]: row for row in hours}
        known = {row["teacher"]: row for row in judged}
        found += [
            Difference(teacher=name, points=row, hours=counted[name], verification=known[name])
            for row in page
            if (name := row["teacher"]) in counted and name in known
        ]
    return found


def _pages(points: Service, question: Question) -> Iterator[list[Row]]:
    cursor: str | None = None
    while True:
        page = _asked(points, question.body, cursor)
        yield page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def _asked(service: Service, body: Row, cursor: str | None = None) -> Row:
    answer: Row = service.ask("POST", "/v1/what-if", {"limit": PAGE, "cursor": cursor}, json=body).json()
    return answer


def _exchanged(page: list[Row]) -> Iterator[Row]:
    """Exchanges of which other hours stand under the draft, as hours takes them."""
    for row in page:
        for one in row["exchanges"]:
            hours = {"category": one["category"], "hours": one["draft"]}
            yield {"request": one["request"], "teacher": row["teacher"], **hours}


def _supposed(counted: list[Row]) -> Iterator[Row]:
    """What counts under the draft where it is something else, as verification takes it."""
    for row in counted:
        nothing = dict.fromkeys(row["in_force"], "0.00")
        if row["differs"]:
            yield {"teacher": row["teacher"], "hours": nothing | row["draft"]}
