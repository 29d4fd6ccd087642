"""Counts a set of acts with the service's folds, claims and caps, without a store."""

from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from points.activities.domain.act import Act
from points.activities.domain.claims import Claim, claims_on
from points.activities.domain.differences import recut
from points.activities.domain.objects import Group, State, empty, groups_of, refold, see
from points.activities.domain.rulebook import Rulebook
from shared.policy.loader import builtin
from tests.unit.points.reference import Award, standing

GUANGZHOU = builtin()
BOOK = Rulebook(GUANGZHOU)


def by_subject(acts: Iterable[Act]) -> dict[str, list[Act]]:
    """The acts that name each object, withdrawals apart."""
    named: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if act.withdraws is None:
            named[act.subject].append(act)
    return named


def claims(acts: Iterable[Act], book: Rulebook = BOOK) -> list[Claim]:
    """What the rules grant on a set of acts, before caps."""
    states = {subject: refold(subject, about, book) for subject, about in by_subject(standing(acts)).items()}
    return claims_of_states(states, book)


def claims_of_states(states: dict[str, State], book: Rulebook = BOOK) -> list[Claim]:
    """What the rules grant on the states of all objects that acts name."""
    things = {subject: state for subject, state in states.items() if not subject.startswith("workshop:")}
    belonging: dict[str, dict[str, State]] = defaultdict(dict)
    for subject, thing in things.items():
        for group in groups_of(thing):
            belonging[group][subject] = thing
    groups: dict[str, Group] = {}
    for name in belonging.keys() | (states.keys() - things.keys()):
        groups[name] = see(cast("Group", states.get(name, empty(name))), name, belonging[name])
    everything: dict[str, State] = {**things, **groups}
    return [claim for name, state in everything.items() for claim in claims_on(name, state, groups, book)]


def awards(acts: Iterable[Act], book: Rulebook = BOOK) -> list[Award]:
    """What stands after caps, in the form of the reference."""
    return after_caps(claims(acts, book), book)


def after_caps(found: Iterable[Claim], book: Rulebook) -> list[Award]:
    """Cut the claims of each teacher, rule and year."""
    asked: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    for claim in found:
        asked[claim.teacher, claim.rule, claim.year].append(claim)
    return sorted(
        Award(who, rule, year, one.moment.source, one.moment.id, one.asked, left.granted)
        for (who, rule, year), several in asked.items()
        for one, left in recut([], several, book.caps.get(rule)).granted
    )


def points_of(acts: Iterable[Act], rule: str) -> dict[str, int]:
    """Points by teacher under one rule; who earned nothing is absent."""
    sums: dict[str, int] = defaultdict(int)
    for award in awards(acts):
        if award.rule == rule and award.points:
            sums[award.teacher] += award.points
    return dict(sums)
