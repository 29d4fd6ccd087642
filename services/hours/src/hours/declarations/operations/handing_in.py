"""Writing down, declaring and withdrawing: what those do whose declarations they are.

A row is taken whole or not at all: what cannot be declared is not kept as a draft either. The same row again
gives the declaration as it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hours.approvals.domain import state_name
from hours.declarations import store
from hours.declarations.domain.declaration import (
    EDITABLE,
    PENDING,
    Actor,
    Declaration,
    subject,
    why_not_declared,
)
from hours.declarations.domain.entries import Declared, Drafted, Ended
from hours.declarations.operations.posting import act, draft_of, filing, uses_of
from hours.evidence import operations as evidence
from hours.records import operations as records
from hours.records.domain.registration import Registration
from hours.records.operations.registering import Filed, Weighed
from hours.roster.domain import Teacher
from hours.roster.operations import rows as roster
from hours.roster.operations.rows import Seals
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A declaration as it is handed in."""

    declaration: str
    registration: Registration
    declared: bool
    """Else it is only written down."""
    override: str
    """Why evidence that stands for something else is to stand for this too; empty for none."""

    @property
    def told(self) -> Registration:
        """What the journal keeps of it: the data of a proof are personal."""
        details = self.registration.details
        return replace(self.registration, details=replace(details, proof=None) if details else None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A declaration as it stands, and whether this request changed nothing."""

    declaration: Declaration
    replayed: bool


Outcome = Receipt | DomainError


async def hand_in(
    tx: Transaction, context: Context, actor: Actor, rows: Sequence[Handed], now: datetime
) -> list[Outcome]:
    """Write down or declare in order; a refused row never fails its neighbours.

    Where a rule has no reviewers, its hours are registered at once, and with evidence that is free, since
    nobody else would say why it is used again.
    """
    desk = await _desk(tx, context, actor, rows)
    judged = [desk.judge(row) for row in rows]
    accepted = [row for row, refused in zip(rows, judged, strict=True) if refused is None]
    refused = await _declare(tx, context, desk, [row for row in accepted if desk.declares(row)], now)
    await _write_down(tx, context, desk, [row for row in accepted if row.declaration not in refused], now)
    standing = await store.load(tx, {row.declaration for row in rows})
    return [
        no or refused.get(row.declaration) or Receipt(standing[row.declaration], replayed=desk.is_known(row))
        for row, no in zip(rows, judged, strict=True)
    ]


@dataclass(slots=True, kw_only=True)
class _Desk:
    """What one batch is judged by."""

    context: Context
    actor: Actor
    teachers: Mapping[str, Teacher]
    seals: Seals
    standing: Mapping[str, Declaration]
    files: frozenset[str]
    """Digests of the files on store."""
    seen: set[str]
    weighed: dict[str, Weighed]
    """What each row to be declared gives."""

    def judge(self, row: Handed) -> DomainError | None:
        """Why a row is not taken; None where it is."""
        one, known = row.registration, self.standing.get(row.declaration)
        if one.teacher not in self.teachers:
            return DomainError.at("/teacher", "teacher.unknown", teacher=one.teacher)
        if row.declaration in self.seen:
            return DomainError("declaration.conflict", declaration=row.declaration)
        code = why_not_declared(known, self.actor)
        if known is not None and code is None and known.digest != self.digest(row):
            code = (
                None if known.state in EDITABLE and known.teacher == one.teacher else "declaration.conflict"
            )
        if code is not None:
            return DomainError(code, declaration=row.declaration)
        for place, digest in enumerate(one.files):
            if digest not in self.files and not self.is_known(row):
                return DomainError.at(f"/files/{place}", "evidence.not_handed_in", digest=digest)
        self.seen.add(row.declaration)
        return None

    def digest(self, row: Handed) -> str:
        """HMAC of everything that a row says."""
        return self.seals.digest(row.registration.teacher, records.content_of(row.registration))

    def is_known(self, row: Handed) -> bool:
        """Whether a row says nothing new."""
        known = self.standing.get(row.declaration)
        return known is not None and known.digest == self.digest(row) and not self.declares(row)

    def declares(self, row: Handed) -> bool:
        """Whether a row is to be declared now."""
        known = self.standing.get(row.declaration)
        return row.declared and (known is None or known.state in EDITABLE)

    def filed(self, row: Handed) -> Filed:
        """The record of a row that nobody reviews."""
        return row.registration, filing(row.declaration, self.actor, self.standing.get(row.declaration))


async def _desk(tx: Transaction, context: Context, actor: Actor, rows: Sequence[Handed]) -> _Desk:
    names = {row.declaration for row in rows}
    digests = {digest for row in rows for digest in row.registration.files}
    subjects = {subject(name) for name in names} | {evidence.subject(digest) for digest in digests}
    await context.journal.lock(tx, subjects)
    ids = {row.registration.teacher for row in rows}
    await context.journal.lock(tx, map(roster.subject, ids))
    return _Desk(
        context=context,
        actor=actor,
        teachers=await roster.find(tx, ids),
        seals=await roster.seals(tx, ids),
        standing=await store.load(tx, names),
        files=frozenset(await evidence.known(tx, digests)),
        seen=set(),
        weighed={},
    )


async def _declare(
    tx: Transaction, context: Context, desk: _Desk, rows: Sequence[Handed], now: datetime
) -> dict[str, DomainError]:
    """Weigh what is declared, and let its evidence stand for it; the refusals by declaration."""
    refused: dict[str, DomainError] = {}
    filed = [desk.filed(row) for row in rows]
    for row, weighed in zip(rows, await records.weigh(tx, context, filed, now), strict=True):
        if isinstance(weighed, DomainError):
            refused[row.declaration] = weighed
        elif row.override and not _reviewers(context, row.registration.rule):
            rule = row.registration.rule
            refused[row.declaration] = DomainError.at("/override", "declaration.override_alone", rule=rule)
        else:
            desk.weighed[row.declaration] = weighed
    left = [row for row in rows if row.declaration not in refused]
    uses = [
        use
        for row in left
        for use in uses_of(
            row.registration,
            subject(row.declaration),
            desk.teachers[row.registration.teacher].school,
            row.override,
        )
    ]
    for use, claimed in zip(uses, await evidence.claim(tx, context, uses, now), strict=True):
        if claimed is not None:
            refused.setdefault(use.matter.partition(":")[2], claimed)
    return refused


async def _write_down(
    tx: Transaction, context: Context, desk: _Desk, rows: Sequence[Handed], now: datetime
) -> None:
    drafts: list[Draft] = []
    proofs: dict[str, Mapping[str, str] | None] = {}
    posted: list[Handed] = []
    for row in rows:
        known, one = desk.standing.get(row.declaration), row.registration
        said = act(row.declaration, one.teacher, one.rule, desk.actor)
        if known is None or known.digest != desk.digest(row):
            fact = Drafted(**said, registration=row.told, digest=desk.digest(row))
            drafts.append(draft_of(context, store.DRAFTED, fact, now))
            proofs[row.declaration] = one.details.proof if one.details else None
        if desk.declares(row):
            reviewers = _reviewers(context, one.rule)
            weighed = desk.weighed[row.declaration]
            declared = Declared(
                **said,
                hours=weighed.hours,
                credits=weighed.credits,
                reviewers=reviewers,
                override=row.override,
            )
            drafts.append(draft_of(context, store.DECLARED, declared, now))
            if not reviewers:
                posted.append(row)
    await store.save_proofs(tx, proofs)
    await store.project(tx, await context.journal.append(tx, drafts))
    for outcome in await records.register_filed(tx, context, [desk.filed(row) for row in posted], now):
        assert not isinstance(outcome, DomainError), "what was weighed a moment ago is registered"


def _reviewers(context: Context, rule: str) -> list[str]:
    source = context.pack.source(rule)
    assert source is not None, "what was weighed has a rule"
    return list(source.reviewers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A declaration is no longer handed in."""

    declaration: str
    actor: Actor
    reason: str
    at: datetime


async def withdraw(tx: Transaction, context: Context, wanted: Withdrawal) -> Declaration:
    """Take a declaration back that nobody has recognised or refused; its evidence is free again.

    Raises:
        DomainError: `declaration.unknown`, `declaration.over`.
    """
    name = wanted.declaration
    before = (await store.load(tx, [name])).get(name)
    files = before.registration.files if before else ()
    await context.journal.lock(tx, {subject(name), *(evidence.subject(digest) for digest in files)})
    known = (await store.load(tx, [name])).get(name)
    if before is None or known is None or why_not_declared(known, wanted.actor) is not None:
        raise DomainError("declaration.unknown", declaration=name)
    if known.state not in EDITABLE | PENDING:
        raise DomainError("declaration.over", declaration=name, state=state_name(known.state))
    if known.registration.files != files:
        raise DomainError("declaration.changed", declaration=name)
    said = act(name, known.teacher, known.registration.rule, wanted.actor)
    fact = Ended(**said, reason=wanted.reason)
    draft = draft_of(context, store.ENDINGS["withdrawn"], fact, wanted.at)
    await store.project(tx, await context.journal.append(tx, [draft]))
    await evidence.release(tx, context, known.subject, wanted.at)
    return (await store.load(tx, [name]))[name]
