"""HTTP of the ledger: the answer to why for any entry, the rules in force."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request

from hours.settings import ContextOf
from shared.access import ReachOf
from shared.policy.categories import CategoryDefinition
from shared.policy.explain import carry_over, ground
from shared.policy.pack import Pack
from shared.policy.points import Exchange
from shared.policy.shapes import Rule
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import language_of

router = APIRouter(prefix="/v1", tags=["ledger"], route_class=TransactionalRoute)


@router.get(
    "/entries/{partition}/{seq}/why",
    summary="Why an entry says what it says",
    description="The rule with its clause and words, the inputs, the arithmetic, and what it rests on.",
    responses={404: {"description": "`entry.unknown`"}},
)
async def why(
    request: Request, partition: int, seq: int, tx: Tx, context: ContextOf, reach: ReachOf
) -> dict[str, Any]:
    return await context.explainer.why(tx, reach, partition, seq, language_of(request))


@router.get(
    "/rules",
    summary="Rules in force: unit, categories, sources, credits, exchange, carry-over, deductions, slots",
    tags=["rules"],
)
async def rules(context: ContextOf) -> dict[str, Any]:
    pack = context.pack
    return {
        "pack": pack.reference,
        "unit": pack.pack.unit,
        "categories": [_category(pack, one) for one in pack.categories],
        "sources": [{**_shown(pack, source), "enabled": True} for source in pack.hours],
        "conversions": [_shown(pack, rule) for rule in pack.conversions],
        "rewards": [_shown(pack, rule) for rule in pack.rewards],
        "unregistered": [_shown(pack, rule) for rule in pack.unregistered],
        "exchange": None if pack.exchange is None else _exchange(pack, pack.exchange),
        "carry_over": carry_over(pack),
        "courses": [_shown(pack, way) for way in pack.courses],
        "deductions": [_shown(pack, rule) for rule in pack.deductions],
        "obligations": [_shown(pack, one) for one in pack.obligations],
        "deadline": None if pack.deadline is None else _shown(pack, pack.deadline),
        "disabled": [
            {**ground(pack, slot.id), "enabled": False} for slot in pack.slots if slot.section != "points"
        ],
    }


def _exchange(pack: Pack, rule: Exchange) -> dict[str, Any]:
    return {**ground(pack, rule.id), "rate": rule.rate, "caps": dict(rule.caps)}


def _category(pack: Pack, one: CategoryDefinition) -> dict[str, Any]:
    """A category: what contains it, and whether hours are posted into it."""
    return {
        "category": one.id,
        "name": one.name,
        "name_zh": one.name_zh,
        "within": one.within,
        "posted": one.id in pack.posted,
    }


def _shown(pack: Pack, rule: Rule) -> dict[str, Any]:
    """A rule with its ground and its own figures."""
    parameters = msgspec.to_builtins(rule)
    shown = {key: value for key, value in parameters.items() if key not in {"id", "clause", "words"}}
    return {**ground(pack, rule.id), **shown}
