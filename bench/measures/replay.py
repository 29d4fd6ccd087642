"""E5: the rules over all recorded acts in one Python process, and the whole rebuild of every projection.

The replay folds every object from its acts, asks the rules, cuts by the caps, and must come to the awards
that the service posted act by act. The rebuild is the service's own: it also checks the chain and compares.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any, cast

import msgspec
from asyncpg import Connection, Record

from bench.checks import WrongRunError
from bench.recording import context
from bench.servers import Servers
from points.activities.domain.act import Act
from points.activities.domain.admission import Key
from points.activities.domain.claims import Claim, claims_on
from points.activities.domain.differences import recut
from points.activities.domain.objects import Group, State, empty, groups_of, kind_of, refold, see
from points.activities.domain.rulebook import Rulebook
from points.activities.entries import RECORDED_TYPE, STRUCK_TYPE, ActivityStruck
from points.app import PROJECTIONS
from shared.runtime.database import Database
from shared.runtime.journal.rebuild import compare

Granted = Mapping[tuple[str, str, str, int], int]
"""Points after the cap by ground, rule, teacher and year."""
CHUNK = 5000
_SAID = f"select subject, type, data from journal where type in ('{RECORDED_TYPE}', '{STRUCK_TYPE}')"
_POSTED = "select ground, rule, teacher, year, points from award"


async def measure(servers: Servers, database: str, acts: int) -> dict[str, float]:
    """E5 in acts a second, by rules and by rebuild.

    Raises: WrongRunError.
    """
    return {
        "E5-rules": acts / await _replay(servers, database),
        "E5-rebuild": acts / await _rebuild(servers, database),
    }


async def _replay(servers: Servers, database: str) -> float:
    book = context().book
    async with servers.connected(database) as link:
        began = perf_counter()
        granted = replayed(await _standing(link), book)
        seconds = perf_counter() - began
        posted = {tuple(row)[:4]: row["points"] for row in await link.fetch(_POSTED)}
    if granted != posted:
        odd = set(granted.items()) ^ set(cast("Mapping[Any, int]", posted).items())
        raise WrongRunError(f"the rules grant and the service posted differently: {sorted(odd)[:2]}")
    return seconds


async def _standing(link: "Connection[Record]") -> Mapping[str, Iterable[Act]]:
    """Acts that stand by their objects, from the journal alone."""
    said: dict[str, list[Act]] = defaultdict(list)
    struck: dict[str, set[Key]] = defaultdict(set)
    act, strike = msgspec.json.Decoder(Act).decode, msgspec.json.Decoder(ActivityStruck).decode
    async with link.transaction():
        cursor = await link.cursor(_SAID)
        while rows := await cursor.fetch(CHUNK):
            for subject, kind, data in rows:
                if kind == RECORDED_TYPE:
                    said[subject].append(act(data))
                else:
                    gone = strike(data)
                    struck[subject].add((gone.source, gone.id))
    for subject, keys in struck.items():
        said[subject] = [one for one in said[subject] if one.key not in keys]
    return said


def replayed(by_subject: Mapping[str, Iterable[Act]], book: Rulebook) -> Granted:
    """Everything the rules grant for acts that stand, by the object that they name."""
    things: dict[str, State] = {}
    groups: dict[str, Group] = {}
    for subject, acts in by_subject.items():
        state = refold(subject, acts, book)
        if kind_of(subject) == "workshop":
            groups[subject] = cast("Group", state)
        else:
            things[subject] = state
    members: dict[str, dict[str, State]] = defaultdict(dict)
    for name, state in things.items():
        for group in groups_of(state):
            members[group][name] = state
    for group, held in members.items():
        known = groups.get(group) or cast("Group", empty(group))
        groups[group] = see(known, group, held)
    claims: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    for name, state in (things | groups).items():
        for claim in claims_on(name, state, groups, book):
            claims[claim.teacher, claim.rule, claim.year].append(claim)
    return {
        asked.claim.key: left.granted
        for (_, rule, _), wanted in claims.items()
        for asked, left in recut([], wanted, book.caps.get(rule)).granted
        if asked.claim is not None
    }


async def _rebuild(servers: Servers, database: str) -> float:
    opened = Database(servers.addresses("points", database).owner)
    try:
        began = perf_counter()
        found = await compare(opened, context().journal, PROJECTIONS)
        seconds = perf_counter() - began
    finally:
        await opened.dispose()
    if found:
        raise WrongRunError(f"the rebuild differs in {len(found)} places, the first: {found[0]}")
    return seconds
