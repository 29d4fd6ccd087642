"""Registering records. The natural key is `record`: same content again, the first answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from hours.ledger import operations as ledger
from hours.ledger.domain.claim import Account, Claim
from hours.ledger.domain.closing import Closing
from hours.ledger.operations import Register
from hours.records.domain.anomaly import Anomaly, Completion, anomalies, completion_of
from hours.records.domain.entries import RecordRegistered
from hours.records.domain.judge import judge
from hours.records.domain.registration import (
    Claimed,
    Filing,
    Granted,
    Obtained,
    Refused,
    Registration,
    Standing,
)
from hours.records.operations import levels
from hours.records.rendering import refusal
from hours.records.store import completions as courses
from hours.records.store import projection
from hours.records.store import records as store
from hours.records.store.records import Kept
from hours.roster.domain import Teacher
from hours.roster.operations import rows as roster
from hours.roster.operations.rows import Seals
from hours.settings import Context
from shared.policy.calendar import start_of_day
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, canonical


@dataclass(frozen=True, slots=True)
class Receipt:
    """A record on file, and whether it was there before this request."""

    kept: Kept
    replayed: bool


Outcome = Receipt | DomainError


class Weighed(NamedTuple):
    """What a record would give before any cap: hours, and the credits that they make where these count."""

    hours: Decimal
    credits: Decimal | None


Filed = tuple[Registration, Filing]
"""What is registered, and how it comes to be."""


@dataclass(slots=True)
class _Desk:
    """What one batch is judged by; grows with what the batch itself accepts."""

    context: Context
    now: datetime
    teachers: dict[str, Teacher]
    seals: Seals
    kept: dict[str, str]
    """Digest by record."""
    standing: dict[tuple[str, str], str]
    """The record that stands by (matter, teacher): hours of a matter stand once."""
    claims: dict[tuple[str, str], set[Claimed]]
    obtained: dict[str, set[Obtained]]
    """Vocational levels by teacher."""
    closed: dict[str, Closing]
    completions: dict[str, list[Completion]]

    def judge(self, registration: Registration, filing: Filing) -> Draft | DomainError | None:
        """The entry to write; a refusal; or None for a record that is on file with the same content."""
        teacher = self.teachers.get(registration.teacher)
        known = self.kept.get(registration.record)
        digest = self.seals.digest(registration.teacher, content_of(registration)) if teacher else ""
        if known is not None:
            return None if known == digest else DomainError("record.conflict", record=registration.record)
        if (stands := self.standing.get((filing.matter, registration.teacher))) is not None:
            return DomainError("record.conflict", record=stands)
        if teacher is None:
            return DomainError.at("/teacher", "teacher.unknown", teacher=registration.teacher)
        if registration.year in self.closed[registration.teacher]:
            return DomainError.at("/year", "year.closed", year=registration.year)
        claim = (registration.teacher, registration.programme_key)
        standing = Standing(
            school=teacher.school,
            stage=teacher.stage,
            vocational=teacher.vocational,
            now=self.now,
            reopening=self.closed[registration.teacher].opened_by(registration.year),
            claimed=frozenset(self.claims.get(claim, ())),
            obtained=frozenset(self.obtained.get(registration.teacher, ())),
        )
        judgement = judge(self.context.pack, registration, filing, standing)
        if isinstance(judgement, Refused):
            return refusal(self.context.pack, registration, filing.registrar, judgement)
        self.kept[registration.record] = digest
        if filing.matter:
            self.standing[filing.matter, registration.teacher] = registration.record
        self.claims.setdefault(claim, set()).add(Claimed(registration.rule, registration.year))
        if (level := levels.of(self.context.pack, registration)) is not None:
            self.obtained.setdefault(registration.teacher, set()).add(level)
        judged = _Judged(
            registration=registration,
            granted=judgement,
            digest=digest,
            anomalies=self._anomalies(registration, judgement),
        )
        return _registered(self, filing, judged)

    def _anomalies(self, registration: Registration, granted: Granted) -> list[Anomaly]:
        """What is impossible about a course beside those that stand and those before it in the batch."""
        plausibility, new = self.context.pack.plausibility, completion_of(registration, granted)
        if plausibility is None or new is None:
            return []
        others = self.completions.setdefault(registration.teacher, [])
        found = list(anomalies(new, others, plausibility.day))
        others.append(new)
        return found


async def proof_of(tx: Transaction, record: str) -> Mapping[str, str] | None:
    """The data of the stamped proof behind a record, which are personal."""
    return await store.load_proof(tx, record)


async def register(
    tx: Transaction,
    context: Context,
    filing: Filing,
    registrations: Sequence[Registration],
    now: datetime,
) -> list[Outcome]:
    """Register records that come in one way, in order; a refused one never fails its neighbours."""
    return await register_filed(tx, context, [(one, filing) for one in registrations], now)


async def weigh(
    tx: Transaction, context: Context, filed: Sequence[Filed], now: datetime
) -> list[Weighed | DomainError]:
    """What records would give if they were registered now, or why they are refused. Nothing is written."""
    desk = await _desk(tx, context, filed, now)
    return [_given(registration, desk.judge(registration, filing)) for registration, filing in filed]


def _given(registration: Registration, judged: Draft | DomainError | None) -> Weighed | DomainError:
    if isinstance(judged, Draft):
        assert isinstance(judged.data, RecordRegistered), "a record is registered by one kind of entry"
        return Weighed(judged.data.hours, judged.data.credits)
    return judged or DomainError("record.conflict", record=registration.record)


async def register_filed(
    tx: Transaction, context: Context, filed: Sequence[Filed], now: datetime
) -> list[Outcome]:
    """Register records, each as it comes, in order; a refused one never fails its neighbours."""
    registrations = [registration for registration, _ in filed]
    desk = await _desk(tx, context, filed, now)
    judged = [desk.judge(*one) for one in filed]
    drafts = [draft for draft in judged if isinstance(draft, Draft)]
    entries = await context.journal.append(tx, drafts)
    await projection.project(tx, entries)
    accepted = [r for r, draft in zip(registrations, judged, strict=True) if isinstance(draft, Draft)]
    await store.save_proofs(
        tx, {r.record: r.details.proof for r in accepted if r.details and r.details.proof}
    )
    await ledger.settle(
        tx,
        context,
        [
            Register(claim=_claim(entry.parse(RecordRegistered), entry.id, entry.effective_at))
            for entry in entries
        ],
    )
    kept = await store.load(tx, {registration.record for registration in registrations})
    return [
        draft
        if isinstance(draft, DomainError)
        else Receipt(kept[registration.record], replayed=draft is None)
        for registration, draft in zip(registrations, judged, strict=True)
    ]


async def _desk(tx: Transaction, context: Context, filed: Sequence[Filed], now: datetime) -> _Desk:
    registrations = [registration for registration, _ in filed]
    matters = {filing.matter for _, filing in filed}
    ids = {registration.teacher for registration in registrations}
    await context.journal.lock(tx, {roster.subject(teacher) for teacher in ids})
    programmes = {registration.programme_key for registration in registrations}
    kept = await store.load(tx, {registration.record for registration in registrations})
    return _Desk(
        context=context,
        now=now,
        teachers=await roster.find(tx, ids),
        seals=await roster.seals(tx, ids),
        kept={record: found.digest for record, found in kept.items()},
        standing={by: one.record for by, one in (await store.load_standing(tx, matters, ids)).items()},
        claims=await store.load_claims(tx, ids, programmes),
        obtained=await levels.obtained(tx, context, registrations),
        closed=await ledger.closings(tx, context, ids, now),
        completions=await courses.load_completions(tx, ids) if context.pack.plausibility else {},
    )


async def find(tx: Transaction, records: Iterable[str]) -> dict[str, Kept]:
    """Those of `records` that are on file."""
    return await store.load(tx, records)


async def standing(tx: Transaction, matter: str, teachers: Iterable[str]) -> dict[str, Kept]:
    """The record out of a matter that stands for each teacher, whatever its number."""
    found = await store.load_standing(tx, [matter], teachers)
    return {teacher: kept for (_, teacher), kept in found.items()}


async def registered(tx: Transaction, teacher: str, matters: Iterable[str]) -> set[str]:
    """Those of `matters` out of which a record of the teacher stands."""
    return {matter for matter, _ in await store.load_standing(tx, matters, [teacher])}


def account_of(record: Kept | RecordRegistered) -> Account:
    """Where the hours of a record stand in the ledger."""
    return Account(teacher=record.teacher, year=record.year, rule=record.rule, category=record.category)


def _claim(fact: RecordRegistered, event: str, effective_at: datetime) -> Claim:
    return Claim(
        ground=f"record:{fact.record}",
        account=account_of(fact),
        hours=fact.amount,
        held=None if fact.credits is None else fact.hours,
        reason=fact.reason,
        origin=event,
        effective_at=effective_at,
    )


LATER_DETAILS = (
    *("degree", "started_at", "ended_at", "topics", "origin"),
    *("mode", "level", "diploma_on"),
)


def content_of(registration: Registration) -> str:
    """Everything handed in, in one form; equal exactly for equal content."""
    handed_in = asdict(registration)
    if not registration.files:
        del handed_in["files"]  # records from before there were files keep their digests
    for later in LATER_DETAILS:  # and so do those from before these details
        if registration.details and getattr(registration.details, later) is None:
            del handed_in["details"][later]
    return canonical(handed_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A registration that is taken: what it gives, its digest, what is impossible about it."""

    registration: Registration
    granted: Granted
    digest: str
    anomalies: Sequence[Anomaly]


