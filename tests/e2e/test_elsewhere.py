"""What lies elsewhere is answered as what does not exist, whichever route is asked for it by its name.

The names are those that the small year of the examples answered to. Offices elsewhere ask for each of them in
every role that may ask at all, and for a name that nobody gave.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

from tests.e2e import described_classes as classes
from tests.e2e import described_reviews as reviews
from tests.e2e import described_year as year
from tests.e2e.office import Office
from tests.e2e.test_access import ACTS, ALLOWED
from tests.support.deeds import person
from tests.support.interface import ROUTES, Route, find
from tests.support.signing import signed
from tests.support.world import SERVICES, World

TREE = [
    {"organisation": "P98", "level": "province", "name": "湖南省", "division": "430000"},
    {"organisation": "C98", "level": "city", "name": "长沙市", "parent": "P98", "division": "430100"},
    {"organisation": "D98", "level": "district", "name": "芙蓉区", "parent": "C98", "division": "430102"},
    {"organisation": "S98", "level": "school", "name": "芙蓉区第一小学", "parent": "D98"},
]
PLACES = {"province": "P98", "city": "C98", "district": "D98", "school": "S98", "person": "T0998"}
"""Where roles are bound that lie elsewhere, by level."""
OF_NOBODY = {"public", "rules.read", "organisation.read", "journal.read"}
"""Acts whose routes show the same to all who may ask."""
INVENTED = {
    "digest": "0" * 64,
    "number": "440100202550009994",
    "seq": "999999",
    "teacher": "T0999",
}
"""Names that nobody gave, where they have a form; the others are `nobody`."""
GIVEN = {"partition", "source", "year"}
"""Parts of an address that name nothing by themselves."""
OF_RULES = {
    *("GET /v1/cycles/{cycle}", "GET /v1/cycles/{cycle}/verdicts"),
    *("GET /v1/obligations/{obligation}", "GET /v1/obligations/{obligation}/programme"),
}
"""Routes whose address names a rule: of everybody within reach."""
ASKABLE = {
    route.place: route
    for route in ROUTES
    if route.method == "GET"
    and "{" in route.path
    and route.name not in OF_RULES
    and ACTS[route.service][route.name] not in OF_NOBODY
}
"""Routes that show one thing of somebody or of some place."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a route showed in the year: the names in its address, and the query it was asked with."""

    route: Route
    names: dict[str, str]
    query: str

    @property
    def invented(self) -> dict[str, str]:
        """The same, where it would be if nobody had ever named it."""
        return {
            name: given if name in GIVEN else INVENTED.get(name, "nobody")
            for name, given in self.names.items()
        }

    async def asked(self, client: httpx.AsyncClient, names: dict[str, str], cell: str) -> tuple[int, str]:
        """Status and body as they are told to an office elsewhere, whatever was named."""
        level = cell.partition("@")[2]
        address = f"{self.route.address(**names)}?{self.query}"
        answer = await client.get(address, headers=signed(f"{cell}:{PLACES[level]}"))
        text = answer.text
        for name, value in names.items():
            for written in (value, quote(value, safe="")):
                text = text.replace(written, name) if name not in GIVEN else text
        return answer.status_code, text


@dataclass(frozen=True, slots=True)
class Year:
    """What was shown, by route and address."""

    seen: dict[tuple[str, str], Seen] = field(default_factory=dict)

    def listen(self, service: str, client: httpx.AsyncClient) -> None:
        """Remember what a service shows to this client."""

        async def hear(answer: httpx.Response) -> None:
            path, _, query = answer.request.url.raw_path.decode().partition("?")
            route = find(service, answer.request.method, path)
            if route is None or route.place not in ASKABLE or not answer.is_success:
                return
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path), path)
            assert found is not None
            names = {name: unquote(value) for name, value in found.groupdict().items()}
            self.seen.setdefault((route.place, path), Seen(route, names, query))

        client.event_hooks["response"].append(hear)


def offices(route: Route) -> Iterator[str]:
    """The roles at places that may ask a route."""
    cells = sorted(ALLOWED[ACTS[route.service][route.name]])
    return (cell for cell in cells if not cell.endswith("@deployment"))


@pytest.mark.long
async def test_what_lies_elsewhere_is_nowhere_by_any_of_its_names(world: World, tmp_path: Path) -> None:
    office, shown = await Office.open(world, tmp_path), Year()
    for service in SERVICES:
        shown.listen(service, getattr(office.city, service))
    await year.earn(office)
    await year.register(office)
    await year.courses(office)
    await classes.hold(office)
    await reviews.hold(office)
    await year.close(office)
    await year.order(office, await year.judge(office))
    await year.read(office)
    assert {place for place, _ in shown.seen} == set(ASKABLE), "each route showed something"
    key = {"idempotency-key": "elsewhere"}
    await office.do("hours", "POST /v1/organisations", json={"organisations": TREE}, headers=key)
    there = person("T0998", "周雨桐", "S98", district="")
    await office.do("hours", "POST /v1/roster", json={"teachers": [there]}, headers=key)
    for service in SERVICES:
        if service != "hours":
            await world.heard(service, "hours")
    wrong = []
    for one in shown.seen.values():
        client = getattr(office.city, one.route.service)
        for cell in offices(one.route):
            real, invented = [await one.asked(client, names, cell) for names in (one.names, one.invented)]
            if real != invented or real[0] != 404:
                wrong.append(f"{one.route.place} {one.names} as {cell}: {real}, and of nobody {invented}")
    assert not wrong, "\n".join(wrong)
