"""An obligation in words (义务说明): each sum with what is asked, which topics are missing, how it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from hours.obligations.domain.standing import Check, Reason, Standing, Unit
from shared.policy.categories import TOTAL, Item
from shared.policy.obligations import NewTeacherTraining, ObligationState, Topic
from shared.wording import Language

CHECKS: Mapping[Language, Mapping[Unit, str]] = {
    "en": {
        "hours": "{name} within {months} months of joining: {counted} h count, at least {required} h asked",
        "credits": "{name} within {months} months of joining: {counted} credits count,"
        " at least {required} credits asked",
        "working_days": "{year}: {counted} working days count, at least {required} asked",
        "days": "{first} to {last}: {counted} days count, at least {required} asked",
        "topics": "{first} to {last}: {counted} topics are covered, {required} asked",
        "topic_hours": "{year}, {name}: {counted} h count, at least {required} h asked",
    },
    "zh": {
        "hours": "到岗后 {months} 个月内{name}:计入 {counted} 学时,要求不少于 {required} 学时",
        "credits": "到岗后 {months} 个月内{name}:计入 {counted} 学分,要求不少于 {required} 学分",
        "working_days": "{year} 年:计入 {counted} 个工作日,要求不少于 {required} 个",
        "days": "{first} 至 {last}:计入 {counted} 天,要求不少于 {required} 天",
        "topics": "{first} 至 {last}:已覆盖 {counted} 项内容,要求 {required} 项",
        "topic_hours": "{year} 年{name}:计入 {counted} 学时,要求不少于 {required} 学时",
    },
}
"""What a check says by its unit."""

ENDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"met": ", met.", "short": ", short {missing}.", "one": " (one of these suffices)"},
    "zh": {"met": ",已达到。", "short": ",缺 {missing}。", "one": "(择一即可)"},
}

STATES: Mapping[Language, Mapping[ObligationState, str]] = {
    "en": {
        "met": "As of {on} everything that is asked is there.",
        "open": "As of {on} not everything that is asked is there, and there is still time.",
        "missed": "Not everything that was asked is there, and the time for it is over.",
        "not_offered": "Only topics are missing that nobody was offered.",
        "unknown": "",
        "not_asked": "It is not asked of this teacher in {year}.",
    },
    "zh": {
        "met": "截至 {on} 已达到全部要求。",
        "open": "截至 {on} 尚未达到全部要求,仍有时间完成。",
        "missed": "未达到要求,期限已过。",
        "not_offered": "所缺内容均未安排过培训。",
        "unknown": "",
        "not_asked": "{year} 年对该教师无此要求。",
    },
}

REASONS: Mapping[Language, Mapping[Reason, str]] = {
    "en": {
        "": "",
        "joined_on.unknown": "The roster does not say when this teacher joined, so nobody can tell.",
        "role.unknown": "The roster does not say what this teacher's post is, so nobody can tell.",
        "rule.incomplete": "The rule does not say within how many months, so nobody can tell.",
        "calendar.not_announced": "The official working calendar is not announced yet, so working days"
        " cannot be counted.",
        "topics.unknown": "Records do not say of which one topic their hours are, so nobody can tell.",
        "topics.divided": "Several topics together have the hours that one of them has to have.",
    },
    "zh": {
        "": "",
        "joined_on.unknown": "名册中没有该教师的到岗日期,无法判断。",
        "role.unknown": "名册中没有该教师的岗位,无法判断。",
        "rule.incomplete": "规则未规定期限,无法判断。",
        "calendar.not_announced": "国家工作日安排尚未公布,无法计算工作日。",
        "topics.unknown": "登记中未注明学时属于哪一个专题,无法判断。",
        "topics.divided": "各专题学时合计已够,但没有一个专题单独学满。",
    },
}

FURTHER: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "lacking": "Missing: {topics}.",
        "unoffered": "Never offered: {topics}.",
        "principle": "It is asked in principle: this is a warning.",
        "between": ", ",
        "space": " ",
    },
    "zh": {
        "lacking": "缺:{topics}。",
        "unoffered": "未安排过:{topics}。",
        "principle": "属原则性要求,仅作提醒。",
        "between": "、",
        "space": "",
    },
}

SUMS: Collection[Unit] = ("hours", "credits", "topic_hours")
"""What is summed, to two places."""

TOTAL_NAMES: Mapping[Language, str] = {"en": "total", "zh": "合计"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How items and topics of a pack are told in a language."""

    language: Language
    items: Mapping[Item, str]
    topics: Mapping[str, Topic]

    def name(self, item: Item) -> str:
        """A category or the total."""
        return TOTAL_NAMES[self.language] if item == TOTAL else self.items[item]

    def topic(self, topic: str) -> str:
        """The name of a topic."""
        found = self.topics[topic]
        return found.name_zh if self.language == "zh" else found.name


def figure(amount: Decimal, unit: Unit) -> str:
    """An amount as it is shown: hours and credits to two places, days and topics whole."""
    return f"{amount:.2f}" if unit in SUMS else f"{amount:.0f}"


def explain_check(standing: Standing, check: Check, wording: Wording) -> str:
    """What counted beside what is asked; empty where nothing could be counted."""
    if check.counted is None or check.missing is None or check.days is None:
        return ""
    rule, ends = standing.obligation, ENDS[wording.language]
    said = CHECKS[wording.language][check.unit].format(
        name=_name(check, wording),
        months=rule.months if isinstance(rule, NewTeacherTraining) else "",
        year=standing.when.year,
        first=check.days.first.isoformat(),
        last=check.days.last.isoformat(),
        counted=figure(check.counted, check.unit),
        required=figure(check.required, check.unit),
    )
    one = ends["one"] if check.is_alternative else ""
    end = "short" if check.missing else "met"
    return said + one + ends[end].format(missing=figure(check.missing, check.unit))


def _name(check: Check, wording: Wording) -> str:
    """Of what it is a sum; empty where that goes without saying."""
    if check.unit == "topic_hours":
        return wording.topic(check.name)
    return wording.name(check.name) if check.unit in SUMS else ""


def conclude(standing: Standing, wording: Wording) -> str:
    """How the whole stands, what is missing, and whether somebody is held to it."""
    language, further = wording.language, FURTHER[wording.language]
    when = standing.when
    said = [
        STATES[language][standing.state].format(on=when.on.isoformat(), year=when.year),
        REASONS[language][standing.reason],
    ]
    for key, topics in (("lacking", standing.lacking), ("unoffered", standing.not_offered)):
        if topics:
            said.append(further[key].format(topics=further["between"].join(map(wording.topic, topics))))
    if standing.state == "missed" and not standing.obligation.binding:
        said.append(further["principle"])
    return further["space"].join(part for part in said if part)
