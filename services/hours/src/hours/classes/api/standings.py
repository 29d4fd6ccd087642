"""How a teacher stands in a class, as it is shown."""

from typing import Any

from pydantic import BaseModel

from hours.classes.domain.results import Outcome, Standing
from hours.classes.domain.seats import SeatState
from shared.runtime.fields import HoursField


class ShownStanding(BaseModel):
    """A teacher's seat and what came of it; who waits moves up in order of `turn`.

    `pending` are hours that are registered and await recognition.
    """

    teacher: str
    turn: int
    state: SeatState
    absent: HoursField
    outcome: Outcome | None
    score: str | None
    grade: str
    reassessment: bool
    pending: bool
    registered: bool


def shown(standing: Standing) -> dict[str, Any]:
    """The standing as JSON."""
    return {
        "teacher": standing.teacher,
        "turn": standing.turn,
        "state": standing.state,
        "absent": f"{standing.absent:.2f}",
        "outcome": standing.outcome,
        "score": None if standing.score is None else f"{standing.score:.2f}",
        "grade": standing.grade,
        "reassessment": standing.reassessment,
        "pending": standing.pending,
        "registered": standing.registered,
    }
