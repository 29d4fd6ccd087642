"""What the hours of a record make in credits (学分折算): the conversion of its rule, and one reward on top.

Everything is exact until it is rounded, once a record. Who hands it in says the form of training, who issued
it and the grade, as far as the rule does not; what a rule does not know is refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from hours.ledger.domain.amount import ZERO, exact
from hours.records.domain.registration import Details, Granted, Judgement, Refused, missing
from shared.policy.conversions import Choice, Conversion, Reward
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource
from shared.wording import Named

FAILED = "assessment.failed"
NOT_WHOLE = "credits.below_one"
MOST = "record_cap.reached"
_PLACES, _HALF = 100, Fraction(1, 2)


def credited(pack: Pack, source: AnyHourSource, details: Details | None, granted: Granted) -> Judgement:
    """The hours of a record and the credits that they make; hours alone where hours are counted."""
    conversion, reward = pack.conversion_of(source), pack.reward_of(source)
    if conversion is None:
        return granted
    told = details or Details()
    for refusal in _refusals(source, conversion, reward, told):
        return refusal
    mode = source.mode or told.mode
    assert mode is not None, "a record without one is refused"
    basic = basic_credits(conversion, mode, granted.hours)
    basis = {**granted.basis, **_converted(conversion, mode)}
    grade = conversion.grade(told.grade or "")
    if grade is not None and not grade.passed:
        return replace(granted, credits=ZERO, reason=FAILED, basis=basis)
    times = _times(reward, told)
    if times is not None and reward is not None:
        basis |= {"reward": reward.id, "times": f"{times:f}"}
        basic += basic * Fraction(times)
    made = rounded(basic, whole=conversion.whole)
    reason = NOT_WHOLE if conversion.whole and basic and not made else granted.reason
    return replace(granted, credits=made, reason=reason, basis=basis)


def basic_credits(conversion: Conversion, mode: str, hours: Decimal) -> Fraction:
    """What hours of a form of training make, unrounded and without a reward (基础学分)."""
    factor = conversion.factor(mode)
    assert factor is not None, f"{conversion.id} has no factor of {mode}"
    percent = Fraction(1) if conversion.percent is None else Fraction(conversion.percent) / 100
    return Fraction(hours) / Fraction(factor.hours) * percent


def expected(pack: Pack, rule: str, hours: Decimal, mode: str) -> Decimal:
    """What hours under a rule are to come to without a reward, in the unit of the pack."""
    source = pack.source(rule)
    if source is None:
        return hours
    conversion, made = pack.conversion_of(source), hours
    if conversion is not None:
        made = rounded(basic_credits(conversion, source.mode or mode, hours), whole=conversion.whole)
    return made if source.record_cap is None else min(made, exact(source.record_cap))


def at_most(most: Decimal | None, granted: Granted) -> Granted:
    """What a record gives, and no more than one record may."""
    if most is None or granted.amount <= most:
        return granted
    basis = {**granted.basis, "most": f"{most:.2f}", "made": f"{granted.amount:.2f}"}
    if granted.credits is None:
        return replace(granted, hours=exact(most), reason=MOST, basis=basis)
    return replace(granted, credits=exact(most), reason=MOST, basis=basis)


def rounded(amount: Fraction, *, whole: bool = False) -> Decimal:
    """Credits as they count: two places, half up, or only whole ones."""
    if whole:
        return exact(floor(amount))
    return exact(Decimal(floor(amount * _PLACES + _HALF)) / _PLACES)


def _converted(conversion: Conversion, mode: str) -> dict[str, Any]:
    """The figures by which hours became credits."""
    factor = conversion.factor(mode)
    assert factor is not None, "a form without a factor is refused"
    return {
        "conversion": conversion.id,
        "mode": mode,
        "factor": f"{factor.hours:f}",
        **({} if conversion.percent is None else {"percent": f"{conversion.percent:f}"}),
        **({"whole": True} if conversion.whole else {}),
    }


def _times(reward: Reward | None, told: Details) -> Decimal | None:
    """How many times the basic credits are rewarded; None where nothing is."""
    if reward is None or told.level is None:
        return None
    return next((one.times for one in reward.of_grade(told.grade) if told.level in one.levels), None)


def _refusals(
    source: AnyHourSource, conversion: Conversion, reward: Reward | None, told: Details
) -> Iterator[Refused]:
    """What a record does not say, or says in words that its rules do not know."""
    mode = told.mode or source.mode
    if mode is None:
        yield missing("mode.missing", "details/mode")
    else:
        modes = [one for one in conversion.factors if source.mode in (None, one.id)]
        yield from _unknown("mode", mode, modes)
    if told.grade is not None and conversion.grades:
        yield from _unknown("grade", told.grade, conversion.grades)
    if reward is None:
        return
    if told.level is not None:
        yield from _unknown("level", told.level, reward.levels)
    elif reward.of_grade(told.grade):
        yield missing("issuing_level.missing", "details/level")


_CODES = {"mode": "mode.unknown", "grade": "grade.unknown", "level": "issuing_level.unknown"}


def _unknown(detail: str, said: str, known: Iterable[Choice]) -> Iterator[Refused]:
    choices = {one.id: choice_name(one) for one in known}
    if said not in choices:
        yield Refused(
            code=_CODES[detail],
            check=f"{{{detail}}} ∉ {{{{{{{detail}s}}}}}}",
            paths=(f"/details/{detail}",),
            params={detail: said, f"{detail}s": list(choices.values())},
        )


def choice_name(one: Choice) -> Named:
    """A form, grade or level, for people."""
    return Named(one.id, {"en": one.name, "zh": one.name_zh})
