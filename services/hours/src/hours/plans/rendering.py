"""Plans for people: one as it stands on a day, its results, and who did what when."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from hours.plans.domain.entries import TYPES, PlanApproved, PlanDrafted, PlanReturned, PlanWithdrawn
from hours.plans.domain.plan import Plan
from hours.plans.domain.results import Assessed
from shared.runtime.journal import Entry


def receipt(entry: Entry) -> dict[str, Any]:
    """What never changes about a plan; how far it is, is asked at its own address."""
    fact = entry.parse(PlanDrafted)
    return {
        "plan": fact.plan,
        "school": fact.school,
        "year": fact.year,
        "rule": fact.rule,
        "event": entry.id,
        "recorded_at": entry.recorded_at.isoformat(),
        "href": f"/v1/plans/{quote(fact.plan)}",
    }


def shown(plan: Plan, today: date) -> dict[str, Any]:
    """A plan as it stands."""
    return {
        "plan": plan.plan,
        "school": plan.school,
        "year": plan.year,
        "rule": plan.rule,
        "title": plan.title,
        "themes": [
            {
                "title": theme.title,
                "hours": f"{theme.hours:.2f}",
                "from": theme.first.isoformat(),
                "to": theme.last.isoformat(),
            }
            for theme in plan.themes
        ],
        "hours": f"{plan.hours:.2f}",
        "from": plan.first.isoformat(),
        "to": plan.last.isoformat(),
        "state": plan.state_on(today),
        "awaits": plan.awaits,
        "authority": plan.authority or None,
        "latest": plan.latest and plan.latest.isoformat(),
        "submitted_at": plan.submitted_at and plan.submitted_at.isoformat(),
        "approved_at": plan.approved_at and plan.approved_at.isoformat(),
    }


def results(assessed: Iterable[Assessed]) -> list[dict[str, Any]]:
    """The results of a plan, each with the record that stands for it."""
    return [
        {
            "teacher": one.teacher,
            "hours": f"{one.hours:.2f}",
            "grade": one.grade,
            "record": one.record,
        }
        for one in assessed
    ]


def history(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What was done to a plan, in order. Accounts are not shown."""
    return [_step(entry) for entry in entries]


def _step(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(TYPES[entry.type])
    match fact:
        case PlanReturned(reason=reason) | PlanWithdrawn(reason=reason) | PlanApproved(override=reason):
            said = reason
        case _:
            said = ""
    return {
        "did": entry.type.split(".")[1],
        "by": fact.by,
        "at": entry.effective_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "reason": said,
    }
