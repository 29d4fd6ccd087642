"""Who may do what: every route, asked in every role at every level, lets pass whom the matrix allows."""

import asyncio
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from shared.access.matrix import FILE, LEVELS
from shared.runtime import clock
from tests.support.interface import ROUTES, Route
from tests.support.signing import EXPIRED, ISSUER, OPERATOR, signed
from tests.support.world import SERVICES, World

RAW: Mapping[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
ROLES = sorted(RAW["roles"])
HERE = Path(__file__).parents[2]
ACTS: Mapping[str, Mapping[str, str]] = {
    service: tomllib.loads(path.read_text(encoding="utf-8"))
    | tomllib.loads((FILE.parent / "access.toml").read_text(encoding="utf-8"))
    for service in SERVICES
    for path in (HERE / "services" / service / "src" / service / "access.toml",)
}


def cells(names: list[str]) -> Iterator[str]:
    """The cells that names stand for, read from the file as a person reads it."""
    for name in names:
        yield from [name] if "@" in name else cells(RAW["groups"][name])


ALLOWED = {act: set(cells(words["allowed"])) for act, words in RAW["acts"].items()}


async def ask(client: httpx.AsyncClient, route: Route, headers: dict[str, str]) -> str:
    """What the gate says to a request that nothing else would take; empty where it lets it pass."""
    answer = await client.request(route.method, route.address(), headers=headers)
    code: str = "" if answer.is_success else answer.json().get("code", "")
    return code if answer.status_code in {401, 403} and code.startswith(("access.", "token.")) else ""


@pytest.fixture
async def clients(world: World) -> Mapping[str, httpx.AsyncClient]:
    return {service: await world.serve(service) for service in SERVICES}


@pytest.mark.long
async def test_every_route_lets_pass_whom_the_matrix_allows(clients: Mapping[str, httpx.AsyncClient]) -> None:
    wrong: list[str] = []
    for role, level in product(ROLES, LEVELS):
        headers = signed(f"{role}@{level}:X1")
        said = await asyncio.gather(*(ask(clients[route.service], route, headers) for route in ROUTES))
        for route, code in zip(ROUTES, said, strict=True):
            act = ACTS[route.service][route.name]
            passes = act == "public" or f"{role}@{level}" in ALLOWED[act]
            if code != ("" if passes else "access.forbidden"):
                wrong.append(f"{route.service} {route.name} as {role}@{level}: {code or 'passes'}")
    assert not wrong, "\n".join(wrong)


FOREIGN = ECKey.generate_key("P-256", {"kid": str(ISSUER.mint.key.kid)})
"""A key that calls itself as the issuer's does."""


def forged(**other: Any) -> dict[str, str]:
    """The header of an operator from a mint that is the issuer's but for something."""
    token = replace(ISSUER.mint, **other).token([OPERATOR], now=clock.now())
    return {"Authorization": f"Bearer {token}"}


STRANGERS = (
    ({"Authorization": ""}, "token.missing"),
    ({"Authorization": "Basic b3BlcmF0b3I6"}, "token.missing"),
    ({"Authorization": "Bearer rubbish"}, "token.invalid"),
    (EXPIRED, "token.expired"),
    (forged(key=FOREIGN), "token.invalid"),
    (forged(audience="payroll"), "token.invalid"),
    (forged(issuer="https://elsewhere.example.cn"), "token.invalid"),
    (signed(), "access.forbidden"),
    (signed("operator@deployment"), "access.forbidden"),
    (signed("king@deployment:local", "operator@school:S1"), "access.forbidden"),
)
"""With nothing, a password, rubbish, a token of yesterday, one that another signed under the same name of the
key, one for somebody else, one from elsewhere, no role, a role at no place, and roles that are none."""


@pytest.mark.long
async def test_whoever_does_not_sign_in_gets_nowhere(clients: Mapping[str, httpx.AsyncClient]) -> None:
    for headers, code in STRANGERS:
        told = await asyncio.gather(*(ask(clients[route.service], route, headers) for route in ROUTES))
        said = {route.place: code for route, code in zip(ROUTES, told, strict=True)}
        public = {route.place for route in ROUTES if ACTS[route.service][route.name] == "public"}
        assert said == {route.place: "" if route.place in public else code for route in ROUTES}


def test_every_act_is_one_of_a_route_and_every_role_may_do_something() -> None:
    used = {act for acts in ACTS.values() for act in acts.values()} - {"public"}
    assert used == set(ALLOWED)
    acting = {cell for allowed in ALLOWED.values() for cell in allowed}
    assert acting == {f"{role}@{level}" for role, words in RAW["roles"].items() for level in words["levels"]}
    served = {service: {route.name for route in ROUTES if route.service == service} for service in SERVICES}
    assert served == {service: set(acts) for service, acts in ACTS.items()}
