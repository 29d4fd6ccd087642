"""The legal ground (依据) of a decision, for people: which rule, which clause, in which words.

Services store the rule id and the pack's reference with each fact and render their own arithmetic; the words
come from the pack, so an explanation cannot contradict what was decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared import wording
from shared.policy.categories import TOTAL, Item
from shared.policy.pack import AnyHourSource, Pack, Slot
from shared.wording import Named

Language = wording.Language

TOTAL_NAMES: Mapping[Language, Mapping[Item, str]] = {"en": {TOTAL: "total"}, "zh": {TOTAL: "年度总学时"}}

WAY_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "completion": "completion of a course",
        "declaration": "a declaration",
        "class": "a class",
        "plan": "a school's plan",
    },
    "zh": {"completion": "课程自动记录", "declaration": "申报", "class": "培训班", "plan": "校本研修计划"},
}
"""Ways in which hours are registered."""

CALLER_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "research_department": "research department",
        "distance_centre": "distance-training centre",
        "centre": "teacher development centre",
        "city": "continuing education department of the city",
        "education": "education department of the province",
    },
    "zh": {
        "platform": "网络研修平台",
        "centre": "教师发展中心",
        "teacher": "教师",
        "school": "学校",
        "research_department": "教研部门",
        "distance_centre": "远程培训教师发展中心",
        "province": "省人社系统",
        "city": "市继续教育主管部门",
        "education": "省教育厅",
        "operator": "运营方",
    },
}
"""Kinds of caller; one that is not here reads as it is written."""

LEVEL_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {"province": "省", "city": "市", "district": "区"},
}

DECIDER_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "some": "{format} classes of a {level}: approved by {by}",
        "others": "other classes: approved by {by}",
        "all": "classes: approved by {by}",
        "hours": "hours: recognised by {by}",
    },
    "zh": {
        "some": "{level}级 {format} 培训班:由{by}审批",
        "others": "其他培训班:由{by}审批",
        "all": "培训班:由{by}审批",
        "hours": "学时:由{by}认定",
    },
}


OFFICE_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "school": "school",
        "district": "authority of the district",
        "city": "authority of the city",
        "province": "authority of the province",
    },
    "zh": {
        "school": "学校",
        "district": "区级主管部门",
        "city": "市级主管部门",
        "province": "省级主管部门",
    },
}
"""Who acts at a place, by its level."""


def item_name(pack: Pack, item: Item) -> Named:
    """A category or the total, for people; whatever is neither reads as it is written."""
    found = pack.category(item)
    if found is not None:
        return Named(item, {"en": found.name, "zh": found.name_zh})
    return Named.of(TOTAL_NAMES, item)


def item_names(pack: Pack, language: Language) -> Mapping[Item, str]:
    """Everything that is asked for by its name, in order."""
    return {item: item_name(pack, item).names[language] for item in pack.parts}


def way_name(through: str) -> Named:
    """A way of registering as a figure of a refusal."""
    return Named.of(WAY_NAMES, through)


def level_name(level: str) -> Named:
    """A level of organisations, for people."""
    return Named.of(LEVEL_NAMES, level)


def caller_name(kind: str, identity: str = "") -> Named:
    """A kind of caller, also of a level (`centre@city`), or one of them, as a figure of a refusal."""
    kinds = _of_level(*kind.split("@")) if "@" in kind else Named.of(CALLER_NAMES, kind)
    return _one_of(kinds, identity) if identity else kinds


def office_name(place: str) -> Named:
    """Who acts at a place, such as `district:D01`, as a figure of a refusal."""
    level, _, identity = place.partition(":")
    return _one_of(Named.of(OFFICE_NAMES, level), identity)


def _one_of(kind: Named, identity: str) -> Named:
    names = {language: f"{name} {identity}" for language, name in kind.names.items()}
    return Named(f"{kind.id}:{identity}", names)


def _of_level(kind: str, level: str) -> Named:
    name, at = Named.of(CALLER_NAMES, kind).names, level_name(level).names
    return Named(
        f"{kind}@{level}", {"en": f"{name['en']} of the {at['en']}", "zh": f"{at['zh']}{name['zh']}"}
    )


def deciders(source: AnyHourSource, language: Language) -> Iterator[str]:
    """Who decides on what comes under a rule, a sentence each: approves its classes, recognises its hours."""
    words, classes = DECIDER_WORDS[language], source.classes
    for one in classes.approvals if classes else ():
        which = {"level": level_name(one.level), "format": one.format}
        yield wording.filled(words["some"], {**which, "by": _named(one.approvers)}, language)
    if classes is not None:
        rest = words["others" if classes.approvals else "all"]
        yield wording.filled(rest, {"by": _named(classes.approvers)}, language)
    if source.reviewers:
        yield wording.filled(words["hours"], {"by": caller_name(source.reviewers[-1])}, language)


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
