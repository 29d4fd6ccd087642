"""What pushes to the province, and what looks for answers that are overdue.

A step settles what it sends in one transaction, sends it while none is open, and writes down in another one
what became of it. A process that is killed in between leaves that message to be sent again, and no other.
"""

import asyncio
import logging
from datetime import date, datetime

import httpx

from shared.policy.calendar import day_of
from shared.runtime.database import Database
from shared.runtime.jobs import Job
from shared.runtime.trust import trusted
from verification.handovers import operations, signing
from verification.handovers.domain import Failure, failure_of
from verification.handovers.signing import Message
from verification.settings import Context, Province

log = logging.getLogger(__name__)


class Pushing:
    """The pushing of one copy of the service."""

    def __init__(self, database: Database, context: Context, province: Province) -> None:
        self._database = database
        self._context = context
        self._province = province
        self._client = httpx.AsyncClient(
            timeout=province.patience, trust_env=False, follow_redirects=False, verify=trusted()
        )

    async def step(self, now: datetime) -> bool:
        """Send what is due; whether it was taken, so that more may follow at once."""
        sending = await self._database.run(
            lambda tx: operations.next_sending(tx, self._context, self._province.sender, now)
        )
        if sending is None:
            return False
        failure = await self._send(sending.message, now)
        settled_at = self._context.journal.now()
        await self._database.run(lambda tx: operations.settle(tx, sending.batch, failure, settled_at))
        return failure is None

    async def _send(self, message: Message, now: datetime) -> Failure | None:
        """Send a message once. What the answer says beside its status is not read: it could be endless."""
        try:
            async with (
                asyncio.timeout(self._province.patience),
                self._client.stream(
                    "POST",
                    self._province.address,
                    content=message.body.encode(),
                    headers=signing.headers(message, self._province.secrets, now),
                ) as answer,
            ):
                return failure_of(answer.status_code, answer.headers.get("retry-after"), now)
        except (TimeoutError, httpx.TimeoutException):
            return Failure(kind="timed_out")
        except httpx.HTTPError:
            return Failure(kind="unreachable")

    async def aclose(self) -> None:
        """End the connections."""
        await self._client.aclose()


class Alarm:
    """The look for overdue answers of one copy of the service: they become so with the end of a day."""

    def __init__(self, database: Database, context: Context) -> None:
        self._database = database
        self._context = context
        self._looked: date | None = None
        """The day on which all were looked at."""

    async def step(self, now: datetime) -> bool:
        """Say of the next answers that they are overdue; whether there may be others."""
        today = day_of(now, self._context.pack.pack.timezone)
        if self._looked == today:
            return False
        told = await self._database.run(lambda tx: operations.tell_overdue(tx, self._context, now))
        if told:
            log.warning("the province has not answered %d submissions in time", told)
        else:
            self._looked = today
        return bool(told)


def pushing(work: Pushing, context: Context) -> Job:
    """The job of pushing."""

    async def step() -> bool:
        return await work.step(context.journal.now())

    return Job("pushing", step)


def alarming(database: Database, context: Context) -> Job:
    """The job of looking for overdue answers."""
    alarm = Alarm(database, context)

    async def step() -> bool:
        return await alarm.step(context.journal.now())

    return Job("alarm", step)
