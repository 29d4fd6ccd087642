"""What of a teacher's points is otherwise under a draft (试算差异): sums, rules, exchanges."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from points.accounts.domain.holding import Holding
from points.accounts.domain.lot import Movement
from points.exchanges.domain.deciding import Refused
from points.exchanges.domain.requested import Requested
from points.what_if.domain.account import Earned, decide_again, decided_alike, lost, opened
from shared.policy.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was recorded of a teacher, as far as a year's points rest on it."""

    teacher: str
    earlier: Sequence[Earned]
    """Awards of years before, which no draft of this year touches."""
    burnt: Sequence[tuple[datetime, Movement]]
    """By lot, what exchanges of years before took."""
    requests: Sequence[Requested]
    at: datetime
    """What had expired by then is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The year's points under one set of rules."""

    awarded: int
    expired: int
    """Of those that were awarded."""
    exchanged: Mapping[str, int]
    """Hours by category."""
    by_rule: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeDifference:
    """A request of which other hours stand under the draft."""

    request: str
    category: str
    in_force: int
    draft: int
    refused: Refused | None
    """Why the draft does not grant it; None where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A teacher's year under both."""

    teacher: str
    in_force: Side
    draft: Side
    exchanges: Sequence[ExchangeDifference]

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise."""
        return self.in_force != self.draft or bool(self.exchanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A pack, and what it granted a teacher in the year."""

    pack: Pack
    earned: Sequence[Earned]


def compare(facts: Facts, in_force: Rules, draft: Rules) -> Compared:
    """Decide the year's requests by both, and keep what the two decide otherwise."""
    before = _opened(facts, in_force)
    alike = decided_alike(before, facts.requests, in_force.pack)
    standing, _ = decide_again(before, alike, in_force.pack)
    holding, decisions = decide_again(_opened(facts, draft), alike, draft.pack)
    differences = [
        ExchangeDifference(
            request=one.request.request,
            category=one.request.category,
            in_force=one.request.stands,
            draft=0 if one.refused else one.request.asked,
            refused=one.refused,
        )
        for one in decisions
        if (one.refused is None) != bool(one.request.stands)
    ]
    exchanged = Counter[str]()
    for request in facts.requests:
        exchanged[request.category] += request.stands
    after = exchanged.copy()
    for difference in differences:
        after[difference.category] += difference.draft - difference.in_force
    return Compared(
        teacher=facts.teacher,
        in_force=_side(in_force, lost(standing, _ends(in_force), facts.at), exchanged),
        draft=_side(draft, lost(holding, _ends(draft), facts.at), after),
        exchanges=differences,
    )


def _opened(facts: Facts, rules: Rules) -> Holding:
    return opened(facts.teacher, [*facts.earlier, *rules.earned], facts.burnt)


def _ends(rules: Rules) -> set[datetime]:
    return {award.expires_at for award in rules.earned}


def _side(rules: Rules, expired: int, exchanged: Mapping[str, int]) -> Side:
    by_rule = Counter[str]()
    for award in rules.earned:
        by_rule[award.rule] += award.points
    return Side(
        awarded=sum(by_rule.values()),
        expired=expired,
        exchanged={category: hours for category, hours in sorted(exchanged.items()) if hours},
        by_rule={rule: points for rule, points in sorted(by_rule.items()) if points},
    )
