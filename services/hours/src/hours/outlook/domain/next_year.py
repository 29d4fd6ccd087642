"""What the year leaves to the next one (结转预告): the formula of a verdict that is not given yet."""

from decimal import Decimal

from hours.carryovers.domain.consumption import Consumption, consume
from hours.ledger.domain.amount import ZERO, exact
from hours.ledger.domain.total import Total
from hours.outlook.domain.gap import Gap
from hours.outlook.domain.plan import Plan
from shared.policy.years import CarryOver


def as_it_stands(total: Total, gap: Gap, rule: CarryOver) -> Consumption:
    """What a verdict of today would carry over."""
    return _judged(total, gap, rule, ZERO)


def as_planned(total: Total, plan: Plan, rule: CarryOver) -> Consumption:
    """What a verdict would carry over once the plan was carried out."""
    more = (step.hours for step in plan.steps if step.way.category == rule.category)
    return _judged(total, plan.left, rule, sum(more, ZERO))


def _judged(total: Total, gap: Gap, rule: CarryOver, more: Decimal) -> Consumption:
    return consume(
        verdict="fail" if gap.hours else "pass",
        carried_in=total.carried_in,
        fresh=total.hours.get(rule.category, ZERO) + more,
        threshold=exact(rule.threshold),
    )
