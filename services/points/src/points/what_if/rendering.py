"""Differences for people: the titles of rules, and in words why a draft does not grant a request."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from points.exchanges.domain.deciding import Refused
from points.exchanges.domain.refusal import REFUSALS, refusal_words
from points.what_if.domain.comparison import Compared, ExchangeDifference, Side
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.runtime.errors import DomainError, Problems


class Told(NamedTuple):
    """Both packs, and the words of refusals in the language of the request."""

    in_force: Pack
    draft: Pack
    problems: Problems

    def teacher(self, compared: Compared) -> dict[str, Any]:
        """A teacher's points under both, and in what the two differ."""
        return {
            "teacher": compared.teacher,
            "differs": compared.differs,
            "in_force": side(compared.in_force),
            "draft": side(compared.draft),
            "rules": list(self._rules(compared)),
            "exchanges": [self._exchange(one) for one in compared.exchanges],
        }

    def _rules(self, compared: Compared) -> Iterator[dict[str, Any]]:
        before, after = compared.in_force.by_rule, compared.draft.by_rule
        for rule in sorted(before.keys() | after.keys()):
            if before.get(rule, 0) != after.get(rule, 0):
                yield {
                    "rule": rule,
                    "title": self._title(rule),
                    "in_force": before.get(rule, 0),
                    "draft": after.get(rule, 0),
                }

    def _title(self, rule: str) -> str:
        """As the draft names the rule, or as the rules in force do where it has none of that name."""
        pack = self.draft if self.draft.lookup(rule) else self.in_force
        return ground(pack, rule)["title_zh" if self.problems.language == "zh" else "title"]

    def _exchange(self, difference: ExchangeDifference) -> dict[str, Any]:
        refused = difference.refused
        return {
            "request": difference.request,
            "category": difference.category,
            "in_force": difference.in_force,
            "draft": difference.draft,
            "code": refused.code if refused else "",
            "words": self._words(refused) if refused else "",
        }

    def _words(self, refused: Refused) -> str:
        if refused.code in REFUSALS:
            return refusal_words(refused.code, refused.figures, self.problems.language)
        return str(self.problems.render(DomainError(refused.code, **refused.figures))["detail"])


def side(one: Side) -> dict[str, Any]:
    """Points of a year under one set of rules."""
    return {"awarded": one.awarded, "expired": one.expired, "exchanged": dict(one.exchanged)}


def totals(compared: Sequence[Compared]) -> dict[str, Any]:
    """Sums over some teachers."""
    return {
        "teachers": len(compared),
        "differing": sum(one.differs for one in compared),
        "in_force": _sum([one.in_force for one in compared]),
        "draft": _sum([one.draft for one in compared]),
    }


def _sum(sides: Sequence[Side]) -> dict[str, Any]:
    exchanged = Counter[str]()
    for one in sides:
        exchanged.update(one.exchanged)
    return {
        "awarded": sum(one.awarded for one in sides),
        "expired": sum(one.expired for one in sides),
        "exchanged": dict(exchanged),
    }
