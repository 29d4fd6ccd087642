"""First answers kept: a write with a key it has seen gives the first answer again, or a conflict.

The answer is stored in the transaction of the effect, so there is never an effect without its answer.
Bodies with a natural key of their own do not need this.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shared.identifiers import citizen_id
from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.fields import is_hidden
from shared.runtime.journal.entry import canonical
from shared.runtime.journal.tables import kept_answer

REPLAYED = "Idempotent-Replayed"


class Encoded(JSONResponse):
    """An answer in JSON, without a detour through the standard library's encoder."""

    def render(self, content: object) -> bytes:
        """The body."""
        return msgspec.json.encode(content)


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key of somebody within a route, and the digest of the body sent with it."""

    scope: str
    value: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body; `replayed` when it was given before."""

    status: int
    body: Any
    replayed: bool = False
    location: str | None = None

    def response(self) -> JSONResponse:
        """The HTTP answer, marked when replayed."""
        headers = {REPLAYED: "true"} if self.replayed else {}
        if self.location is not None:
            headers["Location"] = self.location
        return Encoded(self.body, status_code=self.status, headers=headers)


KeyHeader = Annotated[
    str | None, Header(description="1 to 200 characters; the same key gives the first answer again.")
]


async def _key(request: Request, idempotency_key: KeyHeader = None) -> Key:
    given = _given(idempotency_key)
    try:
        body = canonical(msgspec.json.decode(await request.body() or b"null"))
    except msgspec.DecodeError:
        raise DomainError("body.not_json") from None
    return _of(request, given, body.encode())


async def _file_key(request: Request, idempotency_key: KeyHeader = None) -> Key:
    return _of(request, _given(idempotency_key), await request.body())


def _given(key: str | None) -> str:
    if not key or len(key) > 200 or "\0" in key:
        raise DomainError("idempotency.key_missing")
    if is_hidden(key):  # many a key becomes the number of what it makes
        raise DomainError("id.hidden")
    if citizen_id.stands_in(key):
        raise DomainError("text.citizen_id")
    return key


def _of(request: Request, key: str, content: bytes) -> Key:
    scope = f"{request.method} {request.url.path} {request.state.subject}"
    return Key(scope, key, sha256(content).digest())


FileKey = Annotated[Key, Depends(_file_key)]
"""The required key of a write whose body is a file: another byte is another body."""

IdempotencyKey = Annotated[Key, Depends(_key)]
"""The required key of a write without a natural key."""


async def once(tx: Transaction, key: Key, act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Give the answer kept under `key`, or act and keep what it answers.

    Raises:
        DomainError: `idempotency.conflict`, 409, when the key came with another body.
    """
    taken = await tx.execute(
        insert(kept_answer)
        .values(scope=key.scope, key=key.value, digest=key.digest, recorded_at=clock.now())
        .on_conflict_do_nothing()
    )
    same = (kept_answer.c.scope == key.scope) & (kept_answer.c.key == key.value)
    if taken.rowcount:
        answer = await act()
        kept = {"body": answer.body, "location": answer.location}
        await tx.execute(update(kept_answer).where(same).values(status=answer.status, body=canonical(kept)))
        return answer
    row = (await tx.execute(select(kept_answer).where(same))).one()
    if bytes(row.digest) != key.digest:
        raise DomainError("idempotency.conflict", key=key.value)
    kept = msgspec.json.decode(row.body)
    return Answer(row.status, kept["body"], replayed=True, location=kept["location"])
