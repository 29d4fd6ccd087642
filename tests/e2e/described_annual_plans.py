"""The annual plan of the year of the examples, declared, admitted, reported on; what is refused of it."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from shared.runtime.inspection.findings import PDF
from tests.e2e.cases import ABOVE, OTHER, Case, given, of
from tests.e2e.office import Office
from tests.support import papers
from tests.support.signing import calling, signed

PLANS = "POST /v1/annual-plans"
PAPER = papers.pdf(b"(annual report)")
"""The file of the report."""
USED = papers.pdf()
"""A file that stands for something else."""
CENTRE, ELSEWHERE = calling("centre:D01"), calling("centre:D09")
EDUCATION = signed("provincial_education@province:P11")


async def declare(office: Office) -> None:
    """The plan with its one entry, before any class; and one of the province that nobody decides on."""
    await office.do("hours", PLANS)
    await office.do("hours", PLANS, json={**given("hours", PLANS), "organiser": "P11"})
    await office.do("hours", f"{PLANS}/{{organiser}}/{{year}}/decision")
    await office.do("hours", "POST /v1/evidence", content=PAPER, headers={"content-type": PDF})
    await office.do("hours", f"{PLANS}/{{organiser}}/{{year}}/report")


def refused() -> Iterator[Case]:
    """What is not declared, not decided and not reported."""
    yield from _declarations()
    decision, report = (f"{PLANS}/{{organiser}}/{{year}}/{what}" for what in ("decision", "report"))
    again = {"decision": "returned", "entries": ["12"], "reason": "重复"}
    yield from of(
        "hours",
        decision,
        annual_plan__not_approver={"headers": EDUCATION | OTHER},
        annual_plan__own={"headers": CENTRE | OTHER},
        annual_plan__decided={"json": again, "headers": OTHER},
        annual_plan__entry_unknown={"json": {**again, "entries": ["99"]}, "headers": OTHER},
        annual_plan__reason_missing={"json": {**again, "reason": ""}, "headers": OTHER},
    )
    body = given("hours", report)
    yield from of(
        "hours",
        report,
        annual_plan__not_organiser={"headers": ABOVE | OTHER},
        evidence__not_handed_in={"json": {**body, "files": ["0" * 64]}, "headers": OTHER},
        evidence__claimed={"json": {**body, "files": [sha256(USED).hexdigest()]}, "headers": OTHER},
    )


def _declarations() -> Iterator[Case]:
    whole = given("hours", PLANS)
    known = whole["entries"][0]
    entry = {**known, "number": "13", "from": None, "to": None}
    coming = {"organiser": "D01", "year": 2099, "entries": [entry]}

    def with_entry(**changed: Any) -> dict[str, Any]:
        return {"json": {**coming, "entries": [{**entry, **changed}]}}

    yield from of(
        "hours",
        PLANS,
        annual_plan__not_organiser={"json": coming, "headers": ELSEWHERE},
        registrar__not_allowed={"json": {**coming, "organiser": "P11"}, "headers": EDUCATION},
        plan__backdated={"json": {**coming, "at": whole["at"]}, "headers": CENTRE},
        annual_plan__conflict={"json": {**whole, "entries": [{**known, "people": 60}]}},
        annual_plan__over={"json": {**coming, "year": 2025}},
        annual_plan__entry_twice={"json": {**coming, "entries": [entry, entry]}},
        class__organiser_unknown={"json": {**coming, "organiser": "S11"}},
        organisation__abolished={"json": {**coming, "organiser": "D13"}},
        rule__other_way=with_entry(source_rule="GZ-HR-2.04"),
        rule__disabled=with_entry(source_rule="GZ-HR-2.05"),
        rule__unknown=with_entry(source_rule="GZ-HR-9.99"),
        year__mismatch=with_entry(**{"from": "2098-12-31"}),
        dates__reversed=with_entry(**{"from": "2099-07-31", "to": "2099-07-01"}),
        plan__at_invalid={"json": {**coming, "at": "2099-01-01T00:00:00Z"}},
    )
