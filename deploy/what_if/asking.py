"""A draft through the services: what it does to points, what that does to hours, and who passes then.

Points says which exchanges the draft decides otherwise. So many hours more or fewer count in their
categories, and on these verification judges the year by the draft.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
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
    """A teacher's year under both sets of rules, as the two services tell it."""

    teacher: str
    points: Row
    verification: Row

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise under the draft."""
        return bool(self.points["differs"] or self.verification["differs"])

    @property
    def outcomes(self) -> tuple[str, str]:
        """By the rules in force, and by the draft."""
        return self.verification["in_force"]["outcome"], self.verification["draft"]["outcome"]


def ask(services: Services, question: Question) -> list[Difference]:
    """Every teacher of the scope, in order.

    Raises: BankError for any refusal, such as of a draft that is no pack.
    """
    counted: dict[str, Row] = {}
    found: list[Difference] = []
    for page in _pages(services.points, question):
        moved = {row["teacher"]: hours for row in page if (hours := _moved(row))}
        if moved and not counted:
            totals = services.hours.pages("/v1/totals", year=question.year)
            counted = {row["teacher"]: row["hours"] for row in totals}
        supposed = [
            {"teacher": teacher, "hours": _after(counted.get(teacher, {}), hours)}
            for teacher, hours in moved.items()
        ]
        found += _judged(services.verification, question, page, supposed)
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


def _judged(
    verification: Service, question: Question, page: list[Row], supposed: list[Row]
) -> Iterator[Difference]:
    """What verification says of the teachers of a page; of those whom it has not heard of yet, nothing."""
    points = {row["teacher"]: row for row in page}
    scope = {"kind": "teachers", "teachers": list(points)}
    answer = _asked(verification, question.body | {"scope": scope, "supposed": supposed})
    for row in answer["items"]:
        yield Difference(teacher=row["teacher"], points=points[row["teacher"]], verification=row)


def _moved(row: Row) -> Mapping[str, Decimal]:
    """By category the hours that the draft grants more or less of."""
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for one in row["exchanges"]:
        moved[one["category"]] += one["draft"] - one["in_force"]
    return {category: hours for category, hours in moved.items() if hours}


def _after(counted: Row, moved: Mapping[str, Decimal]) -> dict[str, str]:
    """What would count in the categories in which something moves."""
    return {
        category: f"{max(Decimal(counted.get(category, 0)) + hours, Decimal(0)):.2f}"
        for category, hours in moved.items()
    }
