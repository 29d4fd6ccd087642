"""A draft through the services: what it does to points, what to hours, and who passes then.

Hours says whose years are asked about. Points says of each year which exchanges the draft decides otherwise;
with these hours count the years by the draft, and on what counts then verification judges.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.bank import PAGE, RefusedError, Service

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
    """A draft as its author wrote it, the year, or the cycle up to it, and of whom."""

    pack: str
    year: int
    cycle: str | None
    scope: Mapping[str, Any]

    @property
    def body(self) -> Row:
        """As hours and verification take it; points knows of no cycles."""
        return {"pack": self.pack, "year": self.year, "cycle": self.cycle, "scope": dict(self.scope)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A teacher's year or cycle under both sets of rules, as the services tell it."""

    teacher: str
    points: Mapping[int, Row]
    """By year; none of a year in which nobody was given any."""
    hours: Row
    verification: Row

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise under the draft."""
        return any(row["differs"] for row in (*self.points.values(), self.hours, self.verification))

    @property
    def outcomes(self) -> tuple[str, str]:
        """By the rules in force, and by the draft."""
        return self.verification["in_force"]["outcome"], self.verification["draft"]["outcome"]

    def awarded(self, side: str) -> int:
        """Points of all years, `in_force` or by the `draft`."""
        return sum(row[side]["awarded"] for row in self.points.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question."""

    spans: Mapping[str, Mapping[str, int]]
    """The years at which each side looks, the rules in force and the draft."""
    differences: Sequence[Difference]
    """Of every teacher of the scope, in order."""


def ask(services: Services, question: Question) -> Answer:
    """Ask about every teacher of the scope.

    Raises: BankError for any refusal, such as of a draft that is no pack.
    """
    spans: Mapping[str, Mapping[str, int]] = {}
    found: list[Difference] = []
    for page in _pages(services.hours, question):
        spans = page["spans"]
        found += _differences(services, question, page["items"])
    return Answer(spans=spans, differences=found)


def _differences(services: Services, question: Question, page: list[Row]) -> Iterator[Difference]:
    if not page:
        return
    body = question.body | {"scope": {"kind": "teachers", "teachers": [row["teacher"] for row in page]}}
    points = _points(services.points, body, [row["year"] for row in page[0]["years"]])
    exchanged = list(_exchanged(points))
    hours = _asked(services.hours, body | {"exchanged": exchanged})["items"] if exchanged else page
    judged = _asked(services.verification, body | {"supposed": list(_supposed(hours))})["items"]
    known = {row["teacher"]: row for row in judged}
    for row in hours:
        name = row["teacher"]
        if name in known:
            yield Difference(teacher=name, points=points[name], hours=row, verification=known[name])


def _pages(service: Service, question: Question) -> Iterator[Row]:
    cursor: str | None = None
    while True:
        page = _asked(service, question.body, cursor)
        yield page
        cursor = page["next"]
        if cursor is None:
            return


def _asked(service: Service, body: Row, cursor: str | None = None) -> Row:
    answer: Row = service.ask("POST", "/v1/what-if", {"limit": PAGE, "cursor": cursor}, json=body).json()
    return answer


def _points(service: Service, body: Row, years: Sequence[int]) -> Mapping[str, Mapping[int, Row]]:
    """What points says by teacher and year; where it gave nothing in a year it has nothing to say."""
    found: dict[str, dict[int, Row]] = defaultdict(dict)
    for year in years:
        try:
            rows = _asked(service, {"pack": body["pack"], "scope": body["scope"], "year": year})["items"]
        except RefusedError as refused:
            if refused.code != NOTHING:
                raise
            continue
        for row in rows:
            found[row["teacher"]][year] = row
    return found


NOTHING = "year.not_recorded"
"""What a service says of a year of which it has nothing."""


def _exchanged(points: Mapping[str, Mapping[int, Row]]) -> Iterator[Row]:
    """Exchanges of which other hours stand under the draft, as hours takes them."""
    for teacher, years in points.items():
        for year, row in years.items():
            for one in row["exchanges"]:
                hours = {"category": one["category"], "hours": one["draft"], "year": year}
                yield {"request": one["request"], "teacher": teacher, **hours}


def _supposed(counted: list[Row]) -> Iterator[Row]:
    """What counts under the draft in years in which it is something else, as verification takes it."""
    for row in counted:
        for one in row["years"]:
            if one["in_force"] != one["draft"]:
                nothing = dict.fromkeys(one["in_force"], "0.00")
                yield {"teacher": row["teacher"], "year": one["year"], "hours": nothing | one["draft"]}
