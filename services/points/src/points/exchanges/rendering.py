"""Exchanges for people: a request as it stands, and the answer to why for each of its entries."""

from collections.abc import Callable, Mapping
from typing import Any

from points.exchanges import store
from points.exchanges.domain.refusal import refusal_words
from points.exchanges.store import Exchange
from shared.contracts.points import (
    PointsExchanged,
    PointsExchangeRecalled,
    PointsExchangeRefunded,
    PointsExchangeRefused,
    PointsExchangeSettled,
)
from shared.policy.explain import Explanation, Language
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry


def shown(service: str, exchange: Exchange) -> dict[str, Any]:
    """A request as it stands."""
    return {
        "request": exchange.request,
        "teacher": exchange.teacher,
        "year": exchange.year,
        "category": exchange.category,
        "hours": exchange.hours,
        "at": exchange.at,
        "state": exchange.state,
        "reason": exchange.reason,
        "posting": exchange.posting,
        "hours_called_back": exchange.called,
        "hours_taken_back": exchange.reversed,
        "event": f"{service}/{exchange.partition}/{exchange.seq}",
        "recorded_at": exchange.recorded_at,
        "why": f"/v1/entries/{exchange.partition}/{exchange.seq}/why",
    }


def explain_exchanged(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why a request was granted."""
    fact = entry.parse(PointsExchanged)
    category = item_name(pack, fact.category).names[language]
    words = (
        f"以 {fact.points} 积分兑换 {fact.hours} 学时,计入{category}。"
        if language == "zh"
        else f"{fact.points} points were exchanged into {fact.hours} h, category {category}."
    )
    burnt = [{"expires_at": lot.expires_at, "points": lot.points} for lot in fact.burnt]
    return Explanation(
        rules=[pack.exchanged_by.id],
        words=words,
        inputs={"exchange": fact.exchange, "at": fact.at, "burnt": burnt, **fact.basis},
        arithmetic=_arithmetic(fact.basis),
    )


def _arithmetic(basis: Mapping[str, Any]) -> list[str]:
    """The cap and the cost, as far as they were looked at."""
    lines: list[str] = []
    if "cap" in basis:
        together = basis["used"] + basis["hours"]
        sign = "≤" if together <= basis["cap"] else ">"
        lines.append(f"{basis['used']} + {basis['hours']} = {together} {sign} {basis['cap']}")
    if "cost" in basis:
        sign = "≤" if basis["cost"] <= basis["available"] else ">"
        lines.append(f"{basis['hours']} × {basis['rate']} = {basis['cost']} {sign} {basis['available']}")
    return lines


def explain_refused(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why a request was refused at once."""
    fact = entry.parse(PointsExchangeRefused)
    return Explanation(
        rules=[pack.expired_by.id if fact.code in _BY_EXPIRY else pack.exchanged_by.id],
        words=refusal_words(fact.code, fact.basis, language),
        inputs={
            "exchange": fact.exchange,
            "category": fact.category,
            "at": fact.at,
            "code": fact.code,
            **fact.basis,
        },
        arithmetic=_arithmetic(fact.basis),
    )


_BY_EXPIRY = {"exchange.points_expired", "exchange.year_closed"}


def explain_settled(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why an exchange is settled."""
    fact = entry.parse(PointsExchangeSettled)
    words = (
        f"学时已登记:{fact.posting}。" if language == "zh" else f"The hours were posted by {fact.posting}."
    )
    return Explanation(
        rules=[pack.exchanged_by.id],
        words=words,
        inputs={"exchange": fact.exchange},
        because=[fact.posting],
    )


def explain_refunded(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why points came back."""
    fact = entry.parse(PointsExchangeRefunded)
    if language == "zh":
        cause = "学时已被收回" if fact.recall else f"学时服务未予登记({fact.reason})"
        words = f"{cause},{fact.hours} 学时的 {fact.points} 积分退回原批次。"
    else:
        cause = "the hours were taken back" if fact.recall else f"the hours were not posted ({fact.reason})"
        words = f"The {fact.points} points of {fact.hours} h went back to their lots: {cause}."
    return Explanation(
        rules=[pack.exchanged_by.id],
        words=words,
        inputs={"exchange": fact.exchange, "reason": fact.reason, "recall": fact.recall},
        arithmetic=[f"{fact.hours} × {pack.exchanged_by.rate} = {fact.points}"],
    )


def explain_recalled(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why hours are called back."""
    fact = entry.parse(PointsExchangeRecalled)
    words = (
        f"兑换所用积分被收回,追回 {fact.hours} 学时。"
        if language == "zh"
        else f"Points that were exchanged have been taken back, so {fact.hours} h are called back."
    )
    return Explanation(
        rules=[pack.exchanged_by.id],
        words=words,
        inputs={"exchange": fact.exchange, "recall": fact.recall, "hours": fact.hours},
    )


EXPLAINED: Mapping[str, Callable[[Entry, Pack, Language], Explanation]] = {
    store.EXCHANGED: explain_exchanged,
    store.REFUSED: explain_refused,
    store.SETTLED: explain_settled,
    store.REFUNDED: explain_refunded,
    store.RECALLED: explain_recalled,
}
