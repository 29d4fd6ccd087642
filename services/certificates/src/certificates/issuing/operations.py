"""Issuing in two transactions (签发): numbers are reserved in one, bytes and facts issued in the other.

What can fail on content is tried before a number is taken. Between the two, documents are rendered without
any transaction; a crash there goes on with the same numbers. What changed meanwhile is seen under the lock
and left for the next round.
"""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from certificates.entitlements import operations as entitlements
from certificates.entitlements.domain.entitlement import Entitlement, Work
from certificates.issuing import store
from certificates.issuing.rendering.document import SPECIMEN, Contents, Renderer, RenderingError
from certificates.issuing.store import Failure, Stuck
from certificates.registry import operations as registry
from certificates.registry.domain.amount import amounts
from certificates.registry.domain.certificate import Document, Key, Version
from certificates.registry.domain.number import Series
from certificates.registry.operations import Claim, Issue
from certificates.settings import Context
from shared.access import Reach
from shared.policy.calendar import day_of
from shared.policy.certificates import CertificateKind
from shared.policy.cycles import Span
from shared.policy.pack import Pack
from shared.runtime.database import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What hours says of a teacher, to be printed."""

    name: str
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A certificate that is to be issued, as it stood when the batch was taken."""

    entitlement: Entitlement
    current: Version | None
    number: str | None
    """The number that is reserved already, if one is."""
    pack: Pack | None
    """The rules of the pass, by which what is printed is told; None where they are not kept here."""

    @property
    def key(self) -> Key:
        """Whose certificate of what."""
        return self.entitlement.key

    @property
    def version(self) -> int:
        """The version that is to be made."""
        return 1 if self.current is None else self.current.version + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Due, and what is to be printed is known and can be printed."""

    due: Due
    pack: Pack
    person: Person

    @property
    def kind(self) -> CertificateKind:
        """The kind of certificate, as the rules of the pass know it."""
        return self.pack.certificate(self.due.key.kind)

    @property
    def span(self) -> Span:
        """The years that are certified."""
        return self.pack.certified(self.kind, self.due.key.year)

    @property
    def valid_until(self) -> date | None:
        """The last day on which it will be valid; None: it does not end by itself."""
        return self.kind.valid_until(self.span.last, self.pack.years)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Due, and its document."""

    due: Due
    document: Document
    span: Span
    """The years that are certified."""
    valid_until: date | None


async def take(tx: Transaction, context: Context, limit: int) -> list[Due]:
    """The next certificates to issue, in order of teacher."""
    due = await store.load_due(tx, limit)
    keys = [entitlement.key for entitlement in due]
    versions = await registry.load_current(tx, keys)
    numbers = await registry.load_numbers(tx, keys)
    packs = await context.adoptions.kept(tx, {each.policy for each in due})
    return [
        Due(
            entitlement=each,
            current=versions.get(each.key),
            number=numbers.get(each.key),
            pack=packs.get(each.policy),
        )
        for each in due
    ]


def try_contents(
    context: Context, renderer: Renderer, batch: Sequence[Due], people: Mapping[str, Person]
) -> tuple[list[Ready], list[Failure]]:
    """Who can have a certificate as things are, and why the others cannot; takes no number."""
    ready: list[Ready] = []
    failures: list[Failure] = []
    for due in batch:
        person = people.get(due.key.teacher)
        if person is None or not person.name.strip():
            reason = "teacher.unknown" if person is None else "name.missing"
            failures.append(_failure(due, reason))
            continue
        if due.pack is None:
            failures.append(_failure(due, "policy.not_kept"))
            continue
        candidate = Ready(due=due, pack=due.pack, person=person)
        try:
            renderer.check(_contents(context, candidate, SPECIMEN))
        except RenderingError as refusal:
            failures.append(_refused(due, refusal))
        else:
            ready.append(candidate)
    return ready, failures


async def reserve(
    tx: Transaction, context: Context, ready: Sequence[Ready]
) -> tuple[dict[Key, str], list[Failure]]:
    """A number for each whose pass still stands, and the failures of a series that has ended."""
    still = {due.key for due in await _still_due(tx, context, [each.due for each in ready])}
    standing = [each for each in ready if each.due.key in still]
    taken = await registry.reserve(tx, context.journal, [_claim(each) for each in standing])
    numbers = {key: number for key, number in taken.items() if isinstance(number, str)}
    ended = [each.due for each in standing if each.due.key not in numbers]
    return numbers, [_failure(due, "series.exhausted") for due in ended]


def render(
    context: Context, renderer: Renderer, ready: Sequence[Ready], numbers: Mapping[Key, str]
) -> tuple[list[Rendered], list[Failure]]:
    """The documents of all that have a number, and those that were refused all the same."""
    numbered = [each for each in ready if each.due.key in numbers]
    with ThreadPoolExecutor(max_workers=2) as hands:  # while one is set, the code of the next one is drawn
        made = list(
            hands.map(lambda each: _rendered(context, renderer, each, numbers[each.due.key]), numbered)
        )
    return (
        [each for each in made if isinstance(each, Rendered)],
        [each for each in made if isinstance(each, Failure)],
    )


