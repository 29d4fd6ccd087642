"""A record that was reversed, or left less than it was; granted, its content is registered anew.

What stands since, be it a correction or another record out of the same matter, gives its place in one act,
as with every correction, so the hours of both never stand at once.
"""

from datetime import datetime

from hours.appeals.domain.appeal import Hands, Matter, record_of
from hours.appeals.operations.matters.kind import Grant
from hours.declarations.operations import appealed as declarations
from hours.evidence import operations as evidence
from hours.evidence.operations import Use
from hours.records import operations as records
from hours.records.domain.entries import RecordRegistered
from hours.records.domain.registration import Registrar, Registration
from hours.records.operations import Change, Correction
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Entry


async def teacher_of(tx: Transaction, name: str) -> str | None:
    """Whose a record is."""
    found = (await records.find(tx, [name])).get(name)
    return found.teacher if found else None


async def find(tx: Transaction, context: Context, name: str) -> Matter | None:
    """A record that was reversed for good, or whose successor stands and gives less where it stood."""
    changes = await records.changes(tx, context, name)
    if not changes or not _worsened(changes):
        return None
    first = changes[0]
    decision, by, at = _decision(first)
    return Matter(
        subject=f"record:{name}",
        teacher=first.fact.teacher,
        rule=first.fact.rule,
        held=frozenset() if first.corrected else frozenset(map(evidence.subject, first.fact.files)),
        decision=decision,
        by=by,
        at=at,
        hands=await _hands(tx, context, changes),
    )


def _decision(change: Change) -> tuple[str, str, datetime]:
    """The entry appealed against, who made it and when: what was registered later, else the reversal."""
    later = None if change.corrected else change.successor
    if later is None:
        return change.reversal.id, change.by, change.reversal.recorded_at
    return later.entry, later.recogniser or later.registrar, later.recorded_at


def _worsened(changes: list[Change]) -> bool:
    """Whether a reversal took the hours away, or what stands since is less, or elsewhere."""
    was, now = changes[0].fact, changes[-1].successor
    if now is None:  # what was taken back for good after a correction is appealed against by its own number
        return changes[0].successor is None
    elsewhere = records.account_of(was) != records.account_of(now)
    return elsewhere or now.amount < was.amount


async def _hands(tx: Transaction, context: Context, changes: list[Change]) -> Hands:
    """Who handed in, registered, recognised, corrected and took back, who declared and reviewed."""
    hands = Hands(frozenset(), frozenset())
    facts = [change.fact for change in changes]
    if (stands := changes[-1].successor) is not None:
        facts.append((await records.entry_of(tx, context, stands)).parse(RecordRegistered))
    for fact in facts:
        callers = {fact.registrar, fact.recogniser, fact.corrector}
        hands = hands.joined(callers - {""}, {fact.account, *fact.accounts} - {""})
    for change in changes:
        hands = hands.joined({change.by}, {change.account} - {""})
    kind, _, declaration = changes[0].fact.matter.partition(":")
    if kind == "declaration":
        steps = await declarations.steps(tx, context, declaration)
        hands = hands.joined([step.by for step in steps], [step.account for step in steps])
    return hands


async def grant(tx: Transaction, context: Context, wanted: Grant, name: str) -> str:
    """Register the content anew, under a number that names the old one."""
    changes = await records.changes(tx, context, name)
    original, standing = changes[0].registered, changes[-1].successor
    number = record_of(wanted.appeal.appeal)
    content = changes[0].fact.registration_as(number, await records.proof_of(tx, name))
    if standing is None:
        await _register(tx, context, wanted, original, content)
        return number
    correction = Correction(
        original=await records.entry_of(tx, context, standing),
        corrected=content,
        reason=wanted.appeal.subject,
        corrector=Registrar(kind=wanted.actor.kind, id=wanted.actor.id),
        account=wanted.actor.account,
        at=wanted.at,
        restores=original,
    )
    await records.correct(tx, context, correction)
    return number


async def _register(
    tx: Transaction, context: Context, wanted: Grant, original: Entry, content: Registration
) -> None:
    """Register what was reversed; its files stand for its matter again."""
    fact = original.parse(RecordRegistered)
    filing = records.restored(original, wanted.actor.name, wanted.actor.account)
    outcomes = [
        *await evidence.claim(tx, context, await _uses(tx, fact, wanted.override), wanted.at),
        *await records.register(tx, context, filing, [content], wanted.at),
    ]
    for outcome in outcomes:
        if isinstance(outcome, DomainError):
            raise outcome


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
