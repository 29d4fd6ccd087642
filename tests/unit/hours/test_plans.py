"""What becomes of a plan: any order of acts leads to allowed states, hours come of approved plans only."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Result,
    Theme,
)
from hours.plans.domain.plan import (
    Actor,
    Decision,
    Plan,
    Refused,
    after,
    drafted,
    fault,
    may_approve,
    may_assess,
    may_register,
    may_return,
    may_submit,
    possible,
)
from hours.plans.domain.results import Assessed, registrations
from shared.policy.calendar import CALENDAR_YEARS

FIRST, LAST = date(2024, 3, 31), date(2024, 5, 31)
THEMES = (Theme(title="课堂观察与评价", hours=Decimal(20), first=FIRST, last=LAST),)
DRAFT = drafted(
    PlanDrafted(
        plan="P1",
        by="school:S",
        account="clerk",
        school="S",
        year=2024,
        rule="GZ-HR-3.02",
        title="校本研修计划",
        themes=THEMES,
    )
)
ACTORS = (
    Actor(name="school:S", place="school:S", account="clerk", is_operator=False),
    Actor(name="centre:D", place="district:D", account="centre", is_operator=False),
    Actor(name="centre:D", place="district:D", account="clerk", is_operator=False),
    Actor(name="centre:C", place="city:C", account="city", is_operator=False),
)
SCHOOL, CENTRE, *_ = ACTORS
"""The two that may act, one who is both, and one above who is not asked."""


@dataclass(frozen=True)
class Story:
    """A plan, what happened to it so far, and when; an act that is refused changes nothing."""

    plan: Plan
    reviewed: bool
    lead: date | None
    registered: tuple[str, ...] = ()

    def act(self, name: str, actor: Actor, day: date) -> "Story":
        """The story after an act."""
        at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        said = {"plan": "P1", "by": actor.name, "account": actor.account}
        plan, authority = self.plan, "district:D"
        submitted = (plan.submitted_at or at).date()
        decision = Decision(submitted=submitted, today=day, override="")
        results = [Result(teacher="T1", hours=Decimal(20), grade="passed")]
        acts: dict[str, tuple[Refused | None, Change]] = {
            "change": (possible(plan, "change"), PlanChanged(**said, title="other", themes=THEMES)),
            "submit": (may_submit(plan, day), PlanSubmitted(**said, authority=authority, latest=self.lead)),
            "approve": (may_approve(plan, actor, decision), PlanApproved(**said, override="")),
            "return": (may_return(plan, actor), PlanReturned(**said, reason="请补充")),
            "withdraw": (possible(plan, "withdraw"), PlanWithdrawn(**said, reason="不办")),
            "assess": (
                may_assess(plan, day),
                PlanAssessed(**said, results=results, authority=authority if self.reviewed else ""),
            ),
            "register": (
                may_register(plan, actor, reviewed=self.reviewed),
                PlanRegistered(**said, teachers=["T1"]),
            ),
        }
        refused, fact = acts[name]
        if refused is not None:
            return self
        made: tuple[str, ...] = ()
        if isinstance(fact, PlanRegistered):
            passed = Assessed(
                teacher="T1", hours=Decimal(20), grade="passed", handed_in=at, records=0, registered=False
            )
            made = tuple(one.record for one in registrations(plan, [passed], "elective"))
        return replace(self, plan=after(plan, fact, at), registered=self.registered + made)


NEXT = {
    "draft": {"draft", "submitted", "withdrawn"},
    "submitted": {"submitted", "returned", "approved", "withdrawn"},
    "returned": {"returned", "submitted", "withdrawn"},
    "approved": {"approved", "assessed", "withdrawn"},
    "assessed": {"assessed", "registered", "approved", "withdrawn"},
    "registered": {"registered"},
    "withdrawn": {"withdrawn"},
}
ONWARD = {
    "draft": "submit",
    "submitted": "approve",
    "returned": "submit",
    "approved": "assess",
    "assessed": "register",
}
ACTS = st.sampled_from(
    [*["onward"] * 5, "submit", "approve", "assess", "register", "register", "return", "change", "withdraw"]
)
STEPS = st.lists(st.tuples(ACTS, st.sampled_from(ACTORS), st.integers(0, 20)), min_size=8, max_size=25)


def onward(plan: Plan, day: date) -> tuple[str, Actor, date]:
    """What is to be done next, by whom it awaits, on a day that is late enough."""
    actor = SCHOOL if plan.awaits == "school:S" else CENTRE
    then = max(day, LAST + timedelta(days=1)) if plan.state == "approved" else day
    return ONWARD.get(plan.state, "return"), actor, then


AWAITED = {
    "draft": "school:S",
    "submitted": "district:D",
    "returned": "school:S",
    "approved": "school:S",
    "withdrawn": None,
}


STARTS = st.sampled_from([date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1)])


@settings(max_examples=300)
@given(STEPS, STARTS, st.booleans(), st.sampled_from([None, date(2024, 2, 29)]))
def test_any_order_of_acts_leads_to_allowed_states_and_to_hours_of_approved_plans_only(
    steps: list[tuple[str, Actor, int]], day: date, reviewed: bool, lead: date | None
) -> None:
    story, consented = Story(DRAFT, reviewed, lead), None
    for wanted, by, days in steps:
        act, actor, day = (
            onward(story.plan, day) if wanted == "onward" else (wanted, by, day + timedelta(days=days))
        )
        before, story = story.plan, story.act(act, actor, day)
        plan = story.plan
        assert plan.state in NEXT[before.state]
        if plan.state in AWAITED:
            assert plan.awaits == AWAITED[plan.state]
        if (before.state, plan.state) == ("submitted", "approved"):
            consented = plan.approved_at
            assert actor is CENTRE
            assert day < FIRST
            assert plan.submitted_at is not None
            assert lead is None or plan.submitted_at.date() <= lead
        if (before.state, plan.state) == ("assessed", "registered"):
            assert actor is (CENTRE if reviewed else SCHOOL)
            assert day > LAST
        assert plan.approved_at == consented
        assert consented is not None or not story.registered


def test_every_state_is_reached() -> None:
    """The property above says something of each state."""
    reached = {DRAFT.state}
    for reviewed in (False, True):
        story = Story(DRAFT, reviewed, None)
        for act, actor, day in (
            ("submit", SCHOOL, date(2024, 1, 8)),
            ("return", CENTRE, date(2024, 1, 9)),
            ("submit", SCHOOL, date(2024, 1, 10)),
            ("approve", CENTRE, date(2024, 1, 11)),
            ("assess", SCHOOL, date(2024, 6, 1)),
            ("register", CENTRE if reviewed else SCHOOL, date(2024, 6, 2)),
        ):
            story = story.act(act, actor, day)
            reached.add(story.plan.state)
        assert story.registered == ("plan:P1/1/T1",)
    assert reached | {"withdrawn"} == NEXT.keys()


@pytest.mark.parametrize(
    ("first", "last", "code", "path"),
    [
        (FIRST, LAST, None, None),
        (FIRST, FIRST, None, None),
        (LAST, FIRST, "dates.reversed", "/themes/1/to"),
        (date(2023, 12, 31), LAST, "year.mismatch", "/themes/1/from"),
        (FIRST, date(2025, 1, 1), "year.mismatch", "/themes/1/to"),
    ],
)
def test_the_days_of_themes_follow_each_other_within_the_year(
    first: date, last: date, code: str | None, path: str | None
) -> None:
    other = Theme(title="作业设计", hours=Decimal(1), first=first, last=last)
    found = fault([*THEMES, other], 2024, CALENDAR_YEARS)
    assert (found and found.code, found and found.path) == (code, path)


def test_a_plan_is_running_from_its_first_day_on() -> None:
    approved = replace(DRAFT, state="approved")
    days = (FIRST - timedelta(days=1), FIRST, LAST + timedelta(days=1))
    assert [approved.state_on(day) for day in days] == ["approved", "running", "running"]
    assert DRAFT.state_on(LAST) == "draft"
