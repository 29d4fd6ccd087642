"""A transcript of the year of the examples, and what is refused about transcripts."""

from collections.abc import Iterator

from tests.e2e.cases import OTHER, Case, given, of
from tests.e2e.office import Office
from tests.integration.hours.recognising import line, signed, transcript
from tests.integration.hours.test_persons import ONE
from tests.integration.hours.test_persons import OTHER as OTHER_NUMBER
from tests.support.signing import calling

UNNUMBERED = "T0361"
"""Of whom the roster knows no number."""
NUMBERED = "T0362"
"""Of whom it knows another one."""


async def issue(office: Office) -> None:
    """The school enters two numbers; then there is a transcript, and one of elsewhere is handed in."""
    first = {"teacher": "T0360", "name": "阿卜杜拉·买买提", "school": "S01", "citizen_id": ONE}
    second = {"teacher": NUMBERED, "name": "李😀明", "school": "S01", "citizen_id": OTHER_NUMBER}
    key = {"idempotency-key": "numbers"}
    await office.do("hours", "POST /v1/roster", json={"teachers": [first, second]}, headers=key)
    await office.do("hours", "POST /v1/transcripts")
    await office.do("hours", "POST /v1/recognitions")


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


def recognitions() -> Iterator[Case]:
    """Transcripts that are not taken."""
    name = "POST /v1/recognitions"
    body = given("hours", name)
    good, head = transcript(line("record:A", "12"), issuer="foshan"), body["signed"].partition(".")[0]
    more = signed(transcript(line("record:A", "99"), issuer="foshan")).split(".")[1]
    wrong = {
        "transcript__unreadable": "a.b.c",
        "transcript__issuer_unknown": signed(transcript(issuer="nowhere")),
        "transcript__own": signed(transcript(issuer="guangzhou")),
        "transcript__not_genuine": f"{head}.{more}.{signed(good).split('.')[2]}",
    }
    who = OTHER | calling("operator:local")
    cases = {code: {"json": {**body, "signed": text}, "headers": who} for code, text in wrong.items()}
    other = {"json": {**body, "teacher": NUMBERED}, "headers": who}
    yield from of("hours", name, transcript__other_person=other, **cases)


def without_a_key() -> Iterator[Case]:
    """Where nobody signs, and nothing of elsewhere is recognised."""
    yield "hours", "POST /v1/recognitions", "recognition.not_offered", {"headers": OTHER}
    yield "hours", "POST /v1/transcripts", "transcript.no_key", {"headers": {"idempotency-key": "unsigned"}}
