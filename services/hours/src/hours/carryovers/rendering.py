"""Carry-over for people: the answer to why, with the formula of GZ-VF-05 in figures."""

from shared.contracts.hours import HoursCarriedOver
from shared.policy.explain import Explanation, Language
from shared.policy.names import unit_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry


def explain(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why these hours were consumed, carried over and ended."""
    fact = entry.parse(HoursCarriedOver)
    basis, used = fact.basis, pack.verification.carried_rule
    return Explanation(
        rules=[pack.carried_by.id, *([used] if used else [])],
        words=_words(fact, unit_name(pack, language), language),
        inputs={
            "year": fact.year,
            "to_year": fact.to_year,
            "category": fact.category,
            "carried_in": f"{fact.carried_in:.2f}",
            "verdict": fact.verdict,
            **basis,
        },
        arithmetic=_arithmetic(fact) if basis["outcome"] == "pass" else [f"{fact.hours:.2f}"],
        because=[fact.verdict],
    )


def _arithmetic(fact: HoursCarriedOver) -> list[str]:
    threshold, fresh = fact.basis["threshold"], fact.basis["fresh"]
    return [
        f"min({fact.carried_in:.2f}, {threshold}) = {fact.used_carried:.2f}",
        f"min({fresh}, {threshold} − {fact.used_carried:.2f}) = {fact.used_fresh:.2f}",
        f"{fresh} − {fact.used_fresh:.2f} = {fact.hours:.2f}",
        f"{fact.carried_in:.2f} − {fact.used_carried:.2f} = {fact.expired:.2f}",
    ]


def _words(fact: HoursCarriedOver, unit: str, language: Language) -> str:
    outcome = fact.basis["outcome"]
    if language == "zh":
        if outcome == "revoked":
            return f"{fact.year} 年度验证结果已撤销:提取与结转一并冲回,等待新的验证结果。"
        if outcome == "fail":
            return f"{fact.year} 年度验证未通过:不结转;上年度结转的 {fact.carried_in:.2f} {unit}到期失效。"
        return (
            f"{fact.year} 年度验证通过:提取结转{unit} {fact.used_carried:.2f}、当年{unit}"
            f" {fact.used_fresh:.2f};{fact.hours:.2f} {unit}结转至 {fact.to_year} 年度,"
            f"{fact.expired:.2f} {unit}到期失效。"
        )
    if outcome == "revoked":
        return f"The verdict on {fact.year} was revoked: what it consumed and carried over is undone."
    if outcome == "fail":
        return (
            f"{fact.year} was not passed: nothing is carried over, {fact.carried_in:.2f} carried {unit} end."
        )
    return (
        f"{fact.year} was passed: {fact.used_carried:.2f} carried and {fact.used_fresh:.2f} own {unit} were"
        f" used, {fact.hours:.2f} {unit} go into {fact.to_year}, {fact.expired:.2f} carried {unit} end."
    )


EXPLAINED = {"hours.carried_over.v1": explain}
