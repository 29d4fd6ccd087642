"""What the ledger does: give out numbers, write down issues and changes of state, answer what stands.

Operations take the open transaction and never commit. The partitions of the teachers concerned are locked by
the caller, before anything is decided; the series are locked here, above them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.registry import store
from certificates.registry.domain.certificate import Document, Key, Printed, Version
from certificates.registry.domain.number import Series, SeriesExhaustedError
from certificates.registry.domain.status import Operation
from shared.access import Reach
from shared.contracts.certificates import (
    CertificateIssued,
    CertificateReserved,
    CertificateStateChanged,
    CertificateSuperseded,
)
from shared.policy.categories import Hours
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry, Journal

EVENTS = {
    Operation.SUSPEND: "certificate.suspended.v1",
    Operation.REINSTATE: "certificate.reinstated.v1",
    Operation.REVOKE: "certificate.revoked.v1",
    Operation.EXPIRE: "certificate.expired.v1",
}
"""The event that says each change of state."""

BY_VERDICT = store.BY_VERDICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Someone who is to have a number, and the verdict's date and rules."""

    key: Key
    series: Series
    effective_at: datetime
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A version that is ready: its document, and what it says and rests on."""

    key: Key
    document: Document
    hours: Hours
    verdict: str
    decided_at: datetime
    policy: str
    replaces: int | None
    reason: str
    """Why the earlier version is replaced; empty for the first."""
    last: int | None
    """The last year of its cycle; None: of a year by itself."""
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of state of a version, by a verdict or a person."""

    version: Version
    operation: Operation
    reason: str
    by: str
    effective_at: datetime


async def reserve(
    tx: Transaction, journal: Journal, claims: Sequence[Claim]
) -> dict[Key, str | SeriesExhaustedError]:
    """A number for each claim, in order of teacher; a key that has one keeps it.

    Numbers are gapless: a number leaves its series only with an owner, and the owner's next attempt goes on
    with it. A claim that the series cannot serve any more has the refusal in its place.
    """
    numbers: dict[Key, str | SeriesExhaustedError] = {}
    numbers |= await store.load_numbers(tx, [claim.key for claim in claims])
    fresh = sorted((claim for claim in claims if claim.key not in numbers), key=lambda claim: claim.key)
    keys = {claim.series.key for claim in fresh}
    await journal.lock(tx, {f"series:{key}" for key in keys})
    serials = await store.load_serials(tx, keys)
    drafts = []
    for claim in fresh:
        serial = serials.get(claim.series.key, 0) + 1
        try:
            number = str(claim.series.number(serial))
        except SeriesExhaustedError as end:
            numbers[claim.key] = end
            continue
        serials[claim.series.key] = serial
        numbers[claim.key] = number
        drafts.append(_reserved(claim, number, serial))
    await record(tx, journal, drafts)
    return numbers


async def issue(tx: Transaction, journal: Journal, issues: Sequence[Issue]) -> list[Entry]:
    """Issue bytes and facts together; a version that is replaced is superseded in the same breath."""
    drafts = [draft for each in issues for draft in _issued(each)]
    entries = await record(tx, journal, drafts)
    if issues:
        await store.insert_documents(tx, [each.document for each in issues])
    return entries


def changed(change: Change) -> Draft:
    """The draft that says a change of state; `record` writes it down."""
    version = change.version
    return Draft(
        type=EVENTS[change.operation],
        subject=version.key.subject,
        effective_at=change.effective_at,
        policy=version.policy,
        data=CertificateStateChanged(
            number=version.number,
            teacher=version.key.teacher,
            year=version.key.year,
            kind=version.key.kind,
            version=version.version,
            reason=change.reason,
            by=change.by,
        ),
    )


async def record(tx: Transaction, journal: Journal, drafts: Sequence[Draft]) -> list[Entry]:
    """Append drafts and bring the ledger's tables up to them."""
    entries = await journal.append(tx, drafts)
    await store.project(tx, entries)
    return entries


async def load_current(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Version]:
    """The current version of each certificate that exists."""
    return await store.load_current(tx, keys)


async def load_numbers(tx: Transaction, keys: Iterable[Key]) -> dict[Key, str]:
    """The numbers that are reserved for these keys."""
    return await store.load_numbers(tx, keys)


async def find(tx: Transaction, number: str, version: int | None = None) -> Version | None:
    """One version of a certificate, the current one where none is named."""
    return await store.load_version(tx, number, version)


async def find_within(tx: Transaction, reach: Reach, number: str, version: int | None = None) -> Version:
    """The same, for who reaches to the teacher whose certificate it is.

    Raises:
        DomainError: `certificate.unknown`.
    """
    unknown = DomainError("certificate.unknown", number=number)
    found = await store.load_version(tx, number, version)
    if found is None:
        raise unknown
    await reach.hold(tx, found.key.teacher, unknown)
    return found


def version_in(entries: Iterable[Entry]) -> Version | None:
    """The current version that entries about one certificate come to; None before it was issued."""
    return store.version_in(entries)


async def find_printed(tx: Transaction, number: str, version: int | None = None) -> Printed | None:
    """One version and whose name is on it, in one query whether or not it exists."""
    return await store.load_printed(tx, number, version)


async def find_document(tx: Transaction, number: str, version: int) -> Document | None:
    """What was issued as this version."""
    return await store.load_document(tx, number, version)


def _reserved(claim: Claim, number: str, serial: int) -> Draft:
    return Draft(
        type="certificate.reserved.v1",
        subject=f"series:{claim.series.key}",
        effective_at=claim.effective_at,
        policy=claim.policy,
        data=CertificateReserved(
            number=number,
            teacher=claim.key.teacher,
            year=claim.key.year,
            kind=claim.key.kind,
            series=claim.series.key,
            serial=serial,
        ),
    )


def _issued(each: Issue) -> list[Draft]:
    document, key = each.document, each.key
    said = CertificateIssued(
        number=document.number,
        teacher=key.teacher,
        year=key.year,
        kind=key.kind,
        version=document.version,
        verdict=each.verdict,
        figures=dict(each.hours),
        digest=document.digest,
        issued_at=each.decided_at,
        replaces=each.replaces,
        last=each.last,
        valid_until=each.valid_until,
    )
    issued = Draft(
        type="certificate.issued.v1",
        subject=key.subject,
        effective_at=each.decided_at,
        policy=each.policy,
        data=said,
    )
    if each.replaces is None:
        return [issued]
    superseded = Draft(
        type="certificate.superseded.v1",
        subject=key.subject,
        effective_at=each.decided_at,
        policy=each.policy,
        data=CertificateSuperseded(
            number=document.number,
            teacher=key.teacher,
            year=key.year,
            kind=key.kind,
            version=each.replaces,
            by_version=document.version,
            reason=each.reason,
        ),
    )
    return [superseded, issued]