def _registered(desk: _Desk, filing: Filing, judged: _Judged) -> Draft:
    pack, registration, granted = desk.context.pack, judged.registration, judged.granted
    return Draft(
        type=projection.REGISTERED,
        subject=roster.subject(registration.teacher),
        effective_at=start_of_day(registration.last, pack.pack.timezone),
        policy=pack.reference,
        data=RecordRegistered(
            record=registration.record,
            teacher=registration.teacher,
            year=registration.year,
            rule=registration.rule,
            category=registration.category,
            hours=granted.hours,
            credits=granted.credits,
            reason=granted.reason,
            activity=registration.activity,
            provider=registration.provider,
            first=registration.first,
            last=registration.last,
            evidence=registration.evidence,
            files=list(registration.files),
            programme=registration.programme,
            details=registration.told,
            registrar=filing.registrar.name,
            recogniser=filing.recogniser,
            matter=filing.matter,
            handed_in=filing.handed_in,
            corrects=filing.corrects,
            corrector=filing.corrector.name if filing.corrector else "",
            account=filing.account,
            accounts=sorted(filing.accounts),
            reopening=desk.closed[registration.teacher].opened_by(registration.year),
            restores=filing.restores,
            digest=judged.digest,
            anomalies=list(judged.anomalies),
            basis=dict(granted.basis),
        ),
    )
