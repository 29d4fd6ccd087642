"""Reviewing: agree, and with the last one register the hours; return; refuse. Each decision stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hours.declarations import store
from hours.declarations.domain.declaration import Actor, Declaration, Verdict, subject, why_not_decided
from hours.declarations.domain.entries import Act, Ended, Recognised
from hours.declarations.operations.posting import act, draft_of, filing_of, registration_of
from hours.evidence import operations as evidence
from hours.records import operations as records
from hours.roster.operations import workplaces
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a reviewer decides on one declaration."""

    declaration: str
    verdict: Verdict
    reason: str
    """Why it is returned or refused."""
    override: str
    """Why evidence that stands for something else may stand for this too."""


Outcome = Declaration | DomainError


async def decide(
    tx: Transaction, context: Context, actor: Actor, decisions: Sequence[Decision], now: datetime
) -> list[Outcome]:
    """Decide in order; a refused decision never fails its neighbours. Those on one declaration: the first."""
    names = [decision.declaration for decision in decisions]
    standing = await _locked(tx, context, names)
    places = await workplaces.find(tx, {one.teacher for one in standing.values()})
    outcomes: dict[int, DomainError] = {}
    taken: dict[str, tuple[int, Decision]] = {}
    for place, decision in enumerate(decisions):
        one = standing.get(decision.declaration)
        if one is None or one.teacher not in places:  # who left the roster is nobody's to decide on
            outcomes[place] = DomainError("declaration.unknown", declaration=decision.declaration)
        elif one.declaration in taken:
            outcomes[place] = DomainError("declaration.not_pending", declaration=one.declaration)
        else:
            code = why_not_decided(one, actor, places[one.teacher]) or _not_overridden(one, decision)
            if code is None:
                taken[one.declaration] = place, decision
            else:
                outcomes[place] = DomainError(code, declaration=one.declaration)
    agreed = [standing[name] for name, (_, decision) in taken.items() if decision.verdict == "approve"]
    refused = await _post(tx, context, actor, [one for one in agreed if one.is_at_last], now)
    drafts = [
        _said(context, actor, standing[name], decision, now)
        for name, (_, decision) in taken.items()
        if name not in refused
    ]
    await store.project(tx, await context.journal.append(tx, drafts))
    for name, (_, decision) in taken.items():
        if decision.verdict != "approve":
            await evidence.release(tx, context, subject(name), now)
    after = await store.load(tx, names)
    return [outcomes.get(place) or refused.get(name) or after[name] for place, name in enumerate(names)]


async def _locked(tx: Transaction, context: Context, names: Sequence[str]) -> dict[str, Declaration]:
    """Declarations, held together with the files that prove them; one that was changed meanwhile is none."""
    before = await store.load(tx, names)
    digests = {digest for one in before.values() for digest in one.registration.files}
    await context.journal.lock(tx, {*map(subject, before), *(evidence.subject(digest) for digest in digests)})
    held = await store.load(tx, names)
    return {name: one for name, one in held.items() if one.registration == before[name].registration}


def _not_overridden(one: Declaration, decision: Decision) -> str | None:
    """Who recognises says so themselves where evidence stands for something else already."""
    needed = decision.verdict == "approve" and one.is_at_last and one.override and not decision.override
    return "declaration.evidence_reused" if needed else None


async def _post(
    tx: Transaction, context: Context, actor: Actor, recognised: Sequence[Declaration], now: datetime
) -> dict[str, DomainError]:
    """Register the hours of what is recognised; the refusals by declaration."""
    proofs = await store.load_proofs(tx, [one.declaration for one in recognised])
    filed = [(registration_of(one, proofs.get(one.declaration)), filing_of(one, actor)) for one in recognised]
    outcomes = await records.register_filed(tx, context, filed, now)
    return {
        one.declaration: outcome
        for one, outcome in zip(recognised, outcomes, strict=True)
        if isinstance(outcome, DomainError)
    }


def _said(context: Context, actor: Actor, one: Declaration, decision: Decision, now: datetime) -> Draft:
    said = act(one.declaration, one.teacher, one.registration.rule, actor)
    if decision.verdict == "approve" and one.is_at_last:
        recognised = Recognised(**said, record=one.record, override=decision.override)
        return draft_of(context, store.RECOGNISED, recognised, now)
    if decision.verdict == "approve":
        return draft_of(context, store.REVIEWED, Act(**said), now)
    ending = store.ENDINGS["returned" if decision.verdict == "return" else "refused"]
    return draft_of(context, ending, Ended(**said, reason=decision.reason), now)
