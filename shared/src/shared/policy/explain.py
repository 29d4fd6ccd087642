"""The legal ground (依据) of a decision, for people: which rule, which clause, in which words.

Services store the rule id and the pack's reference with each fact and render their own arithmetic; the words
come from the pack, so an explanation cannot contradict what was decided.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared import wording
from shared.policy.header import Slot
from shared.policy.names import amount_name, caller_name, item_name, level_name, unit_name
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource
from shared.policy.years import Deduction
from shared.wording import Named

Language = wording.Language

DECIDER_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "some": "{format} classes of a {level}: approved by {by}",
        "others": "other classes: approved by {by}",
        "all": "classes: approved by {by}",
        "hours": "{amounts}: recognised by {by}",
    },
    "zh": {
        "some": "{level}级 {format} 培训班:由{by}审批",
        "others": "其他培训班:由{by}审批",
        "all": "培训班:由{by}审批",
        "hours": "{amounts}:由{by}认定",
    },
}

DEDUCTION_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "some": "takes {hours} {unit} off the year, in this order: {categories}",
        "blank": "takes {amounts} off the year, how many is not set, in this order: {categories}",
        "by": "decided by {by}",
        "withholds": "the year does not pass while it stands, and gets no certificate",
    },
    "zh": {
        "some": "扣减当年{hours}{unit},依次扣自{categories}",
        "blank": "扣减当年{amounts},数额未定,依次扣自{categories}",
        "by": "由{by}决定",
        "withholds": "扣减存续期间该年度不予通过,不办理证书",
    },
}


def deciders(pack: Pack, source: AnyHourSource, language: Language) -> Iterator[str]:
    """Who decides on what comes under a rule, a sentence each: approves its classes, recognises its hours."""
    words, classes = DECIDER_WORDS[language], source.classes
    for one in classes.approvals if classes else ():
        which = {"level": level_name(one.level), "format": one.format}
        yield wording.filled(words["some"], {**which, "by": _named(one.approvers)}, language)
    if classes is not None:
        rest = words["others" if classes.approvals else "all"]
        yield wording.filled(rest, {"by": _named(classes.approvers)}, language)
    if source.reviewers:
        recogniser = {"amounts": amount_name(pack), "by": caller_name(source.reviewers[-1])}
        yield wording.filled(words["hours"], recogniser, language)


def deduction(pack: Pack, rule: Deduction, language: Language) -> Iterator[str]:
    """What is deducted under a rule and by whom, a sentence each; it says so where the figure is blank."""
    words = DEDUCTION_WORDS[language]
    figures = {
        "hours": rule.hours,
        "unit": unit_name(pack, language),
        "amounts": amount_name(pack),
        "categories": [item_name(pack, one) for one in rule.categories],
        "by": _named(rule.deciders),
    }
    said = ("blank" if rule.hours is None else "some", "by", *(["withholds"] if rule.withholds else []))
    yield from (wording.filled(words[name], figures, language) for name in said)


def _named(kinds: Iterable[str]) -> list[Named]:
    return [caller_name(kind) for kind in kinds]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one entry says what it says."""

    rules: Sequence[str]
    """Rules of the pack that decided, the first one foremost."""
    words: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    arithmetic: Sequence[str] = ()
    because: Sequence[str] = ()
    """Event ids of the entries it rests on."""
    acts: Collection[str] = ()
    """Acts any of which lets somebody be told this; empty: whoever asks why."""


def cited(pack: Pack, rule_id: str) -> dict[str, str]:
    """The ground of a rule that a fact names; its id alone where the version that decided had dropped it.

    Such a fact takes back what an earlier version gave.
    """
    if pack.lookup(rule_id) is not None:
        return ground(pack, rule_id)
    return {"rule": rule_id, "clause": "", "pack": "", "words": "", "title": "", "title_zh": ""}


def ground(pack: Pack, rule_id: str) -> dict[str, str]:
    """Return rule, clause, words, titles and pack.

    A reserved slot has no words; its titles say what is missing.

    Raises:
        KeyError: the pack does not know the id.

    """
    found = pack.lookup(rule_id)
    if found is None:
        raise KeyError(rule_id)
    common = {"rule": found.id, "clause": found.clause, "pack": pack.reference}
    if isinstance(found, Slot):
        return {**common, "words": "", "title": found.note, "title_zh": found.note_zh}
    return {**common, "words": found.words, "title": found.title, "title_zh": found.title_zh}


def carry_over(pack: Pack) -> dict[str, Any] | None:
    """Return what is carried into the next year, above what, for how long; None where nothing is."""
    rule = pack.carry_over
    if rule is None:
        return None
    figures = {"category": rule.category, "threshold": f"{rule.threshold:.2f}", "years": rule.years}
    return {**ground(pack, rule.id), **figures}
