"""Why a year passes or falls short (说明): the arithmetic of every item, in words and in figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, Self

from shared.policy.categories import CARRIED_IN, TOTAL, ZERO, Hours, Item, Part, counted
from shared.policy.names import amount_name, item_names, unit_name
from shared.policy.pack import Pack
from shared.wording import Language
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Authority, Prediction

OUTCOMES: Mapping[Language, Mapping[Outcome, str]] = {
    "en": {"pass": "pass", "fail": "fail"},
    "zh": {"pass": "验证通过", "fail": "验证不通过"},
}


class Wording(NamedTuple):
    """How a pack's items are told in a language: in which order, what is summed in each, and by what name."""

    language: Language
    parts: Mapping[Item, tuple[Part, ...]]
    names: Mapping[Item, str]
    unit: str
    """Behind a figure."""
    amounts: str
    """What is counted, where no figure stands before it."""

    @classmethod
    def of(cls, pack: Pack, language: Language) -> Self:
        """The items of a pack."""
        return cls(
            language=language,
            parts=pack.parts,
            names=item_names(pack, language),
            unit=unit_name(pack, language),
            amounts=amount_name(pack).names[language],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of the check, with the sum as it was made."""

    item: Item
    counted: Decimal
    required: Decimal
    missing: Decimal
    arithmetic: str
    words: str


def explain(
    figures: Hours,
    required: Mapping[Item, Decimal],
    wording: Wording,
    waived: Mapping[Item, Decimal] = MappingProxyType({}),
) -> list[Line]:
    """Each item in order with its arithmetic; `required` is what is left after `waived`."""
    return [
        _excused(_line(item, figures, required[item], wording), waived.get(item, ZERO), wording)
        for item in wording.parts
        if item in required
    ]


def _excused(line: Line, waived: Decimal, wording: Wording) -> Line:
    """The line with what a waiver took off its item before it."""
    if not waived:
        return line
    full, unit = line.required + waived, wording.unit
    words = (
        f"{line.words[:-1]}（原要求 {full:.2f} {unit}，减免 {waived:.2f} {unit}）。"
        if wording.language == "zh"
        else f"{line.words[:-1]} ({full:.2f} {unit} required, {waived:.2f} {unit} waived)."
    )
    before = f"{full:.2f} − {waived:.2f} = {line.required:.2f}; "
    return replace(line, arithmetic=before + line.arithmetic, words=words)


def conclude(shortfall: Mapping[Item, Decimal], wording: Wording, withheld: Sequence[str] = ()) -> str:
    """What is said of a year here: every shortfall, and why it does not pass even so."""
    settled = _settle(shortfall, wording)
    if not withheld:
        return settled
    return joined([settled, withhold(withheld, wording.language)], wording.language)


def joined(sentences: Sequence[str], language: Language) -> str:
    """Sentences in a row."""
    return ("" if language == "zh" else " ").join(sentences)


def withhold(deductions: Sequence[str], language: Language) -> str:
    """Why a year does not pass whatever its hours, for whoever asks why."""
    if language == "zh":
        return f"检查不合格（扣减 {'、'.join(deductions)}），不论学时多少，本年度不予验证。"
    noun = "deduction" if len(deductions) == 1 else "deductions"
    return (
        f"An inspection was failed ({noun} {', '.join(deductions)}), so the year is withheld, "
        "however many hours it has."
    )


def _settle(shortfall: Mapping[Item, Decimal], wording: Wording) -> str:
    zh = wording.language == "zh"
    if not shortfall:
        return f"达到全部{wording.amounts}要求。" if zh else "Every requirement is met."
    short = [(wording.names[item], shortfall[item]) for item in wording.parts if item in shortfall]
    if zh:
        return (
            "未达到要求："
            + "，".join(f"{name}缺 {lacking:.2f} {wording.unit}" for name, lacking in short)
            + "。"
        )
    return (
        "Not met: " + ", ".join(f"{name} short {lacking:.2f} {wording.unit}" for name, lacking in short) + "."
    )


def _line(item: Item, figures: Hours, required: Decimal, wording: Wording) -> Line:
    have = counted(figures, wording.parts[item])
    missing = max(required - have, ZERO)
    return Line(
        item=item,
        counted=have,
        required=required,
        missing=missing,
        arithmetic=_sum(item, figures, wording.parts[item]) + _comparison(have, required),
        words=_words(item, figures, required, wording),
    )


def _sum(item: Item, figures: Hours, parts: Sequence[Part]) -> str:
    shown = [hours for part in parts if (hours := figures.get(part, ZERO)) or item == TOTAL]
    if len(shown) < 2:
        return ""
    return " + ".join(f"{hours:.2f}" for hours in shown) + " = "


def _comparison(have: Decimal, required: Decimal) -> str:
    if have >= required:
        return f"{have:.2f} ≥ {required:.2f}"
    return f"{have:.2f} < {required:.2f}; {required:.2f} − {have:.2f} = {required - have:.2f}"


def _words(item: Item, figures: Hours, required: Decimal, wording: Wording) -> str:
    have, name = counted(figures, wording.parts[item]), wording.names[item]
    inside = item != TOTAL and CARRIED_IN in wording.parts[item]
    carried, unit = figures.get(CARRIED_IN, ZERO) if inside else ZERO, wording.unit
    if wording.language == "zh":
        made = f"（其中上年度结转 {carried:.2f} {unit}）" if carried else ""
        end = "已达到" if have >= required else f"缺 {required - have:.2f} {unit}"
        return f"{name}：计入 {have:.2f} {unit}{made}，要求不少于 {required:.2f} {unit}，{end}。"
    made = f" ({carried:.2f} {unit} of them carried over from the year before)" if carried else ""
    end = "met" if have >= required else f"short {required - have:.2f} {unit}"
    begin = f"{name[:1].upper()}{name[1:]}"
    return f"{begin}: {have:.2f} {unit} counted{made}, at least {required:.2f} {unit} required, {end}."


def doubt(language: Language, *, withheld: bool) -> str:
    """What a pass in doubt means, for whoever asks why."""
    if withheld and language == "zh":
        return "检查不合格，结果存疑：在省人社系统重新验证，或扣减撤销且学时足够之前，证书暂停使用。"
    if withheld:
        return (
            "An inspection was failed, so the pass is in doubt: until the province decides anew, or the "
            "deduction is withdrawn and the hours suffice, its certificate is suspended."
        )
    if language == "zh":
        return (
            "验证通过后，据以通过的学时已被冲正，结果存疑：在省人社系统重新验证或学时补足之前，证书暂停使用。"
        )
    return (
        "Hours behind the pass were taken back afterwards, so it is in doubt: until the province decides "
        "anew or the hours are there again, its certificate is suspended."
    )


def attribute(authority: Authority, outcome: Outcome, predicted: Prediction, language: Language) -> str:
    """Whose word the outcome is, and whether the local computation says the same."""
    passed = outcome == "pass"
    if authority == "local" and predicted.withheld and not passed:
        if language == "zh":
            return "本平台判定年度验证不通过，不办理证书。"
        return "Decided here: fail, and no certificate is issued."
    if authority == "local":
        if language == "zh":
            return f"本平台按计入学时判定年度验证{'通过' if passed else '不通过'}。"
        return f"Decided here on the counted hours: {outcome}."
    if language == "zh":
        same = (
            "与本平台预判一致" if outcome == predicted.outcome else "与本平台预判不一致，以省人社系统结果为准"
        )
        return f"省人社系统验证{'通过' if passed else '不通过'}，{same}。"
    same = (
        "as predicted here"
        if outcome == predicted.outcome
        else "against the local prediction, and the province prevails"
    )
    return f"Decided by the province: {outcome}, {same}."
