"""A plan as it stands: a fold of what was done to it, and what may be done next, by whom.

draft → submitted → returned, or approved → assessed → registered; withdrawn while nothing is registered. From
its first day on an approved plan is running: that follows from the date and nobody says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, assert_never

from hours.approvals.domain import state_name
from hours.plans.domain.entries import (
    Change,
    PlanApproved,
    PlanAssessed,
    PlanChanged,
    PlanDrafted,
    PlanRegistered,
    PlanReturned,
    PlanSubmitted,
    PlanWithdrawn,
    Theme,
)
from shared.policy.calendar import Years

Held = Literal["draft", "submitted", "returned", "approved", "assessed", "registered", "withdrawn"]
"""States that acts lead to."""
State = Held | Literal["running"]
Act = Literal["change", "submit", "approve", "return", "withdraw", "assess", "register"]

POSSIBLE: Mapping[Act, frozenset[Held]] = {
    "change": frozenset({"draft", "returned"}),
    "submit": frozenset({"draft", "returned"}),
    "approve": frozenset({"submitted"}),
    "return": frozenset({"submitted", "assessed", "registered"}),
    "withdraw": frozenset({"draft", "submitted", "returned", "approved", "assessed"}),
    "assess": frozenset({"approved", "assessed", "registered"}),
    "register": frozenset({"assessed", "registered"}),
}
UNAPPROVED = frozenset[Held]({"draft", "submitted", "returned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: in which role, bound to which place, from which account."""

    name: str
    place: str
    account: str
    is_operator: bool

    def stands_for(self, place: str) -> bool:
        """Whether this is who acts for a place; the operator does for all."""
        return self.is_operator or self.place == place


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an approval is judged by: the day of submission, what day it is, why it is approved if late."""

    submitted: date
    today: date
    override: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why something is not done: a code, figures for its words, the place in the input where there is one."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as it stands."""

    plan: str
    school: str
    year: int
    rule: str
    title: str
    themes: Sequence[Theme]
    state: Held
    awaits: str | None
    """The place that is to act; None where it is over."""
    authority: str = ""
    """The place it was handed in to; empty before."""
    latest: date | None = None
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    accounts: frozenset[str] = frozenset()
    """Those from which the plan and its results were handed in."""

    @property
    def first(self) -> date:
        """The first day of the training."""
        return min(theme.first for theme in self.themes)

    @property
    def last(self) -> date:
        """Its last day."""
        return max(theme.last for theme in self.themes)

    @property
    def hours(self) -> Decimal:
        """Hours of all themes."""
        return sum((theme.hours for theme in self.themes), Decimal(0))

    @property
    def at_school(self) -> str:
        """The school as a place."""
        return f"school:{self.school}"

    def state_on(self, day: date) -> State:
        """How far it is on a day."""
        return "running" if self.state == "approved" and day >= self.first else self.state

    def registered_by(self, *, reviewed: bool) -> str:
        """Who turns results into records: the school, or the authority that recognises them."""
        return self.authority if reviewed else self.at_school

    def is_to_assess(self, *, reviewed: bool) -> bool:
        """Whether results are wanted from the school, be they the same again."""
        who = self.registered_by(reviewed=reviewed)
        return self.state == "approved" or self.awaits not in {who, None}

    def refused(self, code: str) -> Refused:
        """A refusal that names the plan and its state."""
        return Refused(code=code, params={"plan": self.plan, "state": state_name(self.state)})


def fault(themes: Sequence[Theme], year: int, years: Years) -> Refused | None:
    """What is wrong with themes by themselves: their days follow each other and lie in the plan's year."""
    for index, theme in enumerate(themes):
        if theme.last < theme.first:
            figures = {"from": theme.first, "to": theme.last}
            return Refused(code="dates.reversed", params=figures, path=f"/themes/{index}/to")
        for day, name in ((theme.first, "from"), (theme.last, "to")):
            if years.of_day(day) != year:
                path = f"/themes/{index}/{name}"
                return Refused(code="year.mismatch", params={"date": day, "year": year}, path=path)
    return None


