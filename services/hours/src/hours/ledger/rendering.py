"""The ledger's facts for people: the answer to why for each type of entry."""

from decimal import Decimal

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.explanation import (
    Told,
    cap_arithmetic,
    cap_words,
    deduction_arithmetic,
    deduction_words,
    reason_words,
)
from shared.contracts.hours import (
    HoursDeducted,
    HoursPosted,
    HoursReversed,
    HoursYearClosed,
    HoursYearReopened,
)
from shared.policy.explain import Explanation, Language
from shared.policy.names import amount_name, unit_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry


def explain_posted(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why so much counts, and so much does not."""
    fact = entry.parse(HoursPosted)
    basis = fact.basis
    told = Told(
        asked=Decimal(basis["asked"]),
        before=Decimal(basis["before"]),
        cap=None if basis["cap"] is None else Decimal(basis["cap"]),
        cycle=basis.get("cycle"),
        counted=fact.hours,
    )
    words = cap_words(told, unit_name(pack, language), language)
    if fact.reason and not fact.over_cap:
        words = f"{reason_words(fact.reason, language)}{'。' if language == 'zh' else '.'} {words}"
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={
            "ground": fact.ground,
            "category": fact.category,
            "year": fact.year,
            **({} if fact.held is None else {"held": f"{fact.held:.2f}"}),
            **basis,
        },
        arithmetic=cap_arithmetic(told),
        because=[basis["origin"]],
    )


def explain_reversed(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why a posting was taken back."""
    fact = entry.parse(HoursReversed)
    reason, unit = reason_words(fact.reason, language), unit_name(pack, language)
    if language == "zh":
        words = (
            f"{reason}:冲正分录 {fact.reverses}(计入 {fact.hours:.2f},未计入 {fact.over_cap:.2f} {unit})。"
        )
    else:
        words = (
            f"Entry {fact.reverses} ({fact.hours:.2f} {unit} counted, {fact.over_cap:.2f} {unit} not)"
            f" was reversed: {reason}."
        )
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={"ground": fact.ground, "reason": fact.reason, "reverses": fact.reverses},
        arithmetic=[f"{fact.hours:.2f} − {fact.hours:.2f} = 0.00"],
        because=[fact.reverses],
    )


def explain_deducted(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why hours of a year are deducted, and why not all that are asked for."""
    fact = entry.parse(HoursDeducted)
    most, taken = Decimal(fact.basis["most"]), sum(fact.hours.values(), ZERO)
    told = deduction_words(fact.asked, taken, unit_name(pack, language), language)
    stop = "。" if language == "zh" else ". "
    words = f"{reason_words(fact.reason, language)}{stop}{told}" if fact.reason else told
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={
            "deduction": fact.deduction,
            "year": fact.year,
            "asked": f"{fact.asked:.2f}",
            "withholds": fact.withholds,
            **fact.basis,
        },
        arithmetic=deduction_arithmetic(fact.asked, most, fact.hours, fact.basis["before"]),
        because=[fact.basis["origin"]],
    )


def explain_closed(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why a year takes no more registrations."""
    fact = entry.parse(HoursYearClosed)
    amounts = amount_name(pack).names[language]
    words = (
        f"{fact.year} 年度的{amounts}登记已结束。"
        if language == "zh"
        else f"Registration of {amounts} for {fact.year} has ended."
    )
    return Explanation(rules=[], words=words, inputs={"year": fact.year, "partition": fact.partition})


def explain_reopened(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why a closed year takes registrations of one teacher again."""
    fact = entry.parse(HoursYearReopened)
    words = (
        f"{fact.by} 为教师 {fact.teacher} 重开 {fact.year} 年度至 {fact.until}:{fact.reason}。"
        if language == "zh"
        else f"{fact.by} opened {fact.year} again for {fact.teacher} until {fact.until}: {fact.reason}."
    )
    inputs = {"year": fact.year, "until": fact.until.isoformat(), "reason": fact.reason, "by": fact.by}
    return Explanation(rules=[], words=words, inputs=inputs)


EXPLAINED = {
    "hours.posted.v1": explain_posted,
    "hours.reversed.v1": explain_reversed,
    "hours.deducted.v1": explain_deducted,
    "hours.year_closed.v1": explain_closed,
    "hours.year_reopened.v1": explain_reopened,
}
