"""Services ask each other in their own names: by tokens that the issuer gives them for a secret."""

from dataclasses import replace

import httpx
import pytest

from shared.runtime.credentials import Credentials, OwnName, asking
from tests.support.signing import ISSUER
from tests.support.world import PATIENCE, Publisher, World

HEADS = "/v1/journal/heads"


@pytest.fixture
async def publisher(world: World) -> Publisher:
    return await world.publisher("points")


@pytest.fixture
def own(world: World) -> Credentials:
    return Credentials(address=f"{world.cluster.issuer}/token", client="hours", secret=ISSUER.secret("hours"))


async def test_a_service_is_let_in_by_its_own_name_and_by_nobodys(
    world: World, publisher: Publisher, own: Credentials
) -> None:
    assert publisher.client.base_url == world.url("points")
    async with asking(world.url("points"), own) as known, asking(world.url("points"), None) as nobody:
        assert (await known.get(HEADS)).status_code == 200
        assert (await nobody.get(HEADS)).json()["code"] == "token.missing"


async def test_a_token_serves_until_it_is_not_taken_any_more(
    world: World, publisher: Publisher, own: Credentials
) -> None:
    del publisher
    auth = OwnName(own)
    async with httpx.AsyncClient(base_url=world.url("points"), auth=auth, timeout=PATIENCE) as client:
        first, second = [(await client.get(HEADS)).request.headers["authorization"] for _ in range(2)]
        assert first == second
        auth._token = "given up"
        answer = await client.get(HEADS)
        assert (answer.status_code, answer.request.headers["authorization"] != first) == (200, True)


async def test_whom_the_issuer_does_not_know_it_gives_nothing(world: World, own: Credentials) -> None:
    stranger = replace(own, secret="guessed")
    async with asking(world.url("points"), stranger) as client:
        with pytest.raises(httpx.HTTPStatusError, match="401"):
            await client.get(HEADS)
    async with asking(world.url("points"), replace(own, address="http://127.0.0.1:1/token")) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(HEADS)
