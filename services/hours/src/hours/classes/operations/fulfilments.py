"""What came of an annual plan (计划完成情况): classes that took place under its entries, and their hours."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hours.annual_plans.domain import AnnualPlan, key_of
from hours.classes.operations.desk import subject
from hours.classes.store import classes as store
from hours.records import operations as records
from shared.runtime.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """What came of an entry: of the classes that are over, and of those with hours that stand."""

    classes: int = 0
    seats: int = 0
    registered_classes: int = 0
    registered_seats: int = 0
    hours: Decimal = Decimal("0.00")


async def of_plan(tx: Transaction, plan: AnnualPlan, today: date) -> Mapping[str, Fulfilment]:
    """What came of each entry by a day, by number."""
    numbers = {key_of(plan.organiser, plan.year, number): number for number in plan.entries}
    under = await store.load_under(tx, numbers, today)
    over = [one for one in under if one.rule == plan.entries[numbers[one.annual_plan]].planned.rule]
    sums = await records.sum_by_matter(tx, [subject(one.number) for one in over])
    found: defaultdict[str, Fulfilment] = defaultdict(Fulfilment)
    for one in over:
        number, given = numbers[one.annual_plan], sums.get(subject(one.number))
        before = found[number]
        after = replace(before, classes=before.classes + 1, seats=before.seats + one.seats)
        if given is not None:
            after = replace(
                after,
                registered_classes=before.registered_classes + 1,
                registered_seats=before.registered_seats + given.records,
                hours=before.hours + given.hours,
            )
        found[number] = after
    return found
