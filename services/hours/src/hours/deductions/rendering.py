"""Deductions for people: the answer to why for what was decided and what was taken back."""

from hours.deductions.entries import DeductionMade, DeductionWithdrawn
from shared.policy.explain import Explanation, Language
from shared.policy.names import unit_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry


def explain_made(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Who decided that hours are deducted, and why."""
    fact, unit = entry.parse(DeductionMade), unit_name(pack, language)
    words = (
        f"{fact.by} 决定扣减教师 {fact.teacher} {fact.year} 年度 {fact.hours:.2f} {unit}:{fact.reason}。"
        if language == "zh"
        else f"{fact.by} decided that {fact.hours:.2f} {unit} of {fact.year} are deducted from"
        f" {fact.teacher}: {fact.reason}."
    )
    inputs = {
        "deduction": fact.deduction,
        "year": fact.year,
        "hours": f"{fact.hours:.2f}",
        "reason": fact.reason,
        "by": fact.by,
    }
    because = [fact.reopening] if fact.reopening else []
    return Explanation(rules=[fact.rule], words=words, inputs=inputs, because=because)


def explain_withdrawn(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Who took a deduction back, and why."""
    fact = entry.parse(DeductionWithdrawn)
    words = (
        f"{fact.by} 撤销扣减 {fact.deduction}:{fact.reason}。"
        if language == "zh"
        else f"{fact.by} withdrew the deduction {fact.deduction}: {fact.reason}."
    )
    inputs = {"deduction": fact.deduction, "reason": fact.reason, "by": fact.by}
    because = [fact.reopening] if fact.reopening else []
    return Explanation(rules=[], words=words, inputs=inputs, because=because)


EXPLAINED = {"deduction.made.v1": explain_made, "deduction.withdrawn.v1": explain_withdrawn}
