"""What the rules grant some teachers on all that was recorded: folded anew, and nothing of it is kept.

A draft of a pack is asked this way. No state of an object is kept under its name, so every state that matters
is folded from its acts.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple, cast

from points.activities.domain.claims import Claim, claims_on
from points.activities.domain.differences import recut
from points.activities.domain.objects import Group, State, deciders_of
from points.activities.operations.objects import load
from points.activities.store import acts, states
from points.settings import Context
from shared.runtime.database import Transaction


class Granted(NamedTuple):
    """A claim, and the points that its cap leaves of it."""

    claim: Claim
    points: int


async def granted_in(
    tx: Transaction, context: Context, teachers: Collection[str], year: int
) -> list[Granted]:
    """What the rules of `context` grant teachers in a year."""
    end = context.pack.years.end(year)
    named = await states.named_by(tx, context.journal, set(teachers), end)
    grounds = await load(tx, context, named | await acts.load_parents(tx, named))
    groups = await _groups(tx, context, grounds)
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for name, state in grounds.items():
        for claim in claims_on(name, state, groups, context.book):
            if claim.year == year and claim.teacher in teachers:
                claims[claim.teacher, claim.rule].append(claim)
    return [
        Granted(asked.claim, left.granted)
        for (_, rule), several in claims.items()
        for asked, left in recut((), several, context.book.caps.get(rule)).granted
        if asked.claim is not None
    ]


async def _groups(tx: Transaction, context: Context, grounds: Mapping[str, State]) -> dict[str, Group]:
    """The workshops whose hosts decide about these things."""
    needed = {group for state in grounds.values() for group in deciders_of(state)}
    found = {name: grounds[name] for name in needed if name in grounds}
    found |= await load(tx, context, needed - found.keys())
    return {name: cast("Group", state) for name, state in found.items()}
