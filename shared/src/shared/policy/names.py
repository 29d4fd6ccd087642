"""What ids of a pack and of offices are called (名称): in both languages, as inside a sentence."""

from collections.abc import Mapping

from shared.policy.categories import TOTAL, Item
from shared.policy.pack import Pack
from shared.wording import Language, Named

UNIT_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {"hour": "h", "credit": "credits"},
    "zh": {"hour": "学时", "credit": "学分"},
}
"""What stands behind a figure."""

AMOUNT_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {"hour": "hours", "credit": "credits"},
    "zh": UNIT_NAMES["zh"],
}
"""What is counted, where no figure stands before it."""

TOTAL_NAMES: Mapping[str, Named] = {
    unit: Named(TOTAL, {"en": "total", "zh": f"年度总{name}"}) for unit, name in UNIT_NAMES["zh"].items()
}

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


def item_name(pack: Pack | None, item: Item) -> Named:
    """A category or the total, for people; what is neither, or of no pack, reads as it is written."""
    found = None if pack is None else pack.category(item)
    if found is not None:
        return Named(item, {"en": found.name, "zh": found.name_zh})
    if item != TOTAL:
        return Named.of({"en": {}, "zh": {}}, item)
    return TOTAL_NAMES["hour" if pack is None else pack.pack.unit]


def unit_name(pack: Pack, language: Language) -> str:
    """What a pack counts in, behind a figure."""
    return UNIT_NAMES[language][pack.pack.unit]


def amount_name(pack: Pack) -> Named:
    """What a pack counts, where no figure stands before it."""
    return Named.of(AMOUNT_NAMES, pack.pack.unit)


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
