"""Obligations of teachers, told from what was registered and from the roster; nothing is recorded by it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hours.obligations.domain.assessment import Programme, assess
from hours.obligations.domain.coverage import days_of
from hours.obligations.domain.standing import Activity, Bound, Days, Standing, When
from hours.records import operations as records
from hours.records.domain.entries import RecordRegistered
from hours.records.operations import TopicCount, TopicsAsked
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Reach
from shared.policy.obligations import AnyObligation, TopicCoverage
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.hindsight import Hindsight


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """The days of a cycle, and how often each topic was offered in those up to one; others are left out."""

    days: Days
    counts: Mapping[str, TopicCount]


async def of_teacher(
    tx: Transaction, context: Context, teacher: str, when: When, as_it_was: Hindsight
) -> list[Standing]:
    """How each obligation of the pack stands of a teacher who is on the roster, as it was known.

    Who the teacher is says the roster of now: when somebody joined is in no journal.

    Raises: DomainError `teacher.not_listed`.
    """
    bound = (await _bound(tx, [teacher])).get(teacher)
    if bound is None:
        raise DomainError("teacher.not_listed", teacher=teacher)
    known = list(map(_activity, await records.known_of(tx, context, teacher, as_it_was)))
    standings = []
    for one in context.pack.obligations:
        programme = await _programme(tx, context, one, when, as_it_was.known_at)
        standings.append(assess(one, bound, known, when, programme))
    return standings


async def of_teachers(
    tx: Transaction, context: Context, obligation: AnyObligation, when: When, teachers: Collection[str]
) -> dict[str, Standing]:
    """How an obligation stands of each of the teachers who is on the roster; of now."""
    bound = await _bound(tx, teachers)
    rules = obligation.sources or [source.id for source in context.pack.hours]
    activities: dict[str, list[Activity]] = {}
    for fact in await records.standing_of(tx, context, bound, rules):
        activities.setdefault(fact.teacher, []).append(_activity(fact))
    programme = await _programme(tx, context, obligation, when, None)
    return {
        teacher: assess(obligation, one, activities.get(teacher, []), when, programme)
        for teacher, one in bound.items()
    }


async def offering(tx: Transaction, reach: Reach, rule: TopicCoverage, when: When) -> Offering | None:
    """What those within reach were offered of a cycle up to a day; None where the source speaks of none."""
    days = days_of(rule, when)
    if days is None:
        return None
    asked = _topics_of(rule, days, when)
    if asked is None:
        return Offering(days=days, counts={})
    within = await reach.within(tx, records.WHOSE)
    return Offering(days=days, counts=await records.load_offered(tx, replace(asked, within=[within])))


async def _programme(
    tx: Transaction, context: Context, obligation: AnyObligation, when: When, known_at: datetime | None
) -> Programme:
    """What is the same for everybody here, as it was known."""
    offered: Collection[str] = ()
    if isinstance(obligation, TopicCoverage) and (days := days_of(obligation, when)) is not None:
        asked = _topics_of(obligation, days, when)
        offered = [] if asked is None else await records.load_offered(tx, replace(asked, known_at=known_at))
    return Programme(parts=context.pack.own_parts, offered=frozenset(offered))


def _topics_of(rule: TopicCoverage, days: Days, when: When) -> TopicsAsked | None:
    """The topics of a cycle up to a day; None where it has not begun by then."""
    seen = days.until(when.on)
    topics = [topic.id for topic in rule.topics]
    return None if seen is None else TopicsAsked(topics=topics, first=seen.first, last=seen.last)


async def _bound(tx: Transaction, teachers: Iterable[str]) -> dict[str, Bound]:
    known = await roster.find(tx, teachers)
    joined = await roster.joined(tx, known)
    return {
        name: Bound(role=one.role, vocational=one.vocational, joined_on=joined.get(name))
        for name, one in known.items()
    }


def _activity(fact: RecordRegistered) -> Activity:
    return Activity(
        record=fact.record,
        rule=fact.rule,
        category=fact.category,
        hours=fact.hours,
        credits=fact.credits,
        days=Days(fact.first, fact.last),
        topics=frozenset(fact.details.get("topics", ())),
    )
