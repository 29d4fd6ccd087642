"""The province as a receiver of pushes (推送接收方): it writes down what comes, and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from standardwebhooks import Webhook

from tests.support.world import World

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwkZ3q1w=="
NEXT_SECRET = "whsec_c2Vjb25kLXNlY3JldC1vZi10aGUtcHJvdmluY2U="
"""Of tests only."""
SILENT = 0
"""The status of a province that does not answer at all."""


@dataclass(frozen=True)
class Push:
    """One request as it came."""

    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def sent_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)

    @property
    def submissions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.body)["data"]["submissions"]
        return found

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is the secret's, whatever the time is."""
        wanted = Webhook(secret).sign(self.id, self.sent_at, self.body)
        return wanted in self.headers["webhook-signature"].split(" ")


class Receiver:
    """What a province has received, and what it answers from now on."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.elsewhere = 0
        """How often somebody came to where a redirection leads."""
        self.status = 204
        self.headers: dict[str, str] = {}
        self._released = asyncio.Event()

    def answers(self, status: int, **headers: str) -> None:
        """Answer so from now on."""
        self.status, self.headers = status, headers

    @property
    def messages(self) -> dict[str, Push]:
        """What came, each message once."""
        return {push.id: push for push in self.pushes}

    async def take(self, request: Request) -> Response:
        self.pushes.append(Push(dict(request.headers), (await request.body()).decode()))
        if self.status == SILENT:
            await self._released.wait()
        return Response(status_code=self.status or 204, headers=self.headers)

    async def wander(self) -> Response:
        self.elsewhere += 1
        return Response(status_code=204)

    def release(self) -> None:
        """Let those go that were never answered."""
        self._released.set()


@asynccontextmanager
async def receiving(world: World) -> AsyncIterator[tuple[Receiver, dict[str, str]]]:
    """A receiver, and the settings of a verification service that pushes to it."""
    receiver, app = Receiver(), FastAPI()
    app.add_api_route("/pushes", receiver.take, methods=["POST"])
    app.add_api_route("/elsewhere", receiver.wander, methods=["GET", "POST"])
    await world.start("province", app)
    settings = {
        "DEPLOYMENT": "development",
        "VERIFICATION_PROVINCE_URL": f"{world.url('province')}/pushes",
        "VERIFICATION_PROVINCE_SECRETS": SECRET,
        "VERIFICATION_PROVINCE_TIMEOUT": "1",
    }
    try:
        yield receiver, settings
    finally:
        receiver.release()