def possible(plan: Plan, act: Act) -> Refused | None:
    """Whether an act fits the state; results and records need an approved plan."""
    if plan.state in POSSIBLE[act]:
        return None
    needs_approval = act in {"assess", "register"} and plan.state in UNAPPROVED
    return plan.refused("plan.not_approved" if needs_approval else "plan.state_conflict")


def may_submit(plan: Plan, today: date) -> Refused | None:
    """A plan is submitted before its first day."""
    return possible(plan, "submit") or _begun(plan, today)


def may_return(plan: Plan, actor: Actor) -> Refused | None:
    """The authority decides, while it is awaited, and nobody on what came from their own account."""
    if plan.authority and not actor.stands_for(plan.authority):
        return plan.refused("plan.not_awaited")
    if actor.account in plan.accounts and not actor.is_operator:
        return plan.refused("plan.own_account")
    if plan.awaits != plan.authority:
        return plan.refused("plan.state_conflict")
    return possible(plan, "return")


def may_approve(plan: Plan, actor: Actor, decision: Decision) -> Refused | None:
    """As for a return, before the first day; what was submitted late with a reason only."""
    if (
        refused := may_return(plan, actor) or possible(plan, "approve") or _begun(plan, decision.today)
    ) is not None:
        return refused
    if plan.latest is not None and decision.submitted > plan.latest and not decision.override:
        figures = {"plan": plan.plan, "submitted": decision.submitted, "latest": plan.latest}
        return Refused(code="plan.late", params=figures)
    return None


def _begun(plan: Plan, today: date) -> Refused | None:
    if today < plan.first:
        return None
    return Refused(code="plan.begun", params={"plan": plan.plan, "from": plan.first, "today": today})


def may_assess(plan: Plan, today: date) -> Refused | None:
    """Results are handed in when the training is over, from its last day on."""
    if (refused := possible(plan, "assess")) is not None:
        return refused
    if today < plan.last:
        return Refused(code="plan.not_over", params={"plan": plan.plan, "to": plan.last, "today": today})
    return None


def may_register(plan: Plan, actor: Actor, *, reviewed: bool) -> Refused | None:
    """The school registers, or where results are recognised the authority, from another account."""
    if (refused := possible(plan, "register")) is not None:
        return refused
    who = plan.registered_by(reviewed=reviewed)
    if not actor.stands_for(who) or plan.awaits not in {who, None}:
        return plan.refused("plan.not_awaited")
    if reviewed and actor.account in plan.accounts and not actor.is_operator:
        return plan.refused("plan.own_account")
    return None


def drafted(fact: PlanDrafted) -> Plan:
    """A plan as its first entry has it."""
    return Plan(
        plan=fact.plan,
        school=fact.school,
        year=fact.year,
        rule=fact.rule,
        title=fact.title,
        themes=fact.themes,
        state="draft",
        awaits=f"school:{fact.school}",
        accounts=frozenset({fact.account}),
    )


def after(plan: Plan, fact: Change, at: datetime) -> Plan:
    """The plan once this was done to it; `at` is when that holds."""
    match fact:
        case PlanChanged():
            then = replace(plan, title=fact.title, themes=fact.themes)
        case PlanSubmitted(authority=authority, latest=latest):
            then = replace(plan, state="submitted", awaits=authority, authority=authority)
            then = replace(then, latest=latest, submitted_at=at)
        case PlanReturned():
            before: Mapping[Held, Held] = {"submitted": "returned", "assessed": "approved"}
            then = replace(plan, state=before.get(plan.state, plan.state), awaits=plan.at_school)
        case PlanApproved():
            then = replace(plan, state="approved", awaits=plan.at_school, approved_at=at)
        case PlanWithdrawn():
            then = replace(plan, state="withdrawn", awaits=None)
        case PlanAssessed(authority=authority):
            state: Held = "registered" if plan.state == "registered" else "assessed"
            then = replace(plan, state=state, awaits=authority or plan.at_school)
            then = replace(then, authority=authority or plan.authority)
        case PlanRegistered():
            then = replace(plan, state="registered", awaits=None)
        case _:
            assert_never(fact)
    handed_in = isinstance(fact, PlanChanged | PlanSubmitted | PlanAssessed)
    return replace(then, accounts=plan.accounts | {fact.account}) if handed_in else then
