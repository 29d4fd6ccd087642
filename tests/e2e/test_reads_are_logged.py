"""Whoever is shown to somebody else stands in the log: every answer of a small year is held against it.

An answer is read as a person reads it, by the ids of teachers that stand in it or in its address, so nothing
here depends on how the services find them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.e2e import described_classes as classes
from tests.e2e import described_reviews as reviews
from tests.e2e import described_year as year
from tests.e2e.office import TEACHER, Office
from tests.e2e.test_access import ACTS, RAW
from tests.support.interface import find
from tests.support.world import SERVICES, World

IDS = re.compile(r"\bT03[67]\d\b")
"""Teachers of the year."""
UNNAMED = {
    "GET /v1/certificates/{number}/pdf": "T0360",
    "GET /v1/evidence/{digest}": "T0360",
    "GET /v1/entries/{partition}/{seq}/why": "T0360",
    "GET /v1/waivers/{waiver}/files/{digest}": "T0372",
}
"""Routes whose answers do not all name whom they are asked about."""
OWN = TEACHER["Authorization"]
"""The token of T0360, whose reads of T0360 are nobody's business."""
OF_NOBODY = {
    *("GET /v1/certificates/pending", "GET /v1/journal/heads", "GET /v1/positions"),
    *("GET /v1/outlook/summary", "GET /v1/classes", "GET /v1/classes/{class_id}", "GET /v1/plans"),
    *("GET /v1/reviews", "GET /v1/reviews/{review}"),
    "GET /v1/annual-plans/{organiser}/{year}/report",
    "GET /v1/annual-plans/{organiser}/{year}/report/files/{digest}",
}
"""Routes of personal acts that count or describe, and show nobody."""
OF_ONESELF = {"GET /v1/appeals/{appeal}", "GET /v1/appeals/{appeal}/files/{digest}"}
"""Routes that only T0360 asks in that year."""
LOGGED = "select correlation || ' ' || teacher from reading join shown on number = reading"


@dataclass(frozen=True, slots=True)
class Read:
    """A request that was answered: its route, and the teachers whom the answer shows."""

    route: str
    shown: set[str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, by the id under which it was asked for."""

    reads: dict[str, Read] = field(default_factory=dict)

    def listen(self, service: str, client: httpx.AsyncClient) -> None:
        """Name the requests that a client sends, and read their answers."""
        count = iter(range(1_000_000))

        async def name(request: httpx.Request) -> None:
            request.headers["X-Request-Id"] = f"{service}-{next(count)}"

        async def read(answer: httpx.Response) -> None:
            await answer.aread()
            route = find(service, answer.request.method, answer.request.url.path)
            assert route is not None, answer.request.url
            shown = set(IDS.findall(f"{answer.request.url.path} {answer.text}"))
            shown |= {UNNAMED[route.name]} if route.name in UNNAMED else set()
            key = answer.request.headers["X-Request-Id"]
            own = {"T0360"} if answer.request.headers["Authorization"] == OWN else set()
            self.reads[key] = Read(route.name, shown - own if answer.is_success else set())

        client.event_hooks = {"request": [name], "response": [read]}


def is_personal(service: str, route: str) -> bool:
    act = ACTS[service][route]
    return act != "public" and bool(RAW["acts"][act].get("personal"))


@pytest.mark.long
async def test_every_answer_is_in_the_log_with_everybody_whom_it_shows(world: World, tmp_path: Path) -> None:
    office = await Office.open(world, tmp_path)
    answers = {service: Answers() for service in SERVICES}
    for service in SERVICES:
        answers[service].listen(service, getattr(office.city, service))
    await year.earn(office)
    await year.register(office)
    await year.courses(office)
    await classes.hold(office)
    await reviews.hold(office)
    await year.close(office)
    await year.order(office, await year.judge(office))
    await office.city.verify(year.YEAR, "one", kind="teacher", id="T0361")
    await year.read(office)
    for service in SERVICES:
        reads, logged = answers[service].reads, rows(world, service)
        wrong = list(faults(service, reads, logged))
        assert not wrong, "\n".join(wrong)
        personal = {route for route in ACTS[service] if is_personal(service, route)}
        assert personal - {reads[key].route for key in logged} <= OF_NOBODY | OF_ONESELF, service


def rows(world: World, service: str) -> Mapping[str, set[str]]:
    """Whom the log of a service has, by the id of the request; what services ask has none."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in world.cluster.postgres.sql(LOGGED, world.databases[service]).splitlines():
        key, _, teacher = line.partition(" ")
        found[key].add(teacher)
    found.pop("", None)
    return found


def faults(service: str, reads: Mapping[str, Read], logged: Mapping[str, set[str]]) -> Iterator[str]:
    """Reads of a personal act whose row is another, and other reads that show somebody or have one."""
    for key, read in reads.items():
        found = logged.get(key, set())
        if is_personal(service, read.route):
            if found != read.shown:
                yield f"{service} {read.route} shows {read.shown}; logged: {found}"
        elif found or (read.shown and read.route.startswith("GET ")):
            yield f"{service} {read.route} shows {read.shown} by no personal act; logged: {found}"
