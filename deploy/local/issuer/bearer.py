"""Signs requests in: each carries a token of the same roles, which is minted anew before it ends."""

from collections.abc import Callable, Generator, Sequence
from datetime import datetime, timedelta

import httpx

from deploy.local.issuer.mint import Mint
from shared.runtime import clock

HOLDS, SPARE = timedelta(hours=1), timedelta(minutes=5)


class Bearer(httpx.Auth):
    """The tokens of one caller; `now` is the clock."""

    def __init__(self, mint: Mint, roles: Sequence[str], *, now: Callable[[], datetime] = clock.now) -> None:
        self._mint = mint
        self._roles = roles
        self._now = now
        self._token = ""
        self._until: datetime | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the token on a request."""
        request.headers["Authorization"] = f"Bearer {self._valid()}"
        yield request

    def _valid(self) -> str:
        now = self._now()
        if self._until is None or now >= self._until - SPARE:
            self._token = self._mint.token(self._roles, seconds=int(HOLDS.total_seconds()), now=now)
            self._until = now + HOLDS
        return self._token
