"""Object states (对象状态): mergeable folds of the acts that name an object, one module a kind.

A *thing* (topic, resource, session, homework) is a fold of acts alone. A *group* (workshop, content) also
sees the things that belong to it. Whoever changes what a group sees of a thing, or decides about, holds the
group too, so whoever holds a group may read that of its things.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from points.activities.domain.act import Act, Deed
from points.activities.domain.objects import content, homework, resource, session, topic, workshop
from points.activities.domain.objects.content import Content
from points.activities.domain.objects.homework import Homework
from points.activities.domain.objects.resource import Resource
from points.activities.domain.objects.session import Session
from points.activities.domain.objects.topic import Topic
from points.activities.domain.objects.workshop import Workshop
from points.activities.domain.rulebook import Rulebook

Thing = Topic | Resource | Session | Homework
Group = Workshop | Content
State = Thing | Group
Hosts = tuple[tuple[str, Deed | None], ...]

KINDS: Mapping[str, type[State]] = {
    "topic": Topic,
    "resource": Resource,
    "session": Session,
    "homework": Homework,
    "workshop": Workshop,
    "content": Content,
}
"""The kinds of subject that have a state."""


def kind_of(subject: str) -> str:
    """The word before the colon."""
    return subject.partition(":")[0]


def empty(subject: str) -> State:
    """The state of an object of which nothing is known."""
    return KINDS[kind_of(subject)]()


def fold(state: State, acts: Iterable[Act], book: Rulebook) -> State | None:
    """Add acts that name the object; None asks for a refold from all of its acts."""
    match state:
        case Topic():
            return topic.fold(state, acts, book)
        case Resource():
            return resource.fold(state, acts, book)
        case Session():
            return session.fold(state, acts, book)
        case Homework():
            return homework.fold(state, acts, book)
        case Workshop():
            return workshop.fold(state, acts, book)
        case Content():
            raise AssertionError("no act names a content alone")


def refold(subject: str, acts: Iterable[Act], book: Rulebook) -> State:
    """The state from all acts that stand."""
    state = fold(empty(subject), acts, book)
    assert state is not None, "nothing is settled in an empty state"
    return state


def deciders_of(thing: State) -> frozenset[str]:
    """The workshops whose host decides about a thing."""
    match thing:
        case Session(founding=founding) if founding is not None:
            return frozenset({founding.workshop})
        case Homework(recommendations=recommendations):
            return frozenset(given.workshop for given in recommendations)
        case _:
            return frozenset()


def groups_of(thing: State) -> frozenset[str]:
    """The groups that a thing belongs to, or whose host decides about it."""
    if isinstance(thing, Resource) and thing.founding is not None:
        return frozenset({thing.founding.content})
    return deciders_of(thing)


def groups_concerned(before: State, after: State) -> frozenset[str]:
    """The groups that see a thing, or decide about it, otherwise than before; ratings concern none."""
    if after is before:
        return frozenset()
    if isinstance(before, Resource) and isinstance(after, Resource) and before.founding == after.founding:
        return frozenset()
    return groups_of(before) | groups_of(after)


def hosts_over(state: State, groups: Mapping[str, Group]) -> Hosts:
    """The foundings of workshops that decide, beside its own state, what the rules grant on an object."""
    deciders = deciders_of(state)
    if not deciders:
        return ()
    return tuple(
        (name, group.founding) for name in sorted(deciders) if isinstance(group := groups[name], Workshop)
    )


def see(group: Group, subject: str, things: Mapping[str, State]) -> Group:
    """Let a group take over things of it that changed."""
    if isinstance(group, Workshop):
        sessions = {name: thing for name, thing in things.items() if isinstance(thing, Session)}
        return workshop.see(group, subject, sessions)
    return content.see(group, subject, cast("Mapping[str, Resource]", things))
