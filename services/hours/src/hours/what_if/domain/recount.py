"""A year's hours counted twice (重新计入): by the rules in force and by a draft, on what was registered.

What a record gives is valued by both; only where they differ is it otherwise than it stands. Then everything
is cut under the caps of each, in the order in which it was registered; where a cycle has a cap, other years
are cut with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.cap import cut, limit_of
from hours.ledger.domain.claim import Account, Claim, Pool
from hours.records.domain.judge import find_rule, given
from hours.records.domain.registration import Refused, Registration
from shared.policy.categories import Category
from shared.policy.pack import Pack


class Fact(NamedTuple):
    """A claim that stands, and the record behind it; None where it is an exchange."""

    claim: Claim
    registration: Registration | None


class Placed(NamedTuple):
    """A claim as one set of rules has it, or why it has none of it."""

    claim: Claim
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What counts of a claim, in which category, and why not more."""

    rule: str
    category: Category
    hours: Decimal
    over_cap: Decimal
    reason: str


Count = Mapping[str, Counted]
"""By ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """A teacher's year under both."""

    teacher: str
    in_force: Count
    drafted: Count

    @property
    def grounds(self) -> list[str]:
        """Of which something else counts, or elsewhere."""
        return [ground for ground in {**self.in_force, **self.drafted} if self._differs(ground)]

    def _differs(self, ground: str) -> bool:
        before, after = self.in_force.get(ground), self.drafted.get(ground)
        if before is None or after is None:
            return bool((before or after or NOTHING).hours)
        return (before.category, before.hours) != (after.category, after.hours)


NOTHING = Counted(rule="", category="", hours=ZERO, over_cap=ZERO, reason="")


def sums(count: Count) -> dict[Category, Decimal]:
    """Counted hours by category, nothing where there are none."""
    found: dict[Category, Decimal] = defaultdict(lambda: ZERO)
    for one in count.values():
        found[one.category] += one.hours
    return {category: hours for category, hours in sorted(found.items()) if hours}


def years_cut_with(year: int, *packs: Pack) -> dict[str, set[int]]:
    """By rule the other years that a cap of a cycle cuts together with one, in any of some packs."""
    found: dict[str, set[int]] = defaultdict(set)
    for pack in packs:
        for source in pack.hours:
            account = Account(teacher="", year=year, rule=source.id, category=source.category)
            if (cycle := limit_of(pack, account).cycle) is not None:
                found[source.id].update(cycle.span.years)
    return {rule: years - {year} for rule, years in found.items()}


def recount(
    facts: Sequence[Fact], exchanged: Mapping[str, Claim], in_force: Pack, draft: Pack
) -> tuple[Count, Count]:
    """What counts by the rules in force, and by the draft with other exchanges, by their grounds."""
    standing = [Placed(fact.claim) for fact in facts]
    known = {fact.claim.ground for fact in facts}
    drafted = [_placed(_exchanged(fact, exchanged), in_force, draft) for fact in facts]
    drafted += [
        _placed(Fact(claim, None), in_force, draft)
        for ground, claim in exchanged.items()
        if ground not in known
    ]
    return _count(standing, in_force), _count(drafted, draft)


def _exchanged(fact: Fact, exchanged: Mapping[str, Claim]) -> Fact:
    other = exchanged.get(fact.claim.ground)
    return fact if other is None else fact._replace(claim=replace(fact.claim, hours=other.hours))


def _placed(fact: Fact, in_force: Pack, draft: Pack) -> Placed:
    """A claim where the draft puts it, with the hours that it gives."""
    claim, account = fact.claim, fact.claim.account
    if fact.registration is None:
        if draft.exchange is None or account.category not in draft.targets:
            return Placed(claim, "category.not_exchangeable")
        return Placed(replace(claim, account=replace(account, rule=draft.exchange.id)))
    source = find_rule(draft, account.rule)
    if isinstance(source, Refused):
        return Placed(claim, source.code)
    claim = replace(claim, account=replace(account, category=source.category))
    before, after = find_rule(in_force, account.rule), given(draft, source, fact.registration)
    valued = None if isinstance(before, Refused) else given(in_force, before, fact.registration)
    if valued is None or isinstance(valued, Refused):
        return Placed(claim)  # it stands by older rules; this draft is not what makes it otherwise
    if isinstance(after, Refused):
        return Placed(claim, after.code)
    return Placed(claim if after.amount == valued.amount else replace(claim, hours=after.amount))


def _count(placed: Iterable[Placed], pack: Pack) -> Count:
    together: dict[Pool, list[Claim]] = defaultdict(list)
    found: dict[str, Counted] = {}
    for one in placed:
        account = one.claim.account
        found[one.claim.ground] = _nothing(account, one.refused)
        if not one.refused:
            together[account.pool].append(one.claim)
    for claims in together.values():
        found.update(_cut(claims, pack))
    return found


def _cut(claims: Sequence[Claim], pack: Pack) -> Iterator[tuple[str, Counted]]:
    limits = [limit_of(pack, claim.account) for claim in claims]
    for claim, result in zip(claims, cut(zip(claims, limits, strict=True)), strict=True):
        yield (
            claim.ground,
            Counted(
                rule=claim.account.rule,
                category=claim.account.category,
                hours=result.counted,
                over_cap=result.over_cap,
                reason=result.reason,
            ),
        )


def _nothing(account: Account, reason: str) -> Counted:
    return Counted(rule=account.rule, category=account.category, hours=ZERO, over_cap=ZERO, reason=reason)
