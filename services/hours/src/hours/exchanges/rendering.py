"""Exchanges for people: the answer to why of each answer that the points service got."""

from decimal import Decimal

from hours.ledger.domain.explanation import reason_words
from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.policy.explain import Explanation, Language
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry


def explain_posted(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why exchanged hours were posted."""
    fact = entry.parse(HoursExchangePosted)
    rate = pack.exchanged_by.rate
    name = item_name(pack, fact.category).names[language]
    words = (
        f"兑换 {fact.exchange}:{fact.hours * rate:f} 积分兑换{name} {fact.hours:.2f} 学时,已登记。"
        if language == "zh"
        else f"Exchange {fact.exchange}: {fact.hours * rate:f} points gave {fact.hours:.2f} {name} h, posted."
    )
    return Explanation(
        rules=[pack.exchanged_by.id],
        words=words,
        inputs={"exchange": fact.exchange, "category": fact.category, "hours": f"{fact.hours:.2f}"},
        arithmetic=[f"{fact.hours * rate:f} ÷ {rate} = {fact.hours:.2f}"],
        because=[fact.posting],
    )


def explain_refused(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why an exchange was refused."""
    fact = entry.parse(HoursExchangeRefused)
    reason = reason_words(fact.reason, language)
    words = (
        f"兑换 {fact.exchange} 未登记:{reason};所用 {fact.basis['points']} 积分退回。"
        if language == "zh"
        else f"Exchange {fact.exchange} was refused: {reason}. Its {fact.basis['points']} points go back."
    )
    left = fact.basis["left"]
    return Explanation(
        rules=[pack.exchanged_by.id],
        words=words,
        inputs={
            "exchange": fact.exchange,
            "year": fact.year,
            "category": fact.category,
            "hours": f"{fact.hours:.2f}",
            "reason": fact.reason,
            **fact.basis,
        },
        arithmetic=[] if left is None else [_compared(fact.hours, Decimal(left))],
    )


def _compared(asked: Decimal, left: Decimal) -> str:
    return f"{asked:.2f} {'>' if asked > left else '≤'} {left:.2f}"


def explain_reversed(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why exchanged hours were taken back."""
    fact = entry.parse(HoursExchangeReversed)
    words = (
        f"兑换 {fact.exchange} 所用积分被收回,冲正 {fact.hours} 学时。"
        if language == "zh"
        else f"Points behind exchange {fact.exchange} were taken back; {fact.hours} h were reversed."
    )
    inputs = {"exchange": fact.exchange, "recall": fact.recall, "hours": fact.hours}
    return Explanation(rules=[pack.exchanged_by.id], words=words, inputs=inputs)


EXPLAINED = {
    "hours.exchange_posted.v1": explain_posted,
    "hours.exchange_refused.v1": explain_refused,
    "hours.exchange_reversed.v1": explain_reversed,
}
