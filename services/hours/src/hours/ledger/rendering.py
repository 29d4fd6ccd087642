"""The ledger's facts for people: the answer to why for each type of entry."""

from decimal import Decimal

from hours.ledger.domain.explanation import cap_arithmetic, cap_words, reason_words
from shared.contracts.hours import HoursPosted, HoursReversed, HoursYearClosed, HoursYearReopened
from shared.policy.explain import Explanation, Language
from shared.policy.pack import Pack
from shared.runtime.journal import Entry


def explain_posted(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why these hours count, and those do not."""
    fact = entry.parse(HoursPosted)
    basis = fact.basis
    asked, before = Decimal(basis["asked"]), Decimal(basis["before"])
    cap = None if basis["cap"] is None else Decimal(basis["cap"])
    words = cap_words(asked, before, cap, fact.hours, language)
    if fact.reason and not fact.over_cap:
        words = f"{reason_words(fact.reason, language)}{'。' if language == 'zh' else '.'} {words}"
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={"ground": fact.ground, "category": fact.category, "year": fact.year, **basis},
        arithmetic=cap_arithmetic(asked, before, cap, fact.hours),
        because=[basis["origin"]],
    )


def explain_reversed(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why a posting was taken back."""
    fact = entry.parse(HoursReversed)
    reason = reason_words(fact.reason, language)
    if language == "zh":
        words = f"{reason}:冲正分录 {fact.reverses}(计入 {fact.hours:.2f},未计入 {fact.over_cap:.2f} 学时)。"
    else:
        words = (
            f"Entry {fact.reverses} ({fact.hours:.2f} h counted, {fact.over_cap:.2f} h not) was reversed:"
            f" {reason}."
        )
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={"ground": fact.ground, "reason": fact.reason, "reverses": fact.reverses},
        arithmetic=[f"{fact.hours:.2f} − {fact.hours:.2f} = 0.00"],
        because=[fact.reverses],
    )


def explain_closed(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why a year takes no more registrations."""
    fact = entry.parse(HoursYearClosed)
    words = (
        f"{fact.year} 年度的学时登记已结束。"
        if language == "zh"
        else f"Registration of hours for {fact.year} has ended."
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
    "hours.year_closed.v1": explain_closed,
    "hours.year_reopened.v1": explain_reopened,
}
