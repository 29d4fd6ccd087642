"""A transcript of the year of the examples, and what is refused about transcripts."""

from collections.abc import Iterator

from tests.e2e.cases import OTHER, Case, given, of
from tests.e2e.office import Office
from tests.integration.hours.test_persons import ONE

UNNUMBERED = "T0361"
"""Of whom the roster knows no number."""


async def issue(office: Office) -> None:
    """The school enters the first teacher's number; then there is a transcript."""
    row = {"teacher": "T0360", "name": "阿卜杜拉·买买提", "school": "S01", "citizen_id": ONE}
    key = {"idempotency-key": "number of T0360"}
    await office.do("hours", "POST /v1/roster", json={"teachers": [row]}, headers=key)
    await office.do("hours", "POST /v1/transcripts")


def transcripts() -> Iterator[Case]:
    """Transcripts that are not issued."""
    name = "POST /v1/transcripts"
    body = given("hours", name)
    yield from of(
        "hours",
        name,
        transcript__span={"json": {**body, "first": 2030}, "headers": OTHER},
        transcript__no_identity={"json": {**body, "teacher": UNNUMBERED}, "headers": OTHER},
        teacher__unknown={"json": {**body, "teacher": "N"}, "headers": OTHER},
    )


def without_a_key() -> Iterator[Case]:
    """Where nobody signs."""
    yield "hours", "POST /v1/transcripts", "transcript.no_key", {"headers": {"idempotency-key": "unsigned"}}
