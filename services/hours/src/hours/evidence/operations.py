"""What is done with evidence: handed in, looked at, used by matters, released by them, erased unused.

Whoever claims or releases holds the locks of `subject` for every file, taken together with that of the own
matter.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hours.evidence import store
from hours.evidence.domain import (
    EvidenceClaimed,
    EvidenceErased,
    EvidenceReleased,
    EvidenceStored,
    Key,
    Use,
    in_the_way,
)
from hours.evidence.store import BEFORE, Stored, Unused
from hours.settings import Context
from shared.access import Caller, Reach
from shared.policy.calendar import day_of, start_of_day
from shared.runtime.database import Transaction
from shared.runtime.errors import AwayError, DomainError
from shared.runtime.inspection.findings import JPEG, PDF, PNG
from shared.runtime.journal import Draft

__all__ = [
    "BEFORE",
    "Stored",
    "Use",
    "attached",
    "claim",
    "copy_of",
    "erase_unused",
    "hand_in",
    "hold",
    "known",
    "release",
    "subject",
    "subjects_of",
    "used_by",
    "visible",
]

SUFFIXES = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
"""A browser saves the file, runs nothing in it, and leaves no copy for others."""

AT_ONCE = 100
"""Files that are erased in one transaction."""

Fact = EvidenceStored | EvidenceClaimed | EvidenceReleased | EvidenceErased


def subject(digest: str) -> str:
    """The journal's subject of a file."""
    return f"evidence:{digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was inspected and lies under its digest."""

    digest: str
    media_type: str
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A file as it is on file for somebody."""

    stored: Stored
    before: bool
    """Whether they had handed it in already."""
    erased: bool
    """Whether it was erased earlier, perhaps after it was found in its place: it has to be kept again."""


async def hand_in(tx: Transaction, context: Context, file: File, caller: Caller, now: datetime) -> HandedIn:
    """Note that somebody handed in a file.

    Raises:
        AwayError: `file.place_away`, 503: it was erased, and is just leaving its place.
    """
    await context.journal.lock(tx, [subject(file.digest)])
    before = await store.handed_in(tx, file.digest, caller.subject)
    if before is not None:
        return HandedIn(stored=before, before=True, erased=False)
    gone = await store.comes_back(tx, file.digest)
    if gone is False:
        raise AwayError("file.place_away")
    fact = EvidenceStored(
        digest=file.digest,
        media_type=file.media_type,
        size=file.size,
        by=caller.name,
        subject=caller.subject,
    )
    await _say(tx, context, [(store.STORED, fact)], now)
    stored = await store.handed_in(tx, file.digest, caller.subject)
    assert stored is not None, "what was just handed in is on file"
    return HandedIn(stored=stored, before=False, erased=gone is True)


async def visible(tx: Transaction, digest: str, reach: Reach) -> Stored:
    """A file that the caller handed in, or that is used for a teacher to whom the caller reaches.

    Raises:
        DomainError: `evidence.unknown`, 404, of whatever else there may be.
    """
    found, teachers = (
        await store.handed_in(tx, digest, reach.caller.subject),
        await store.teachers_of(tx, digest),
    )
    if found is None and await reach.covered(tx, teachers):
        found = (await store.known(tx, [digest])).get(digest)
    if found is None:
        raise DomainError("evidence.unknown", digest=digest)
    reach.show(teachers)
    return found


async def hold(tx: Transaction, digests: Sequence[str], reach: Reach) -> None:
    """Go on where the caller may see every file that is attached at `/files`.

    Raises:
        DomainError: `evidence.not_handed_in`, 422, as of a file that nobody handed in.
    """
    for place, digest in enumerate(digests):
        try:
            await visible(tx, digest, reach)
        except DomainError:
            raise DomainError.at(f"/files/{place}", "evidence.not_handed_in", digest=digest) from None


async def attached(tx: Transaction, digest: str, reach: Reach) -> Stored | None:
    """A file that a matter shows to whoever may see it; the log of reads hears for whom it is used."""
    reach.show(await store.teachers_of(tx, digest))
    return (await store.known(tx, [digest])).get(digest)


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it is sent to somebody who may see it."""

    content: bytes
    media_type: str
    headers: Mapping[str, str]


