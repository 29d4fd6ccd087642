"""The answer to why (为什么): what was asked, which rule decided, the inputs and the arithmetic.

Figures come from the fact that was recorded, words and clause from the pack, so the two cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hours.ledger.domain.amount import ZERO
from shared.policy.explain import Language

REASONS: Mapping[str, Mapping[Language, str]] = {
    "cap.reached": {"en": "the cap of the rule is reached", "zh": "已达到本项年度最高限额"},
    "record_cap.reached": {
        "en": "the most that one record gives is reached",
        "zh": "已达到单次登记最高限额",
    },
    "cycle_cap.reached": {
        "en": "the cap of the rule for the cycle is reached",
        "zh": "已达到本项周期最高限额",
    },
    "assessment.failed": {"en": "the assessment was not passed", "zh": "考核不合格"},
    "credits.below_one": {"en": "the hours do not make one whole credit", "zh": "学时不足以折算 1 学分"},
    # of entries from before such a course was refused
    "course.incomplete": {
        "en": "not all tasks of the course are completed",
        "zh": "课程学习任务尚未全部完成",
    },
    "score.below_rate": {"en": "the points do not make one whole hour", "zh": "积分不足以转换 1 学时"},
    "stay.days_only": {"en": "a stay gives days and no hours", "zh": "企业实践按天数考核,不计学时"},
    "corrected": {"en": "the record was reversed", "zh": "登记已被冲正"},
    "recalled": {
        "en": "the points it was exchanged from were taken back",
        "zh": "兑换所用积分已被收回",
    },
    "recomputed": {
        "en": "another entry under the same cap changed, so the cap was cut afresh",
        "zh": "同一限额内的其他登记有变动,重新计算限额",
    },
    "changed": {
        "en": "hours behind the deduction changed, so it was taken afresh",
        "zh": "被扣减的学时有变动,重新扣减",
    },
    "withdrawn": {"en": "the deduction was withdrawn", "zh": "扣减已撤销"},
    "teacher.unknown": {"en": "the teacher is not on the roster", "zh": "教师不在名册中"},
    "year.closed": {"en": "the year is closed", "zh": "年度已关闭"},
    "category.not_exchangeable": {
        "en": "points cannot be exchanged into this category",
        "zh": "该科目类别不可用积分兑换",
    },
}


def reason_words(reason: str, language: Language) -> str:
    """A reason code in words; the code itself where it is not ours."""
    return REASONS.get(reason, {}).get(language, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What of a claim counted under the caps of its year and of its cycle, where these have any."""

    asked: Decimal
    before: Decimal
    cap: Decimal | None
    cycle: Mapping[str, Any] | None
    """Cap, what counted before, first and last year."""
    counted: Decimal

    @property
    def of_year(self) -> Decimal:
        """What the cap of the year leaves."""
        return self.asked if self.cap is None else min(self.asked, max(self.cap - self.before, ZERO))


def cap_arithmetic(told: Told) -> list[str]:
    """How a claim was cut."""
    if told.cap is None and told.cycle is None:
        return [f"{told.asked:.2f} = {told.counted:.2f}"]
    lines = []
    if told.cap is not None:
        lines += _cut(told.asked, told.cap, told.before, told.of_year)
    if told.cycle is not None:
        cap, before = Decimal(told.cycle["cap"]), Decimal(told.cycle["before"])
        lines += _cut(told.of_year, cap, before, told.counted)
    if told.asked > told.counted:
        lines.append(f"{told.asked:.2f} − {told.counted:.2f} = {told.asked - told.counted:.2f}")
    return lines


def _cut(asked: Decimal, cap: Decimal, before: Decimal, counted: Decimal) -> list[str]:
    return [
        f"{cap:.2f} − {before:.2f} = {cap - before:.2f}",
        f"min({asked:.2f}, {cap - before:.2f}) = {counted:.2f}",
    ]


_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "asked": "{asked} {unit} were registered; ",
        "uncapped": "the rule has no cap, so all of them count.",
        "year": "{before} {unit} counted under this rule before, and at most {cap} {unit} a year may: ",
        "cycle": "{before} {unit} counted in {first} to {last} before, and at most {cap} {unit} may: ",
        "counted": "{counted} {unit} count",
        "over": ", {over} {unit} are kept and not counted.",
        "all": ".",
    },
    "zh": {
        "asked": "登记 {asked} {unit},",
        "uncapped": "本项不设上限,全部计入。",
        "year": "本项本年度此前已计入 {before} {unit},最高 {cap} {unit}:",
        "cycle": "{first} 至 {last} 年周期内此前已计入 {before} {unit},周期最高 {cap} {unit}:",
        "counted": "计入 {counted} {unit}",
        "over": ",超出的 {over} {unit}保留但不计入。",
        "all": "。",
    },
}


def cap_words(told: Told, unit: str, language: Language) -> str:
    """The same as a sentence."""
    words, over = _WORDS[language], told.asked - told.counted
    said = words["asked"].format(asked=f"{told.asked:.2f}", unit=unit)
    if told.cap is None and told.cycle is None:
        return said + words["uncapped"]
    if told.cap is not None:
        said += words["year"].format(before=f"{told.before:.2f}", cap=f"{told.cap:.2f}", unit=unit)
    if told.cycle is not None:
        said += words["cycle"].format(**told.cycle, unit=unit)
    end = words["over" if over else "all"].format(over=f"{over:.2f}", unit=unit)
    return said + words["counted"].format(counted=f"{told.counted:.2f}", unit=unit) + end


def deduction_words(asked: Decimal, taken: Decimal, unit: str, language: Language) -> str:
    """What is deducted of what was asked for."""
    if language == "zh":
        short = f",不足扣减 {asked - taken:.2f} {unit}" if asked > taken else ""
        return f"应扣减 {asked:.2f} {unit},实扣 {taken:.2f} {unit}{short}。"
    short = f"; {asked - taken:.2f} {unit} are not there to be taken" if asked > taken else ""
    return f"{asked:.2f} {unit} are to be deducted and {taken:.2f} {unit} are{short}."


def deduction_arithmetic(
    asked: Decimal, most: Decimal, taken: Mapping[str, Decimal], before: Mapping[str, str]
) -> list[str]:
    """How a deduction was taken, category by category: never more than was there, then or now."""
    amount = sum(taken.values(), ZERO)
    lines = [f"min({asked:.2f}, {most:.2f}) = {most:.2f}"] if most < asked else []
    lines += [
        f"{before[name]} − {hours:.2f} = {Decimal(before[name]) - hours:.2f}" for name, hours in taken.items()
    ]
    return [*lines, f"{asked:.2f} − {amount:.2f} = {asked - amount:.2f}"]
