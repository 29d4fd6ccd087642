"""Judging: what the rules grant on changed objects, compared with what stands, posted as a difference.

Claims of a ground change only under the lock of that ground; cuts change under the lock of the teacher, so
what a cap looks at is read again once teachers are locked.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, cast

from points.accounts import operations as accounts
from points.accounts.domain.award import Grant, Standing, Taken
from points.activities.domain.caps import Cut
from points.activities.domain.claims import Claim, ClaimKey, claims_on
from points.activities.domain.differences import Asked, Changed, changed, recut
from points.activities.domain.objects import Group, State, deciders_of, groups_of, hosts_over
from points.activities.operations.objects import Batch, dependents, is_group, load
from points.activities.store.memory import Judged
from points.exchanges import operations as exchanges
from points.settings import Context
from shared.runtime.database import Transaction

RuleKey = tuple[str, str, int]
"""Teacher, rule and year: what a cap is counted for."""


async def judge(tx: Transaction, context: Context, batch: Batch) -> None:
    """Post what the acts of a batch have changed in what was earned."""
    grounds: dict[str, State] = {name: batch.after[name] for name in batch.changed}
    grounds |= await dependents(tx, context, batch)
    if not grounds:
        return
    groups = await _groups(tx, context, batch, grounds)
    former = groups | {name: cast("Group", old) for name, old in batch.before.items() if is_group(name)}
    unknown: list[str] = []
    claims: list[Claim] = []
    gone: list[ClaimKey] = []
    fresh: list[Claim] = []
    for name, state in grounds.items():
        granted = {claim.essence: claim for claim in claims_on(name, state, groups, context.book)}
        hosts = hosts_over(state, groups)
        before = batch.judged.get(name)
        if before is None or before.hosts != hosts_over(batch.before[name], former):
            unknown.append(name)
            claims += granted.values()
        elif granted or before.claims:
            gone += [essence[:4] for essence in before.claims - granted.keys()]
            fresh += [claim for essence, claim in granted.items() if essence not in before.claims]
        batch.judged[name] = Judged(hosts, frozenset(granted))
    difference = changed(claims, await accounts.standing_on(tx, unknown))
    difference.gone.extend(await accounts.standing_for(tx, gone))
    difference.fresh.extend(fresh)
    if difference.gone or difference.fresh:
        await _post(tx, context, difference, _struck(batch, grounds))


async def _groups(
    tx: Transaction, context: Context, batch: Batch, grounds: Mapping[str, State]
) -> dict[str, Group]:
    """States of all groups that decide about these things."""
    needed = {group for state in grounds.values() for group in deciders_of(state)}
    known = {name: batch.after[name] for name in needed if name in batch.after}
    found = known | await load(tx, context, needed - known.keys())
    return {name: cast("Group", state) for name, state in found.items()}


def _struck(batch: Batch, grounds: Collection[str]) -> set[str]:
    """Grounds that changed because an act was withdrawn."""
    if not batch.struck:
        return set()
    hit = set(batch.struck)
    for name in batch.struck:
        hit |= groups_of(batch.before[name]) | groups_of(batch.after[name])
    refounded = any(is_group(name) for name in batch.struck)
    return hit | (set(grounds) if refounded else set())


async def _post(tx: Transaction, context: Context, difference: Changed, struck: Collection[str]) -> None:
    gone: dict[RuleKey, dict[ClaimKey, Standing]] = defaultdict(dict)
    fresh: dict[RuleKey, list[Claim]] = defaultdict(list)
    for award in difference.gone:
        gone[_key(award)][award.key] = award
    for claim in difference.fresh:
        fresh[_key(claim)].append(claim)
    touched = gone.keys() | fresh.keys()
    await context.journal.lock(tx, {accounts.subject(teacher) for teacher, _, _ in touched})
    kept: dict[RuleKey, list[Standing]] = defaultdict(list)
    for award in await accounts.standing_under(tx, {key for key in touched if key[1] in context.book.caps}):
        key = _key(award)
        if award.key in gone[key]:
            gone[key][award.key] = award
        else:
            kept[key].append(award)
    taken: list[Taken] = []
    granted: list[tuple[Asked, Cut]] = []
    for key in sorted(touched):
        taken += [
            Taken(award=award, reason="withdrawn" if award.ground in struck else "recomputed")
            for award in gone[key].values()
        ]
        new = recut(kept[key], fresh[key], context.book.caps.get(key[1]))
        taken += [Taken(award=award, reason="recomputed") for award in new.taken]
        granted += new.granted
    posted = await accounts.posted_as(tx, context, [asked.award for asked, _ in granted if asked.award])
    grants = [_grant(context, asked, left, posted) for asked, left in granted]
    debts = await accounts.post(tx, context, taken, grants)
    await exchanges.recall_for(tx, context, debts)


def _key(item: Claim | Standing) -> RuleKey:
    return item.teacher, item.rule, item.year


def _grant(
    context: Context, asked: Asked, left: Cut, posted: Mapping[ClaimKey, tuple[str, Mapping[str, Any]]]
) -> Grant:
    """What is posted for a claim, with the figures of its cut; an award stays under its version."""
    one = asked.claim or asked.award
    assert one is not None, "a claim is fresh or has an award"
    policy, basis = (
        (context.pack.reference, asked.claim.basis) if asked.claim is not None else posted[one.key]
    )
    cut = {} if asked.cap is None else {"cap": asked.cap, "before": left.before}
    return Grant(
        ground=one.ground,
        rule=one.rule,
        teacher=one.teacher,
        year=one.year,
        at=asked.moment.at,
        source=asked.moment.source,
        act=asked.moment.id,
        asked=asked.asked,
        points=left.granted,
        policy=policy,
        basis={**basis, **cut},
    )
