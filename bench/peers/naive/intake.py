"""The naive intake: acts of a request one after the other, an object each, rules asked by queries.

What a request names is locked in one order first, then teachers in order, so that requests do not deadlock.
docs/bench says what it leaves out of our rules.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Protocol

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bench.peers.naive.tables import Act, Award, Participant, Teacher, Thing
from points.activities.domain.rulebook import Rulebook
from shared.policy import loader
from shared.policy.points import RatedResource

Due = tuple[str, str, str, int, int]
"""Teacher, thing, rule, year and points before the cap."""


@cache
def book() -> Rulebook:
    """The shipped rules: their figures, not our way of applying them."""
    return Rulebook(loader.builtin())


class _Granting(Protocol):
    """A rule that gives one person points."""

    @property
    def id(self) -> str: ...
    @property
    def points(self) -> int: ...


class Activity(BaseModel):
    """An act as it is sent."""

    source: str
    id: str
    type: str
    teacher: str
    occurred_at: AwareDatetime
    object: dict[str, Any]

    def named(self, kind: str) -> str:
        """The name of an object of the act."""
        return f"{kind}:{self.source}/{self.object[kind]}"

    @property
    def about(self) -> str:
        """What the act is about."""
        return self.named(self.type.partition(".")[0])

    @property
    def names(self) -> list[str]:
        """Every object that the act names."""
        home = [self.named("workshop")] if "workshop" in self.object else []
        content = [f"content:{self.object['content_hash']}"] if "content_hash" in self.object else []
        return [self.about, *home, *content]


async def take_in(session: AsyncSession, activities: Sequence[Activity]) -> int:
    """Store acts, count, and award what became due; how many acts were new."""
    things = await _locked(session, activities)
    fresh, due = 0, list[Due]()
    for one in activities:
        query = select(Act).where(Act.source == one.source, Act.key == one.id)
        if await session.scalar(query) is None:
            fresh += 1
            session.add(_stored(one))
            await _note(session, one, things)
            due += _earned(one, things)
    for claim in sorted(set(due)):
        await _award(session, claim)
    return fresh


async def _locked(session: AsyncSession, activities: Iterable[Activity]) -> dict[str, Thing]:
    names = sorted({name for one in activities for name in one.names})
    await session.execute(insert(Thing).on_conflict_do_nothing(), [{"name": name} for name in names])
    query = select(Thing).where(Thing.name.in_(names)).order_by(Thing.name).with_for_update()
    return {thing.name: thing for thing in await session.scalars(query)}


def _stored(one: Activity) -> Act:
    return Act(
        source=one.source,
        key=one.id,
        type=one.type,
        teacher=one.teacher,
        occurred_at=one.occurred_at,
        object=one.object,
    )


async def _note(session: AsyncSession, one: Activity, things: dict[str, Thing]) -> None:
    """Keep what an act says about the thing that it is about."""
    thing = things[one.about]
    match one.type:
        case "topic.replied" | "resource.rated":
            await _count(session, thing, one.teacher, int(one.object.get("stars", 0)))
        case "activity.withdrawn":
            query = select(Act).where(Act.source == one.source, Act.key == one.object["activity"])
            if (found := await session.scalar(query)) is not None:
                found.withdrawn = True
        case "topic.started" | "resource.shared" | "workshop.founded" | "session.created":
            if thing.author is None:
                thing.author = one.teacher
                await _forget_own(session, thing)
        case _:
            pass


async def _count(session: AsyncSession, thing: Thing, teacher: str, stars: int) -> None:
    """Count a person once; a later rating replaces the earlier one."""
    if teacher == thing.author:
        return
    known = await session.get(Participant, (thing.name, teacher))
    if known is None:
        known = Participant(thing=thing.name, teacher=teacher, stars=0)
        session.add(known)
        thing.people += 1
    thing.good += _good(stars) - _good(known.stars)
    thing.stars += stars - known.stars
    known.stars = stars


async def _forget_own(session: AsyncSession, thing: Thing) -> None:
    """The author turned up after their own reply or rating."""
    own = await session.get(Participant, (thing.name, thing.author))
    if own is not None:
        thing.people -= 1
        thing.good -= _good(own.stars)
        thing.stars -= own.stars
        await session.delete(own)


def _good(stars: int) -> bool:
    return any(stars >= rule.good_stars for rule in book().rated)


def _earned(one: Activity, things: dict[str, Thing]) -> list[Due]:
    """What an act makes due, under the rules that need no other thing than those it names."""
    thing, year = things[one.about], book().year_of(one.occurred_at)
    rules: Iterable[_Granting] = ()
    to = thing.author
    match one.type:
        case "topic.started" | "topic.replied":
            rules = [rule for rule in book().discussed if thing.people >= rule.min_people]
        case "resource.shared" | "resource.rated":
            rules = [rule for rule in book().rated if _rated(thing, rule)]
        case "workshop.founded":
            rules = book().founded
        case "session.created" if things[one.named("workshop")].author == one.teacher:
            rules = book().hosted
        case "homework.recommended" if _by_host(one, things):
            rules, to = book().recommended, one.teacher
        case _:
            pass
    due = [(to, thing.name, rule.id, year, rule.points) for rule in rules if to is not None]
    return due + _first_shared(one, things)


def _first_shared(one: Activity, things: dict[str, Thing]) -> list[Due]:
    """A content counts for whoever shares it first."""
    if one.type != "resource.shared":
        return []
    content = things[f"content:{one.object['content_hash']}"]
    if content.author is not None:
        return []
    content.author, year = one.teacher, book().year_of(one.occurred_at)
    return [(one.teacher, content.name, rule.id, year, rule.points) for rule in book().shared]


def _by_host(one: Activity, things: dict[str, Thing]) -> bool:
    host = things[one.named("workshop")].author
    return host is not None and host == one.object["by"] and host != one.teacher


def _rated(thing: Thing, rule: RatedResource) -> bool:
    return thing.good >= rule.min_good and thing.stars >= rule.min_mean * thing.people


async def _award(session: AsyncSession, due: Due) -> None:
    """Award what is not awarded yet, as far as the teacher's cap of the year reaches."""
    teacher, thing, rule, year, asked = due
    if await session.scalar(select(Award).where(Award.rule == rule, Award.thing == thing)) is not None:
        return
    await session.execute(insert(Teacher).values(id=teacher).on_conflict_do_nothing())
    await session.get(Teacher, teacher, with_for_update=True)
    standing = select(func.coalesce(func.sum(Award.points), 0)).where(
        Award.teacher == teacher, Award.rule == rule, Award.year == year
    )
    before = int(await session.scalar(standing) or 0)
    cap = book().caps.get(rule)
    points = asked if cap is None else max(0, min(asked, cap - before))
    session.add(Award(rule=rule, thing=thing, teacher=teacher, year=year, points=points))
