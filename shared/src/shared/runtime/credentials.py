"""A service's own credentials: it asks others in its own name (client credentials, RFC 6749 section 4.4)."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import msgspec

from shared.runtime.trust import trusted

EARLY = 30.0
"""Seconds before its end from which a token is not used any more."""
PATIENCE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who a service is, and where it shows that."""

    address: str
    """The issuer's token endpoint."""
    client: str
    secret: str


class _Granted(msgspec.Struct, frozen=True):
    """What the issuer answers (RFC 6749 section 5.1)."""

    access_token: str
    expires_in: float = 0.0
    """Seconds; where the issuer does not say, the token serves once."""


def asking(address: str, own: Credentials | None) -> httpx.AsyncClient:
    """A client that asks another service in our own name; without credentials in nobody's."""
    auth = None if own is None else OwnName(own)
    return httpx.AsyncClient(base_url=address, timeout=PATIENCE, trust_env=False, verify=trusted(), auth=auth)


class OwnName(httpx.Auth):
    """Sends every request of a client with a token of our own."""

    def __init__(self, own: Credentials) -> None:
        self._own = own
        self._token = ""
        self._until = float("-inf")
        self._asking = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the request, and once more with a new token where the one we had is not taken."""
        request.headers["Authorization"] = f"Bearer {await self._current()}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._until = float("-inf")
            request.headers["Authorization"] = f"Bearer {await self._current()}"
            yield request

    async def _current(self) -> str:
        """A token that serves a while longer.

        Raises:
            httpx.HTTPError: the issuer is away, or does not know us.
        """
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now >= self._until:
                granted = await _granted(self._own)
                self._token, self._until = granted.access_token, now + granted.expires_in - EARLY
            return self._token


async def _granted(own: Credentials) -> _Granted:
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=trusted()) as client:
        answer = await client.post(
            own.address, data={"grant_type": "client_credentials"}, auth=(own.client, own.secret)
        )
        answer.raise_for_status()
        try:
            return msgspec.json.decode(answer.content, type=_Granted)
        except msgspec.DecodeError as error:
            raise httpx.DecodingError(f"{own.address} answers no token", request=answer.request) from error
