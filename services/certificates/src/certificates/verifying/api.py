"""The public verification page (公开查验): HTML for people, JSON for machines, one shape for every answer.

A number that was never issued is answered like one that was: the same query, the same shape, not sooner. An
address that asks too often is told when to come back.
"""

import asyncio
from datetime import date
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from pydantic import BaseModel, Field

from certificates.settings import ContextOf
from certificates.verifying import operations, rendering
from certificates.verifying.domain.answer import Finding, Shown
from shared.runtime import clock
from shared.runtime.errors import DomainError, language_of, problems_of
from shared.runtime.fields import HoursField
from shared.runtime.guarded import GuardedRoute

ANSWER_AFTER = 0.05
"""Seconds before which no number is answered, known or not."""

STATUS = {Finding.UNKNOWN: 404, Finding.MISTYPED: 422}

PAGE: dict[str, Any] = {"content": {"text/html": {}}}

HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}


class Verified(BaseModel):
    """The public answer. Every field is there in every answer; null where there is no certificate."""

    state: str = Field(
        description="valid, suspended, revoked, expired, superseded, unknown or mistyped.", examples=["valid"]
    )
    message: str
    number: str | None = Field(examples=["100000202490000010"])
    state_code: str | None = Field(default=None, examples=["01"])
    version: int | None = None
    current_version: int | None = None
    name: str | None = Field(default=None, description="Masked.", examples=["陈*琳"])
    school: str | None = None
    year: int | None = Field(default=None, description="The year, or the first one of the cycle.")
    last: int | None = Field(default=None, description="The same year, or the last one of the cycle.")
    kind: str | None = None
    hours: dict[str, HoursField] | None = Field(
        default=None,
        description="By category, `carried_in` ones of the year before apart, and their `total`.",
    )
    issuer: str | None = None
    issued_on: date | None = None
    valid_until: date | None = Field(
        default=None, description="The last day on which it is valid; null where it does not end by itself."
    )


def router(lookups: RateLimitItem) -> APIRouter:
    """The routes; one address may ask as often as `lookups` says."""
    routes = APIRouter(tags=["verification page"], route_class=GuardedRoute)
    limiter = FixedWindowRateLimiter(MemoryStorage())

    async def refuse(request: Request) -> Response | None:
        address = request.client.host if request.client else "unknown"
        if await limiter.hit(lookups, address):
            return None
        window = await limiter.get_window_stats(lookups, address)
        return _too_many(request, max(1, ceil(window.reset_time - clock.now().timestamp())))

    @routes.get(
        "/verify",
        summary="The form to type a number into",
        response_class=HTMLResponse,
        responses={
            404: {"description": "Never issued", **PAGE},
            422: {"description": "The number is mistyped", **PAGE},
        },
    )
    async def form(
        request: Request,
        context: ContextOf,
        number: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        if not number:
            return HTMLResponse(rendering.page(None, language_of(request)), headers=HEADERS)
        return await refuse(request) or await _answer(request, context, number, None)

    @routes.get(
        "/verify/{number}",
        summary="Is this certificate genuine, and what does it say",
        description="HTML where `Accept` names it, JSON otherwise. `version` is the printed one.",
        response_model=Verified,
        responses={
            200: PAGE,
            404: {"model": Verified, "description": "Never issued; the same shape", **PAGE},
            422: {"model": Verified, "description": "Mistyped; the same shape", **PAGE},
            429: {"description": "`lookup.too_many`"},
        },
    )
    async def verify(
        request: Request,
        context: ContextOf,
        number: str,
        version: Annotated[int | None, Query(ge=1, le=32767)] = None,
    ) -> Response:
        return await refuse(request) or await _answer(request, context, number, version)

    return routes


async def _answer(request: Request, context: ContextOf, number: str, version: int | None) -> Response:
    loop = asyncio.get_running_loop()
    earliest = loop.time() + ANSWER_AFTER
    shown = await operations.look_up(context, request.app.state.reader, number, version, clock.now())
    language = language_of(request)
    status = STATUS[Finding(shown.state)] if shown.contents is None else 200
    if _for_people(request):
        answer: Response = HTMLResponse(rendering.page(shown, language), status, headers=HEADERS)
    else:
        verified = _verified(shown, rendering.message(shown, language))
        answer = JSONResponse(verified.model_dump(mode="json"), status, headers=HEADERS)
    await asyncio.sleep(max(0.0, earliest - loop.time()))
    return answer


def _too_many(request: Request, seconds: int) -> Response:
    if _for_people(request):
        answer: Response = HTMLResponse(
            rendering.too_many(seconds, language_of(request)), 429, headers=HEADERS
        )
    else:
        answer = problems_of(request).answer(DomainError("lookup.too_many", seconds=seconds))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _for_people(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _verified(shown: Shown, message: str) -> Verified:
    contents = shown.contents
    if contents is None:
        return Verified(state=shown.state, message=message, number=shown.number)
    return Verified(
        state=shown.state,
        state_code=contents.state_code,
        message=message,
        number=shown.number,
        version=contents.version,
        current_version=contents.current_version,
        name=contents.name,
        school=contents.school,
        year=contents.year,
        last=contents.last,
        kind=contents.kind,
        hours=dict(contents.hours),
        issuer=contents.issuer,
        issued_on=contents.issued_on,
        valid_until=contents.valid_until,
    )