async def copy_of(context: Context, found: Stored) -> Copy:
    """A file for somebody to save. It is fetched from where it lies: no transaction is open.

    Raises:
        DomainError: `file.no_place`, `file.place_away`, `file.altered`, 503.
    """
    content = await context.documents.read(found.digest)
    name = f"{found.digest}.{SUFFIXES[found.media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **HARMLESS}
    return Copy(content, found.media_type, headers)


async def known(tx: Transaction, digests: Iterable[str]) -> dict[str, Stored]:
    """Those of the files that were handed in, by digest."""
    return await store.known(tx, digests)


async def claim(
    tx: Transaction, context: Context, uses: Sequence[Use], now: datetime
) -> list[DomainError | None]:
    """Use evidence, each matter seeing those before it; the refusal of each use, or None.

    Where one use of a matter is refused, none of that matter's stands. Refusals are `evidence.not_handed_in`,
    422, and `evidence.claimed`, 409, which says nothing of the other use.
    """
    digests = {use.digest for use in uses}
    there, standing = await store.known(tx, digests), await store.standing(tx, digests)
    refusals: list[DomainError | None] = [None] * len(uses)
    facts: list[tuple[str, Fact]] = []
    for matter in dict.fromkeys(use.matter for use in uses):
        own = [place for place, use in enumerate(uses) if use.matter == matter]
        for place in own:
            refusals[place] = _refusal(uses[place], there, standing.get(uses[place].digest, {}))
        if any(refusals[place] for place in own):
            continue
        for use in (uses[place] for place in own):
            others = standing.setdefault(use.digest, {})
            if use.key not in others:
                others[use.key] = use
                facts.append((store.CLAIMED, _claimed(use)))
    await _say(tx, context, facts, now)
    return refusals


def _refusal(use: Use, there: Container[str], others: Mapping[Key, Use]) -> DomainError | None:
    """Why a file cannot be used: nobody handed it in, or it stands for something else."""
    if use.digest not in there:
        return DomainError.at(use.path, "evidence.not_handed_in", digest=use.digest)
    if not use.override and in_the_way(use, others.values()):
        return DomainError.at(use.path, "evidence.claimed", digest=use.digest)
    return None


def _claimed(use: Use) -> EvidenceClaimed:
    return EvidenceClaimed(
        digest=use.digest,
        matter=use.matter,
        teacher=use.teacher,
        rule=use.rule,
        school=use.school,
        year=use.year,
        override=use.override,
    )


async def used_by(tx: Transaction, matter: str) -> list[str]:
    """The files that a matter uses, by digest."""
    return await store.used_by(tx, matter)


async def subjects_of(tx: Transaction, matter: str) -> set[str]:
    """What to lock, together with whatever else is locked, before the uses of a matter end."""
    return {subject(digest) for digest in await store.used_by(tx, matter)}


async def release(
    tx: Transaction,
    context: Context,
    matter: str,
    now: datetime,
    *,
    only: Container[str] | None = None,
) -> None:
    """End the uses that a matter makes of evidence, or of `only` some: it was refused, replaced, reversed."""
    digests = [one for one in await store.used_by(tx, matter) if only is None or one in only]
    facts = [(store.RELEASED, EvidenceReleased(digest=digest, matter=matter)) for digest in digests]
    await _say(tx, context, facts, now)


async def erase_unused(tx: Transaction, context: Context, now: datetime, after: str) -> list[str]:
    """Erase evidence that nothing uses and used for the days that are set; the next digests looked at.

    Their files are still there: they leave their place when this is certain.
    """
    days = context.unused_days
    if days is None:
        return []
    zone = context.pack.pack.timezone
    unused = Unused(
        before=start_of_day(day_of(now, zone) - timedelta(days), zone),
        attached=context.attached,
        at_issue=context.at_issue,
    )
    found = await store.unused(tx, unused, after=after, limit=AT_ONCE)
    if found:
        await context.journal.lock(tx, map(subject, found))
        still = await store.unused(tx, unused, among=found, limit=AT_ONCE)
        facts = [(store.ERASED, EvidenceErased(digest=digest, days=days)) for digest in still]
        await _say(tx, context, facts, now)
        await store.to_leave(tx, still)
    return found


async def _say(tx: Transaction, context: Context, facts: Sequence[tuple[str, Fact]], now: datetime) -> None:
    drafts = [
        Draft(
            type=kind,
            subject=subject(fact.digest),
            effective_at=now,
            policy=context.pack.reference,
            data=fact,
        )
        for kind, fact in facts
    ]
    await store.project(tx, await context.journal.append(tx, drafts))
