"""Examples of deductions (扣减算例), tried on the rule by which the hours service takes hours of a year."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from deploy.policy.given import Pair
from hours.ledger.domain.deduction import deduct
from shared.policy.categories import Category, to_texts
from shared.policy.examples import DeductionsExample
from shared.policy.pack import Pack


def deduction_pairs(pack: Pack, example: DeductionsExample) -> Iterator[Pair]:
    """What each deduction takes and cannot take, and why the last one is refused."""
    wanted: list[tuple[Decimal, Sequence[Category]]] = []
    refused = ""
    for place, name in enumerate(example.deductions):
        rule = pack.deduction(name)
        assert rule is not None, "the pack was checked"
        if rule.hours is not None:
            wanted.append((rule.hours, rule.categories))
            continue
        refused = "rule.incomplete"
        if place < len(example.deductions) - 1:
            yield f"deductions[{place}]", "is made", refused
    yield "refused", example.refused, refused
    made = list(deduct(example.hours, wanted))
    yield "taken", [*map(to_texts, example.taken)], [to_texts(one.hours) for one in made]
    yield "short", [f"{hours:.2f}" for hours in example.short], [f"{one.short:.2f}" for one in made]
