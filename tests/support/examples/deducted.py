"""Examples of deductions: hours of a year are registered, then deducted by who decides on it, in order."""

from datetime import date

from deploy.policy.given import MIDDLE, Pair
from shared.policy.categories import to_texts
from shared.policy.examples import DeductionsExample
from tests.support.examples.desk import PLACES, Desk
from tests.support.examples.sums import hand_in_sums


async def deduction_pairs(desk: Desk, teacher: str, example: DeductionsExample) -> list[Pair]:
    """What each deduction took and what it could not, once all are made; what was refused, and how."""
    await hand_in_sums(desk, teacher, example.year, dict(example.hours))
    refused: list[str] = []
    made: list[str] = []
    for name in example.deductions:
        rule = desk.pack.deduction(name)
        assert rule is not None, "the pack was checked"
        body = {"teacher": teacher, "year": example.year, "rule": name, "reason": example.words}
        role, day = PLACES[rule.deciders[0]], date(example.year, *MIDDLE)
        answer = (await desk.send(day, role, "/v1/deductions", body)).json()
        refused.append(answer.get("code", ""))
        if not refused[-1]:
            made.append(answer["deduction"])
    standing = [(await desk.hours.get(f"/v1/deductions/{one}")).json() for one in made]
    return [
        ("refused", ["" for _ in example.taken] + [example.refused] * bool(example.refused), refused),
        ("taken", [*map(to_texts, example.taken)], [one["hours"] for one in standing]),
        ("short", [f"{hours:.2f}" for hours in example.short], [one["short"] for one in standing]),
    ]
