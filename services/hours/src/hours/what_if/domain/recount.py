"""Hours of some years counted twice (重新计入): by the rules in force and by a draft, on what was registered.

What a record gives is valued by both; only where they differ is it otherwise than it stands. Then everything
is cut under the caps of each, in the order in which it was registered; where a cycle has a cap, other years
are cut with it. What neither set of rules knows any more stays under the caps under which it was registered.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.cap import cut, limit_of
from hours.ledger.domain.claim import UNLIMITED, Account, Claim, Limit, Pool
from hours.ledger.domain.deduction import Deducted, afresh, together
from hours.ledger.domain.total import counted
from hours.records.domain.judge import find_rule, given
from hours.records.domain.registration import Refused, Registration
from shared.policy.categories import Category
from shared.policy.pack import Pack


class Fact(NamedTuple):
    """A claim that stands, the caps under which it was registered, and the record behind it.

    There is no record where it is an exchange.
    """

    claim: Claim
    limit: Limit
    registration: Registration | None


class Placed(NamedTuple):
    """A claim as one set of rules has it, with its caps, or why it has none of it."""

    claim: Claim
    limit: Limit
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What counts of a claim, in which year and category, and why not more."""

    year: int
    rule: str
    category: Category
    hours: Decimal
    over_cap: Decimal
    reason: str


Count = Mapping[str, Counted]
"""By ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """A teacher's years under both."""

    teacher: str
    in_force: Count
    drafted: Count
    deducted: Mapping[int, Sequence[Deducted]]
    """What inspections take of each year, whatever the draft says of inspections."""

    @property
    def grounds(self) -> list[str]:
        """Of which something else counts, or elsewhere."""
        return [ground for ground in {**self.in_force, **self.drafted} if self._differs(ground)]

    def _differs(self, ground: str) -> bool:
        before, after = self.in_force.get(ground), self.drafted.get(ground)
        if before is None or after is None:
            return bool((before or after or NOTHING).hours)
        return (before.category, before.hours) != (after.category, after.hours)


NOTHING = Counted(year=0, rule="", category="", hours=ZERO, over_cap=ZERO, reason="")


def sums(
    count: Count, deducted: Mapping[int, Sequence[Deducted]], years: Collection[int]
) -> dict[Category, Decimal]:
    """Counted hours of some years by category, less what is deducted, nothing where there are none."""
    found: dict[Category, Decimal] = defaultdict(lambda: ZERO)
    for year in years:
        posted = _posted(count, year)
        taken = together(one.hours for one in afresh(posted, deducted.get(year, ())))
        for category, hours in counted(posted, taken).items():
            found[category] += hours
    return dict(sorted(found.items()))


def _posted(count: Count, year: int) -> dict[Category, Decimal]:
    found: dict[Category, Decimal] = defaultdict(lambda: ZERO)
    for one in count.values():
        if one.year == year:
            found[one.category] += one.hours
    return found


def years_cut_with(years: Collection[int], *packs: Pack) -> dict[str, set[int]]:
    """By rule the other years that a cap of a cycle cuts together with some, in any of some packs."""
    found: dict[str, set[int]] = defaultdict(set)
    for pack, year in product(packs, years):
        for source in pack.hours:
            account = Account(teacher="", year=year, rule=source.id, category=source.category)
            if (cycle := limit_of(pack, account).cycle) is not None:
                found[source.id].update(cycle.span.years)
    return {rule: beside.difference(years) for rule, beside in found.items()}


def recount(
    facts: Sequence[Fact], exchanged: Mapping[str, Claim], in_force: Pack, draft: Pack
) -> tuple[Count, Count]:
    """What counts by the rules in force, and by the draft with other exchanges, by their grounds."""
    standing = [_standing(fact, in_force) for fact in facts]
    known = {fact.claim.ground for fact in facts}
    drafted = [_placed(_exchanged(fact, exchanged), in_force, draft) for fact in facts]
    drafted += [
        _placed(Fact(claim, UNLIMITED, None), in_force, draft)
        for ground, claim in exchanged.items()
        if ground not in known
    ]
    return _count(standing), _count(drafted)


def _exchanged(fact: Fact, exchanged: Mapping[str, Claim]) -> Fact:
    other = exchanged.get(fact.claim.ground)
    return fact if other is None else fact._replace(claim=replace(fact.claim, hours=other.hours))


def _standing(fact: Fact, pack: Pack) -> Placed:
    """A claim where it stands, under the caps of a pack; under its own where that has no such rule."""
    rule = fact.claim.account.rule
    known = pack.source(rule) is not None or (pack.exchange is not None and pack.exchange.id == rule)
    return Placed(fact.claim, limit_of(pack, fact.claim.account) if known else fact.limit)


def _placed(fact: Fact, in_force: Pack, draft: Pack) -> Placed:
    """A claim where the draft puts it, with the hours that it gives."""
    if fact.registration is None:
        return _as_exchanged(fact, in_force, draft)
    claim, account = fact.claim, fact.claim.account
    source, before = find_rule(draft, account.rule), find_rule(in_force, account.rule)
    if isinstance(source, Refused):
        gone = isinstance(before, Refused)
        return Placed(claim, fact.limit, "" if gone else source.code)
    moved = replace(account, category=source.category)
    claim, limit = replace(claim, account=moved), limit_of(draft, moved)
    after = given(draft, source, fact.registration)
    valued = None if isinstance(before, Refused) else given(in_force, before, fact.registration)
    if valued is None or isinstance(valued, Refused):
        return Placed(claim, limit)  # it stands by older rules; this draft is not what makes it otherwise
    if isinstance(after, Refused):
        return Placed(claim, limit, after.code)
    return Placed(claim if after.amount == valued.amount else replace(claim, hours=after.amount), limit)


def _as_exchanged(fact: Fact, in_force: Pack, draft: Pack) -> Placed:
    """An exchange under the draft, as far as points become hours there."""
    claim, account = fact.claim, fact.claim.account
    if draft.exchange is None or account.category not in draft.targets:
        gone = in_force.exchange is None
        return Placed(claim, fact.limit, "" if gone else "category.not_exchangeable")
    moved = replace(account, rule=draft.exchange.id)
    return Placed(replace(claim, account=moved), limit_of(draft, moved))


def _count(placed: Iterable[Placed]) -> Count:
    together: dict[Pool, list[Placed]] = defaultdict(list)
    found: dict[str, Counted] = {}
    for one in placed:
        found[one.claim.ground] = _nothing(one.claim.account, one.refused)
        if not one.refused:
            together[one.claim.account.pool].append(one)
    for claims in together.values():
        found.update(_cut(claims))
    return found


def _cut(placed: Sequence[Placed]) -> Iterator[tuple[str, Counted]]:
    cuts = cut((one.claim, one.limit) for one in placed)
    for claim, result in zip((one.claim for one in placed), cuts, strict=True):
        yield (
            claim.ground,
            Counted(
                year=claim.account.year,
                rule=claim.account.rule,
                category=claim.account.category,
                hours=result.counted,
                over_cap=result.over_cap,
                reason=result.reason,
            ),
        )


def _nothing(account: Account, reason: str) -> Counted:
    return Counted(
        year=account.year,
        rule=account.rule,
        category=account.category,
        hours=ZERO,
        over_cap=ZERO,
        reason=reason,
    )
