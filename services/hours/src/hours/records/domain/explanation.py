"""Why a record gives the hours it gives, or none: the arithmetic of each kind of rule, and a sentence.

Where credits are counted the arithmetic goes on from the hours: by the factor, the part that counts, the
reward and the one rounding, exact up to that.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hours.ledger.domain.explanation import reason_words
from hours.records.domain.entries import RecordRegistered
from hours.records.domain.registration import Refused
from shared.policy.conversions import Choice, Conversion, Reward
from shared.policy.explain import Language
from shared.policy.names import unit_name
from shared.policy.pack import Pack
from shared.wording import Phrase

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "registered": "{record} was registered by {by}; the rule gives {hours} h",
        "factor": "; {factor} h of {mode} are one credit",
        "percent": "; {percent} % of it counts",
        "reward": "; {times} of the basic credits are added ({level}, {grade})",
        "reward_of_level": "; {times} of the basic credits are added ({level})",
        "percentage": "{figure} %",
        "multiple": "{figure} times",
        "credits": ", which makes {credits} {unit}",
        "reason": " ({reason})",
        "stop": ".",
    },
    "zh": {
        "registered": "{by} 登记 {record},按本项规则核定 {hours} 学时",
        "factor": ",{mode}每 {factor} 学时折算 1 学分",
        "percent": ",按 {percent}% 计",
        "reward": ",在基础学分上奖励 {times}({level}、{grade})",
        "reward_of_level": ",在基础学分上奖励 {times}({level})",
        "percentage": "{figure}%",
        "multiple": "{figure} 倍",
        "credits": ",计 {credits} {unit}",
        "reason": "({reason})",
        "stop": "。",
    },
}


def told_amounts(hours: Decimal | None, credits_: Decimal | None) -> dict[str, str | None]:
    """The hours of a record as they are held, and the credits that they make where these count."""
    told: dict[str, str | None] = {"hours": None if hours is None else f"{hours:.2f}"}
    return told if credits_ is None else {**told, "credits": f"{credits_:.2f}"}


def arithmetic(basis: Mapping[str, Any], hours: Decimal, credits_: Decimal | None = None) -> list[str]:
    """How the hours came about, and the credits, up to the most that one record gives."""
    if "most" not in basis:
        return [*_hours(basis, hours), *_credits(basis, hours, credits_)]
    made, most = Decimal(basis["made"]), Decimal(basis["most"])
    counted = (
        _hours(basis, made) if credits_ is None else [*_hours(basis, hours), *_credits(basis, hours, made)]
    )
    return [*counted, f"min({made:.2f}, {most:.2f}) = {most:.2f}"]


def _hours(basis: Mapping[str, Any], hours: Decimal) -> list[str]:
    match basis:
        case {"kind": "converted_score", "score": score, "rate": rate}:
            return [f"⌊{score} ÷ {rate}⌋ = {hours:.2f}"]
        case {"kind": "outcome_table", "rank": rank, "main_rank": main_rank}:
            return [f"{rank} {'≤' if rank <= main_rank else '>'} {main_rank} → {hours:.2f}"]
        case {"kind": "higher_qualification", "level_from": int() | str() as held, "level_to": int(obtained)}:
            return [f"{held} → {obtained}: {hours:.2f}"]
        case {"kind": "recognised_elsewhere", "amount": amount, "factor": factor}:
            return [f"{amount} × {factor} = {hours:.2f}"]
        case {"kind": "completed_course", "progress": progress}:
            return [f"{progress} % {'=' if Decimal(progress) == 100 else '<'} 100 % → {hours:.2f}"]
        case _:
            return [f"{hours:.2f}"]


def _credits(basis: Mapping[str, Any], hours: Decimal, credits_: Decimal | None) -> Iterator[str]:
    """Each step up to the credits; none where hours are counted."""
    if credits_ is None:
        return
    made = Fraction(hours) / Fraction(basis["factor"])
    yield f"{hours:.2f} ÷ {basis['factor']} = {_exactly(made)}"
    if "percent" in basis:
        before, made = made, made * Fraction(basis["percent"]) / 100
        yield f"{_exactly(before)} × {basis['percent']} % = {_exactly(made)}"
    if "reward" in basis:
        before, made = made, made + made * Fraction(basis["times"])
        yield f"{_exactly(before)} + {_exactly(before)} × {basis['times']} = {_exactly(made)}"
    if basis.get("whole"):
        yield f"⌊{_exactly(made)}⌋ = {credits_:.2f}"
    elif made != credits_:
        yield f"{_exactly(made)} → {credits_:.2f}"


def _exactly(amount: Fraction) -> str:
    """An amount as a decimal number, with all its places, or the first ones of endless ones."""
    rest = amount.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    number = Decimal(amount.numerator) / Decimal(amount.denominator)
    if rest > 1:
        return f"{number:.5f}…"
    return f"{number:.2f}" if number == round(number, 2) else f"{number.normalize():f}"


def refusal_arithmetic(refused: Refused) -> list[Phrase]:
    """What the rule computes, where it does, and the comparison that failed."""
    computed = refused.params.get("computed")
    lines = [] if computed is None else [Phrase(line) for line in _hours(refused.basis, computed)]
    return [*lines, Phrase(refused.check, refused.params)]


def words(pack: Pack, fact: RecordRegistered, language: Language) -> str:
    """What was registered, by whom, and what it gives."""
    told = _WORDS[language]
    parts = [told["registered"].format(record=fact.record, by=fact.registrar, hours=f"{fact.hours:.2f}")]
    if fact.credits is not None:
        parts += _rules(pack, fact, language)
        parts.append(told["credits"].format(credits=f"{fact.credits:.2f}", unit=unit_name(pack, language)))
    if fact.reason:
        parts.append(told["reason"].format(reason=reason_words(fact.reason, language)))
    return "".join([*parts, told["stop"]])


def _rules(pack: Pack, fact: RecordRegistered, language: Language) -> Iterator[str]:
    """What the rules say by which hours became credits."""
    told, basis = _WORDS[language], fact.basis
    conversion = pack.rule(basis["conversion"])
    assert isinstance(conversion, Conversion), "an entry is told by the version that decided it"
    factor = conversion.factor(basis["mode"])
    if Decimal(basis["factor"]) != 1:
        yield told["factor"].format(factor=basis["factor"], mode=_name(factor, language))
    if "percent" in basis:
        yield told["percent"].format(percent=basis["percent"])
    if "reward" in basis:
        reward = pack.rule(basis["reward"])
        assert isinstance(reward, Reward), "as above"
        level = reward.level(fact.details["level"])
        grade = conversion.grade(fact.details.get("grade", ""))
        said = {"times": _times(Decimal(basis["times"]), language), "level": _name(level, language)}
        of = "reward_of_level" if grade is None else "reward"
        yield told[of].format(**said, grade=_name(grade, language))


def _name(one: Choice | None, language: Language) -> str:
    return "" if one is None else one.name_zh if language == "zh" else one.name


def _times(times: Decimal, language: Language) -> str:
    """A reward as its clause would say it: a part in percent, a multiple as such."""
    kind, figure = ("percentage", times * 100) if times < 1 else ("multiple", times)
    return _WORDS[language][kind].format(figure=f"{figure.normalize():f}")
