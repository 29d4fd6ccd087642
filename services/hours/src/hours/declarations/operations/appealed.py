"""Refused declarations as appeals see them (申诉): what happened to one, and recognising it after all."""

from dataclasses import dataclass
from datetime import datetime

from hours.declarations import store
from hours.declarations.domain.declaration import Actor, Declaration, subject
from hours.declarations.domain.entries import Act, Recognised
from hours.declarations.operations.posting import act, draft_of, filing_of, registration_of, uses_of
from hours.evidence import operations as evidence
from hours.records import operations as records
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Entry


async def find(tx: Transaction, declaration: str) -> Declaration | None:
    """A declaration as it stands."""
    return (await store.load(tx, [declaration])).get(declaration)


@dataclass(frozen=True, slots=True)
class Step:
    """Who did something to a declaration, and with which entry."""

    entry: Entry
    by: str
    account: str


async def steps(tx: Transaction, context: Context, declaration: str) -> list[Step]:
    """What was done to a declaration, in order."""
    entries = await context.journal.read_subject(tx, subject(declaration), store.TYPES)
    return [Step(entry, fact.by, fact.account) for entry in entries for fact in [entry.parse(Act)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A refused declaration is to be recognised after all."""

    declaration: str
    actor: Actor
    override: str
    """Why evidence that stands for something else by now may stand for this too."""
    at: datetime


async def recognise(tx: Transaction, context: Context, wanted: Recognition) -> Declaration:
    """Register the hours of a refused declaration; its files stand for it again.

    Whoever asks holds the locks of the declaration and of its files.

    Raises:
        DomainError: `declaration.evidence_reused`, `evidence.claimed`; whatever refuses its record.
    """
    one = (await store.load(tx, [wanted.declaration]))[wanted.declaration]
    assert one.state == "refused", "an appeal is against a refusal"
    if one.override and not wanted.override:
        raise DomainError("declaration.evidence_reused", declaration=one.declaration)
    teacher = (await roster.find(tx, [one.teacher])).get(one.teacher)
    if teacher is None:
        raise DomainError("teacher.unknown", teacher=one.teacher)
    uses = uses_of(one.registration, one.subject, teacher.school, wanted.override)
    proof = (await store.load_proofs(tx, [one.declaration])).get(one.declaration)
    filed = registration_of(one, proof), filing_of(one, wanted.actor)
    outcomes = [
        *await evidence.claim(tx, context, uses, wanted.at),
        *await records.register_filed(tx, context, [filed], wanted.at),
    ]
    for outcome in outcomes:
        if isinstance(outcome, DomainError):
            raise outcome
    said = act(one.declaration, one.teacher, one.registration.rule, wanted.actor)
    fact = Recognised(**said, record=one.record, override=wanted.override)
    draft = draft_of(context, store.RECOGNISED, fact, wanted.at)
    await store.project(tx, await context.journal.append(tx, [draft]))
    return (await store.load(tx, [one.declaration]))[one.declaration]
