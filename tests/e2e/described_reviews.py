"""The reviews of the year of the examples: one is signed off, two stay open, and what is refused of them."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.cases import ABOVE, OTHER, Case, given, of
from tests.e2e.office import Office
from tests.support.signing import OPERATOR, account

UNMARKED, WAITING = "unmarked", "waiting"
"""Reviews of which nothing is marked, and of which an objection awaits its answer."""
PLAN = "S11-2025B"
"""A further plan of the school whose plan becomes hours."""
HELPER = account(OPERATOR, "district_centre@district:D01")
"""The account that registered everything, in a role that reviews."""


async def hold(office: Office) -> None:
    """The centre looks at what two plans of a school came to, objects, is answered, and signs off."""
    await _second_plan(office)
    opening, marks = "POST /v1/reviews", "POST /v1/reviews/{review}/marks"
    await office.do("hours", opening)
    for number in (UNMARKED, WAITING):
        await office.do("hours", opening, headers={"idempotency-key": number})
    for number in ("review-S11-2025", WAITING):
        await office.do("hours", marks, review=number)
        fine = {"marks": [{"record": f"plan:{PLAN}/1/T0373", "mark": "in_order"}]}
        await office.do("hours", marks, review=number, json=fine, headers={"idempotency-key": "fine"})
    await office.do("hours", "POST /v1/objections/answers")
    await office.do("hours", "POST /v1/reviews/{review}/signature")


async def _second_plan(office: Office) -> None:
    whole, step = given("hours", "POST /v1/plans"), "POST /v1/plans/{{plan}}/{}".format
    await office.do("hours", "POST /v1/plans", json={**whole, "plan": PLAN})
    for what in ("submission", "approval", "results", "registration"):
        await office.do("hours", step(what), plan=PLAN)


def refused() -> Iterator[Case]:
    """Reviews that are not opened, not marked, and not signed off."""
    own: dict[str, Any] = {"headers": HELPER | OTHER}
    yield from of(
        "hours",
        "POST /v1/reviews",
        review__own=own,
        review__not_below={"json": {"place": "S99", "year": 2025}, "headers": OTHER},
    )
    marks, signature = (f"POST /v1/reviews/{{review}}/{what}" for what in ("marks", "signature"))
    for route in (marks, signature):
        yield "hours", route, "review.not_reviewer", {"headers": ABOVE | OTHER}
        yield "hours", route, "review.over", {"headers": OTHER}
    unmarked, waiting = ({"review": number, "headers": OTHER} for number in (UNMARKED, WAITING))
    yield "hours", signature, "review.own", {**unmarked, **own}
    yield "hours", signature, "review.unmarked", unmarked
    yield "hours", signature, "review.awaits_answers", waiting
