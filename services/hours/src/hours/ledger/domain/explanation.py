"""The answer to why (为什么): what was asked, which rule decided, the inputs and the arithmetic.

Figures come from the fact that was recorded, words and clause from the pack, so the two cannot disagree.
"""

from collections.abc import Mapping
from decimal import Decimal

from shared.policy.explain import Language

REASONS: Mapping[str, Mapping[Language, str]] = {
    "cap.reached": {"en": "the cap of the rule is reached", "zh": "已达到本项最高登记学时"},
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


def cap_arithmetic(asked: Decimal, before: Decimal, cap: Decimal | None, counted: Decimal) -> list[str]:
    """How a claim was cut."""
    if cap is None:
        return [f"{asked:.2f} = {counted:.2f}"]
    lines = [f"{cap:.2f} − {before:.2f} = {cap - before:.2f}"]
    lines.append(f"min({asked:.2f}, {cap - before:.2f}) = {counted:.2f}")
    if asked > counted:
        lines.append(f"{asked:.2f} − {counted:.2f} = {asked - counted:.2f}")
    return lines


def cap_words(
    asked: Decimal, before: Decimal, cap: Decimal | None, counted: Decimal, language: Language
) -> str:
    """The same as a sentence."""
    over = asked - counted
    if language == "zh":
        if cap is None:
            return f"登记 {asked:.2f} 学时,本项不设上限,全部计入。"
        end = f"计入 {counted:.2f} 学时" + (f",超出的 {over:.2f} 学时保留但不计入。" if over else "。")
        return f"登记 {asked:.2f} 学时,本项本年度此前已计入 {before:.2f} 学时,最高 {cap:.2f} 学时:{end}"
    if cap is None:
        return f"{asked:.2f} h were registered; the rule has no cap, so all of them count."
    end = f"{counted:.2f} h count" + (f", {over:.2f} h are kept and not counted." if over else ".")
    return (
        f"{asked:.2f} h were registered; {before:.2f} h counted under this rule before, and at most"
        f" {cap:.2f} h a year may: {end}"
    )
