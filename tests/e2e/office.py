"""Who sends the examples of the descriptions to the services, and remembers whatever they answer."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from shared import policy
from tests.e2e.cases import ABOVE, CENTRE, RELEASING
from tests.integration.hours.test_persons import KEYS
from tests.support.city import City
from tests.support.deductions import RULES as DEDUCTIONS
from tests.support.interface import JSON, PROBLEM, find
from tests.support.obligations import OBLIGATIONS
from tests.support.signing import calling, signed
from tests.support.transcripts import signing_as, trusting
from tests.support.waivers import with_waivers
from tests.support.world import SERVICES, World

TEACHER, DEPARTMENT = calling("teacher:T0360"), signed("city_department@city:越秀区")
SENDERS = {
    "POST /v1/annual-plans/{organiser}/{year}/decision": ABOVE,
    "POST /v1/anomalies/{record}/scrutiny": DEPARTMENT,
    "POST /v1/appeals": TEACHER,
    "POST /v1/recognitions": TEACHER,
    "GET /v1/appeals/{appeal}": TEACHER,
    "GET /v1/appeals/{appeal}/files/{digest}": TEACHER,
    "GET /v1/waivers/{waiver}/files/{digest}": calling("school:S12"),
    "POST /v1/appeals/{appeal}/withdrawal": TEACHER,
    "POST /v1/appeals/{appeal}/grant": DEPARTMENT,
    "POST /v1/appeals/{appeal}/rejection": DEPARTMENT,
    "POST /v1/waivers/{waiver}/approval": CENTRE,
    "POST /v1/waivers/{waiver}/refusal": CENTRE,
    "POST /v1/waivers/{waiver}/end": CENTRE,
    "POST /v1/reviews": CENTRE,
    "POST /v1/reviews/{review}/marks": CENTRE,
    "POST /v1/reviews/{review}/signature": CENTRE,
    "POST /v1/objections/answers": RELEASING,
}
"""Who sends a request that is not the operator's."""
ANY_ROLE = "school_administrator@school:S12"
"""The example of a role to act in."""


@dataclass(frozen=True)
class Memory:
    """What the routes of the services have answered: by service, route, status and kind."""

    said: dict[tuple[str, str, int, str], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def listen(self, service: str, client: httpx.AsyncClient) -> None:
        """Remember whatever a service answers to this client."""
        client.event_hooks = {"response": [partial(self._hear, service)]}

    async def _hear(self, service: str, answer: httpx.Response) -> None:
        await answer.aread()
        path = answer.request.url.raw_path.decode().partition("?")[0]  # an id may hold a slash, encoded
        route = find(service, answer.request.method, path)
        if route is None:
            return
        kind = answer.headers.get("content-type", "").partition(";")[0]
        read = answer.json() if kind in {JSON, PROBLEM} else answer.text
        self.said[service, route.name, answer.status_code, kind].append(read)


@dataclass(frozen=True)
class Office:
    """Who sends requests as the descriptions say."""

    world: World
    city: City
    memory: Memory

    @classmethod
    async def open(cls, world: World, folder: Path) -> "Office":
        """The four services, with the province deciding, and evidence in a folder."""
        shipped = str(Path(policy.__path__[0]) / "packs")
        settings = {
            "VERIFICATION_AUTHORITY": "province",
            "CERTIFICATES_LOOKUPS": "30/minute",
            "HOURS_PACK": with_waivers(folder, OBLIGATIONS + DEDUCTIONS),
            "HOURS_PACKS": shipped,
            "HOURS_PERSON_KEYS": KEYS,
            **signing_as("guangzhou"),
            **trusting(folder / "trust", "foshan"),
        }
        city = await City.serve(world, EVIDENCE_URL=str(folder / "evidence"), **settings)
        office = cls(world, city, Memory())
        for service in SERVICES:
            office.memory.listen(service, getattr(office.city, service))
        return office

    async def send(self, service: str, name: str, **other: Any) -> httpx.Response:
        """Send the examples of a route; body, `params`, `headers` and parts of the path may differ."""
        method, _, path = name.partition(" ")
        route = find(service, method, path)
        assert route is not None, name
        given = {part: other.pop(part) for part in ("json", "content") if part in other}
        if route.body is not None and not given:
            given["json"] = route.body
        query = route.examples("query", required=True) | other.pop("params", {})
        given_headers = (SENDERS.get(name, {}), route.examples("header"), other.pop("headers", {}))
        headers = {key.lower(): value for part in given_headers for key, value in part.items()}
        if headers.get("hourbank-role") == ANY_ROLE:
            del headers["hourbank-role"]  # which of them a token holds is the token's to say
        client: httpx.AsyncClient = getattr(self.city, service)
        return await client.request(
            method,
            route.address(**other),
            params=query,
            headers={key: value for key, value in headers.items() if value is not None},
            **given,
        )

    async def do(self, service: str, name: str, **other: Any) -> Any:
        """Send what is taken; the answer."""
        answer = await self.send(service, name, **other)
        assert answer.is_success, f"{name}: {answer.status_code} {answer.text}"
        return answer.json() if answer.headers["content-type"] == JSON else answer.text
