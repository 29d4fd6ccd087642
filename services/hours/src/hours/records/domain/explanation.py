"""Why a record gives the hours it gives, or none: the arithmetic of each kind of rule, and a sentence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hours.ledger.domain.explanation import reason_words
from hours.records.domain.registration import Refused
from shared.policy.explain import Language
from shared.wording import Phrase


def arithmetic(basis: Mapping[str, Any], hours: Decimal) -> list[str]:
    """How the hours came about."""
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


def refusal_arithmetic(refused: Refused) -> list[Phrase]:
    """What the rule computes, where it does, and the comparison that failed."""
    computed = refused.params.get("computed")
    lines = [] if computed is None else [Phrase(line) for line in arithmetic(refused.basis, computed)]
    return [*lines, Phrase(refused.check, refused.params)]


def words(record: str, registrar: str, hours: Decimal, reason: str, language: Language) -> str:
    """What was registered, by whom, and what it gives."""
    if language == "zh":
        end = f"({reason_words(reason, language)})" if reason else ""
        return f"{registrar} 登记 {record},按本项规则核定 {hours:.2f} 学时{end}。"
    end = f" ({reason_words(reason, language)})" if reason else ""
    return f"{record} was registered by {registrar}; the rule gives {hours:.2f} h{end}."
