"""Files that the services refuse in the year of the examples: rosters, evidence, and imports taken back."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from shared.runtime.fields import MAX_ROWS
from shared.runtime.inspection.findings import PDF, PNG
from shared.runtime.spreadsheets import CSV, MAX_EXPANDED, XLSX
from tests.e2e.cases import OTHER, SCHOOL, Case, of
from tests.e2e.described_year import IMPORTED
from tests.support import papers
from tests.support.signing import calling


def imports() -> Iterator[Case]:
    """Files that are not taken."""
    expanding = BytesIO()
    with ZipFile(expanding, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (MAX_EXPANDED + 1))
    numbers, book = BytesIO(), Workbook()
    for row in (["teacher", "name", "school"], [10**17, "林晓", "S01"]):
        book.worksheets[0].append(row)
    book.save(numbers)
    yield from of(
        "hours",
        "POST /v1/imports",
        import__other_school=csv(IMPORTED, **SCHOOL),
        body__media_type=csv(IMPORTED, **{"content-type": "application/pdf"}),
        file__not_its_type=csv("PK\x03\x04"),
        file__formula=csv("teacher,name,school\nT1,=1+1,S01\n"),
        file__long_number={"content": numbers.getvalue(), "headers": {"content-type": XLSX}},
        file__columns_missing=csv("teacher\n"),
        file__too_long=csv("a\n" * (MAX_ROWS + 2)),
        file__expands={"content": expanding.getvalue(), "headers": {"content-type": XLSX}},
        idempotency__conflict=csv(f"{IMPORTED}T1,a,S01\n", **{"idempotency-key": "roster-S01-1"}),
    )


def evidence() -> Iterator[Case]:
    """Files that are not taken as evidence."""
    yield from of(
        "hours",
        "POST /v1/evidence",
        body__media_type=file(papers.pdf(), CSV),
        file__not_its_type=file(b"<html>"),
        file__unreadable=file(papers.pdf()[:-60]),
        file__encrypted=file(papers.locked(papers.pdf(), "secret")),
        file__bomb=file(papers.bomb(50_000, 50_000), PNG),
        file__active=file(papers.pdf(papers.SCRIPT)),
    )


def evidence_away(code: str) -> Iterator[Case]:
    """Where evidence lies nowhere, or cannot be reached, or is not there any more."""
    if code != "file.altered":
        yield "hours", "POST /v1/evidence", code, file(papers.pdf())
    for name in (
        "GET /v1/evidence/{digest}",
        "GET /v1/appeals/{appeal}/files/{digest}",
        "GET /v1/annual-plans/{organiser}/{year}/report/files/{digest}",
    ):
        yield "hours", name, code, {}
    yield "hours", "GET /v1/waivers/{waiver}/files/{digest}", code, {"headers": calling("school:S12")}


def reversals() -> Iterator[Case]:
    """Imports that are not taken back, and one that is."""
    name = "POST /v1/imports/{number}/reversal"
    yield "hours", name, "import.unknown", {"headers": SCHOOL | OTHER}
    yield "hours", name, "", {}
    yield "hours", name, "import.reversed", {"headers": OTHER}


def file(content: bytes, kind: str = PDF) -> dict[str, Any]:
    """Evidence as a request sends it."""
    return {"content": content, "headers": {"content-type": kind}}


def csv(content: str, **headers: str) -> dict[str, Any]:
    """A file as a request sends it."""
    given = {"content-type": CSV, "idempotency-key": "another", **headers}
    return {"content": content.encode(), "headers": given}