async def issue(tx: Transaction, context: Context, rendered: Sequence[Rendered]) -> int:
    """Issue what still stands as it was taken; returns how many."""
    still = {due.key for due in await _still_due(tx, context, [each.due for each in rendered])}
    issues = [_issue(each) for each in rendered if each.due.key in still]
    await entitlements.settle(tx, await registry.issue(tx, context.journal, issues))
    return len(issues)


async def note_failures(tx: Transaction, failures: Sequence[Failure], now: datetime) -> None:
    """Set failed work aside until its reason may be gone."""
    await store.keep_failures(tx, failures, now)


async def retry(tx: Transaction, of: Sequence[str] | Reach) -> int:
    """Let failed work be tried again: of these teachers, or all within a reach. Returns how many."""
    return await store.delete_failures(tx, of)


async def count_work(tx: Transaction, reach: Reach) -> dict[str, int]:
    """How much is pending, failed and held within a reach."""
    return await store.count_work(tx, reach)


async def load_stuck(tx: Transaction, reach: Reach, after: Key | None, limit: int) -> list[Stuck]:
    """Work within a reach that waits for a person, in order of teacher."""
    return await store.load_stuck(tx, reach, after, limit)


async def _still_due(tx: Transaction, context: Context, batch: Sequence[Due]) -> list[Due]:
    """Lock the teachers, and leave out whose work is not what it was when it was taken."""
    keys = [due.key for due in batch]
    await context.journal.lock(tx, {key.subject for key in keys})
    standing = await entitlements.load(tx, keys)
    versions = await registry.load_current(tx, keys)
    return [due for due in batch if _unchanged(due, standing.get(due.key), versions.get(due.key))]


def _unchanged(due: Due, entitlement: Entitlement | None, version: Version | None) -> bool:
    """Whether the work is still the one that was taken: the same verdict, the same version to follow."""
    return (
        entitlement is not None
        and entitlement.work is Work.DUE
        and entitlement.verdict == due.entitlement.verdict
        and (None if version is None else version.version)
        == (None if due.current is None else due.current.version)
    )


def _claim(ready: Ready) -> Claim:
    due, kind = ready.due, ready.kind
    return Claim(
        key=due.key,
        series=Series(division=kind.division, year=due.key.year, kind=kind.digit),
        effective_at=due.entitlement.decided_at,
        policy=due.entitlement.policy,
    )


def _rendered(context: Context, renderer: Renderer, ready: Ready, number: str) -> Rendered | Failure:
    try:
        pdf = renderer.render(_contents(context, ready, number))
    except RenderingError as refusal:
        return _refused(ready.due, refusal)
    document = Document(
        number=number,
        version=ready.due.version,
        name=ready.person.name,
        school=ready.person.school,
        digest=sha256(pdf).hexdigest(),
        pdf=pdf,
    )
    return Rendered(due=ready.due, document=document, span=ready.span, valid_until=ready.valid_until)


def _contents(context: Context, ready: Ready, number: str) -> Contents:
    due, entitlement, pack = ready.due, ready.due.entitlement, ready.pack
    kind = ready.kind
    return Contents(
        number=number,
        version=due.version,
        replaces=None if due.current is None else due.current.version,
        heading=kind.heading,
        name=ready.person.name,
        school=ready.person.school,
        span=ready.span,
        years=pack.years,
        valid_until=ready.valid_until,
        hours=amounts(pack, entitlement.hours),
        issuer=kind.issuer,
        issued_on=day_of(entitlement.decided_at, pack.pack.timezone),
        basis=f"{pack.pack.source}（{entitlement.policy}）",
        verify_url=context.verify_url(number, due.version),
    )


def _issue(each: Rendered) -> Issue:
    due, entitlement = each.due, each.due.entitlement
    return Issue(
        key=due.key,
        document=each.document,
        hours=entitlement.hours,
        verdict=entitlement.verdict,
        decided_at=entitlement.decided_at,
        policy=entitlement.policy,
        replaces=None if due.current is None else due.current.version,
        reason="" if due.current is None else entitlement.ordered or "verdict.corrected",
        last=each.span.last if each.span.last > each.span.first else None,
        valid_until=each.valid_until,
    )


def _failure(due: Due, reason: str, sign: str = "") -> Failure:
    return Failure(key=due.key, verdict=due.entitlement.verdict, reason=reason, sign=sign)


def _refused(due: Due, refusal: RenderingError) -> Failure:
    if refusal.sign:
        return _failure(due, "glyph.missing", refusal.sign)
    log.error("certificate of %s for %d cannot be rendered: %s", due.key.teacher, due.key.year, refusal)
    return _failure(due, "document.refused")
