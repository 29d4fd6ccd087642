"""What is appealed against, as the rooms below know it, and what granting does there.

Matters of two kinds: a declaration that was refused is recognised after all; the content of a record that was
reversed is registered anew, under the number of the appeal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hours.appeals.domain.appeal import Appeal, Hands, Matter, record_of
from hours.declarations.domain.declaration import Actor
from hours.declarations.operations import appealed as declarations
from hours.declarations.operations.appealed import Recognition
from hours.evidence import operations as evidence
from hours.evidence.operations import Use
from hours.records import operations as records
from hours.records.domain.entries import RecordRegistered, RecordReversed
from hours.records.domain.registration import Filing, Registrar
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Entry


async def teacher_of(tx: Transaction, matter: str) -> str | None:
    """Whose a matter is; None where there is none of that name."""
    kind, _, name = matter.partition(":")
    if kind == "declaration":
        declaration = await declarations.find(tx, name)
        return declaration.teacher if declaration else None
    record = (await records.find(tx, [name])).get(name)
    return record.teacher if record else None


async def find(tx: Transaction, context: Context, matter: str) -> Matter | None:
    """A matter that can be appealed against; None where nothing was refused, or reversed for good.

    A record that was corrected is none: its hours stand under the number of the correction.
    """
    kind, _, name = matter.partition(":")
    find_one = _declaration if kind == "declaration" else _record
    return await find_one(tx, context, name)


def subjects(matter: Matter) -> set[str]:
    """What is locked together with an appeal on a matter, so that it can be granted."""
    files = {evidence.subject(digest) for digest in matter.files}
    return files | ({matter.subject} if matter.subject.startswith("declaration:") else set())


async def _declaration(tx: Transaction, context: Context, name: str) -> Matter | None:
    one = await declarations.find(tx, name)
    if one is None or one.state != "refused":
        return None
    steps = await declarations.steps(tx, context, name)
    last = steps[-1]
    return Matter(
        subject=one.subject,
        teacher=one.teacher,
        rule=one.registration.rule,
        files=one.registration.files,
        decision=last.entry.id,
        by=last.by,
        at=last.entry.recorded_at,
        hands=Hands(frozenset(step.by for step in steps), frozenset(step.account for step in steps)),
    )


async def _record(tx: Transaction, context: Context, name: str) -> Matter | None:
    found = (await records.find(tx, [name])).get(name)
    if found is None or found.reversal is None:
        return None
    registered = (await records.entry_of(tx, context, found)).parse(RecordRegistered)
    entry = await _read(tx, context, found.reversal)
    taken_back = entry.parse(RecordReversed)
    if taken_back.replacement:
        return None
    by = taken_back.registrar
    callers = {registered.registrar, registered.recogniser, registered.corrector, by} - {""}
    hands = Hands(frozenset(callers), frozenset({registered.account, taken_back.account} - {""}))
    kind, _, declaration = registered.matter.partition(":")
    if kind == "declaration":
        steps = await declarations.steps(tx, context, declaration)
        hands = hands.joined([step.by for step in steps], [step.account for step in steps])
    return Matter(
        subject=f"record:{name}",
        teacher=found.teacher,
        rule=found.rule,
        files=tuple(registered.files),
        decision=entry.id,
        by=by,
        at=entry.recorded_at,
        hands=hands,
    )


async def _read(tx: Transaction, context: Context, event: str) -> Entry:
    _, partition, seq = event.split("/")
    entry = await context.journal.read_entry(tx, int(partition), int(seq))
    assert entry is not None, "a reversal has its entry"
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The hours of a matter are to count after all."""

    appeal: Appeal
    actor: Actor
    override: str
    """Why evidence that stands for something else by now may stand for this too."""
    at: datetime


async def grant(tx: Transaction, context: Context, wanted: Grant) -> str:
    """Register the hours; the number of their record. Whoever asks holds the locks of `subjects`.

    Raises:
        DomainError: whatever refuses the hours now, such as `year.closed`, `evidence.claimed`.
    """
    kind, _, name = wanted.appeal.matter.partition(":")
    if kind == "record":
        return await _restore(tx, context, wanted, name)
    recognition = Recognition(declaration=name, actor=wanted.actor, override=wanted.override, at=wanted.at)
    return (await declarations.recognise(tx, context, recognition)).record


async def _restore(tx: Transaction, context: Context, wanted: Grant, record: str) -> str:
    """Register the content of a reversed record anew."""
    found = (await records.find(tx, [record]))[record]
    entry = await records.entry_of(tx, context, found)
    fact = entry.parse(RecordRegistered)
    number = record_of(wanted.appeal.appeal)
    kind, _, identity = fact.registrar.partition(":")
    filing = Filing(
        registrar=Registrar(kind=kind, id=identity),
        recogniser=wanted.actor.name,
        matter=fact.matter,
        handed_in=fact.handed_in or entry.recorded_at,
        restores=record,
    )
    proof: Mapping[str, str] | None = await records.proof_of(tx, record)
    registration = fact.registration_as(number, proof)
    outcomes = [
        *await evidence.claim(tx, context, await _uses(tx, fact, wanted.override), wanted.at),
        *await records.register(tx, context, filing, [registration], wanted.at),
    ]
    for outcome in outcomes:
        if isinstance(outcome, DomainError):
            raise outcome
    return number


async def _uses(tx: Transaction, fact: RecordRegistered, override: str) -> list[Use]:
    """What the files of a record stand for: the matter that it came out of."""
    teacher = (await roster.find(tx, [fact.teacher])).get(fact.teacher)
    if teacher is None:
        raise DomainError("teacher.unknown", teacher=fact.teacher)
    return [
        Use(
            digest=digest,
            matter=fact.matter,
            teacher=fact.teacher,
            rule=fact.rule,
            school=teacher.school,
            year=fact.year,
            override=override,
        )
        for digest in fact.files
    ]
