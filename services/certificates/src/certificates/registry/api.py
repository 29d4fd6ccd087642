"""Certificates over HTTP, for those who run the bank: lists, one with its versions, its document."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field

from certificates.registry import operations, store
from certificates.registry.domain import number as numbers
from certificates.registry.domain.certificate import Version
from certificates.registry.domain.status import State
from certificates.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.fields import HoursField, Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["certificates"], route_class=TransactionalRoute)

UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "`certificate.unknown`"}}


class CertificateView(BaseModel):
    """The current version of a certificate."""

    number: str = Field(examples=["100000202490000010"])
    teacher: str = Field(examples=["T0360"])
    year: int = Field(description="The year, or the first one of the cycle.", examples=[2024])
    last: int = Field(description="The same year, or the last one of the cycle.", examples=[2024])
    kind: str = Field(examples=["annual"])
    version: int = Field(examples=[1])
    state: State
    state_code: str = Field(description="Two digits of the national state list.", examples=["01"])
    reason: str = Field(description="Why it is in this state; empty where it was simply issued.")
    hours: dict[str, HoursField] = Field(
        description="By category, `carried_in` ones of the year before apart, and their `total`."
    )
    verdict: str = Field(description="Event id of the verdict it rests on.", examples=["verification/37/4"])
    policy: str = Field(examples=["guangzhou@1"])
    digest: str = Field(description="SHA-256 of the document, hex.")
    issued_at: datetime = Field(description="The date on the document: when the verdict was given.")
    valid_until: date | None = Field(
        default=None, description="The last day on which it is valid; null where it does not end by itself."
    )
    replaced_by: int | None = Field(default=None, description="The version that stands in its place.")


class CertificateWithVersions(CertificateView):
    """A certificate with every version it ever had."""

    versions: list[CertificateView]


@router.get("/certificates", summary="Certificates, in order of number")
async def list_certificates(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year | None, Query()] = None,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[State | None, Query(description="State of the current version.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[CertificateView]:
    after = decode_keys(cursor, str)
    day = context.day_of(clock.now())
    matching = store.Matching(year=year, teacher=teacher, state=state, day=day)
    found = await store.load_page(tx, reach, matching, after[0] if after else "", limit + 1)
    rows = [view(version.on(day)) for version in found]
    return Page[CertificateView](**page(rows, limit, [[row.number] for row in rows]))


@router.get("/certificates/{number}", summary="One certificate with all its versions", responses=UNKNOWN)
async def get_certificate(tx: Tx, context: ContextOf, reach: ReachOf, number: str) -> CertificateWithVersions:
    number = (await operations.find_within(tx, reach, numbers.normalise(number))).number
    day = context.day_of(clock.now())
    found = [version.on(day) for version in await store.load_versions(tx, number)]
    current = view(next(version for version in found if version.version == version.current))
    return CertificateWithVersions(**current.model_dump(), versions=[view(version) for version in found])


@router.get(
    "/certificates/{number}/pdf",
    summary="The document as issued",
    description="PDF/A-3b. The bytes of a version never change; the `ETag` is their digest.",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}},
        304: {"description": "The document is the one named in `If-None-Match`"},
        **UNKNOWN,
    },
)
async def get_document(
    tx: Read,
    reach: ReachOf,
    number: str,
    version: Annotated[int | None, Query(ge=1, le=32767, description="The current one if not given.")] = None,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    found = await operations.find_within(tx, reach, numbers.normalise(number), version)
    tag = f'"{found.digest}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in {item.strip().removeprefix("W/") for item in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    document = await operations.find_document(tx, found.number, found.version)
    assert document is not None, "a version is issued with its document"
    name = f"{found.number}-v{found.version}.pdf"
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(document.pdf, media_type="application/pdf", headers=headers)


def view(version: Version) -> CertificateView:
    """A version as the interface shows it."""
    return CertificateView(
        number=version.number,
        teacher=version.key.teacher,
        year=version.key.year,
        last=version.last,
        kind=version.key.kind,
        version=version.version,
        state=version.state,
        state_code=version.state.code,
        reason=version.reason,
        hours=dict(version.hours),
        verdict=version.verdict,
        policy=version.policy,
        digest=version.digest,
        issued_at=version.issued_at,
        valid_until=version.valid_until,
        replaced_by=version.replaced_by,
    )
