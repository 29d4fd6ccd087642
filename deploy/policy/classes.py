"""Examples of classes (培训班算例), tried on the rules by which the hours service fills and assesses them."""

from collections.abc import Iterator

from deploy.policy.given import TEACHER, Pair
from hours.classes.domain.outline import Refused, is_late
from hours.classes.domain.results import HandedIn, Part, assess, is_excluded
from hours.classes.domain.seats import Taken
from shared.policy.examples import AssessmentExample, SeatsExample, SubmissionExample
from shared.policy.pack import Pack


def assessment_pairs(pack: Pack, example: AssessmentExample) -> Iterator[Pair]:
    """How somebody comes out of a class."""
    source = pack.source(example.rule)
    assert source is not None, "the pack was checked"
    assert source.classes is not None, "as above"
    outcome, marks = "excluded", None
    if not is_excluded(source.classes.absence, example.absent, example.hours):
        handed = HandedIn(
            teacher=TEACHER,
            outcome=example.result,
            parts={name: Part(value=part.value, of=part.of) for name, part in example.parts.items()},
            grade="",
            reassessment=False,
        )
        found = assess(source.classes.score or example.score, handed)
        if isinstance(found, Refused):
            yield "parts", "is taken", found.code
            return
        outcome, marks = found.outcome, found.score
    yield "outcome", example.outcome, outcome
    yield "marks", example.marks, marks


def seat_pairs(example: SeatsExample) -> Iterator[Pair]:
    """What whoever enrols in that place is given."""
    taken = Taken(enrolled=0, waiting=0, last=0)
    state = "waiting"
    for _ in range(example.place):
        state, taken = taken.next(example.capacity)
    yield "state", example.state, state


def submission_pairs(pack: Pack, example: SubmissionExample) -> Iterator[Pair]:
    """Whether a class is proposed in time."""
    source = pack.source(example.rule)
    assert source is not None, "the pack was checked"
    yield "late", example.late, is_late(example.opens, source.lead_months, example.submitted)
