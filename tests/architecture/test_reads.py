"""Where each GET is answered from: where an old answer does no harm from a replica, else from the primary."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from shared.runtime import health, service
from shared.runtime.database import TransactionalRoute, _open
from shared.runtime.reading import _read
from tests.architecture.test_dependencies import calls
from tests.support.interface import described
from tests.support.world import SERVICES

WRITTEN = "a write has just named this address, and whoever follows it finds what was written"
ENTRY = "an answer has just named this entry, and whoever asks why is told"
FACT = "one fact by its key, which whoever has just written it asks for at once"
FETCHED = "its read, on the primary, ends before the file is fetched"
FOLLOWED = "listeners compare it with what they applied: an older head would stop them"

FROM_THE_PRIMARY = {
    "/v1/journal/heads": FOLLOWED,
    "/v1/journal/{partition}": FOLLOWED,
    "/v1/activities/{source}/{activity:path}": WRITTEN,
    "/v1/exchanges/{request_id:path}": WRITTEN,
    "/v1/years/{year}": WRITTEN,
    "/v1/entries/{partition}/{seq}/why": ENTRY,
    "/v1/organisations/{organisation:path}": WRITTEN,
    "/v1/imports/{number:path}": WRITTEN,
    "/v1/transfers/{transfer:path}": WRITTEN,
    "/v1/courses/{course:path}": WRITTEN,
    "/v1/plans/{plan:path}": WRITTEN,
    "/v1/waivers/{waiver:path}": WRITTEN,
    "/v1/reviews/{review:path}": WRITTEN,
    "/v1/records/{record:path}": WRITTEN,
    "/v1/annual-plans/{organiser:path}/{year}": WRITTEN,
    "/v1/annual-plans/{organiser:path}/{year}/report": WRITTEN,
    "/v1/classes/{class_id:path}": WRITTEN,
    "/v1/swaps/{swap:path}": WRITTEN,
    "/v1/appeals/{appeal:path}": WRITTEN,
    "/v1/teachers/{teacher:path}": FACT,
    "/v1/verdicts/{verdict:path}": WRITTEN,
    "/v1/runs/{run}": WRITTEN,
    "/v1/certificates/{number}": WRITTEN,
    "/v1/certificates/{number}/why": FACT,
}
"""GETs that take `Tx`, each with its reason."""

BY_THEMSELVES = {
    "/livez": "asks no database",
    "/readyz": "asks the primary whether this copy can work",
    "/problems": "asks no database",
    "/problems/{code}": "asks no database",
    "/v1/rules": "asks no database",
    "/v1/keys": "asks no database",
    "/v1/appeals/{appeal:path}/files/{digest}": FETCHED,
    "/v1/waivers/{waiver:path}/files/{digest}": FETCHED,
    "/v1/annual-plans/{organiser:path}/{year}/report/files/{digest}": FETCHED,
    "/v1/evidence/{digest}": FETCHED,
    "/verify": "`Reader.run`: its read ends before the answer is held back",
    "/verify/{number}": "`Reader.run`: its read ends before the answer is held back",
}
"""GETs that take neither, each with its reason."""


def gets(name: str) -> Iterator[APIRoute]:
    """The GETs of a service, those that all services have included."""
    for router in (*service._answering(described(name)), health.router):
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                yield route


@pytest.mark.parametrize("name", SERVICES)
def test_every_get_is_a_read_or_says_why_not(name: str) -> None:
    wrong = []
    for route in gets(name):
        taken = set(calls(route.dependant))
        listed = (route.path in FROM_THE_PRIMARY, route.path in BY_THEMSELVES)
        if (_read in taken, _open in taken, *listed) not in {
            (True, False, False, False),
            (False, True, True, False),
            (False, False, False, True),
        }:
            wrong.append(route.path)
    assert wrong == []


def test_every_reason_belongs_to_a_route() -> None:
    paths = {route.path for name in SERVICES for route in gets(name)}
    assert paths >= FROM_THE_PRIMARY.keys() | BY_THEMSELVES.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_reads_are_run_again_where_a_replica_fails(name: str) -> None:
    """Their route is one that runs its handler again."""
    plain = [
        route.path
        for route in gets(name)
        if _read in set(calls(route.dependant)) and not isinstance(route, TransactionalRoute)
    ]
    assert plain == []
