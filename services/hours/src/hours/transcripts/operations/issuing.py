"""Issuing a transcript: what stands now, signed with the jurisdiction's key, under a number of its own."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

from hours.roster.operations import rows as roster
from hours.roster.operations.identities import Identity, identify
from hours.settings import Context
from hours.transcripts import store
from hours.transcripts.domain.transcript import (
    KIND,
    Bilingual,
    Holder,
    Jurisdiction,
    Transcript,
    why_not_spanned,
)
from hours.transcripts.entries import TranscriptIssued
from hours.transcripts.operations.content import lines_of, sums_of
from hours.transcripts.store import Issued
from shared.access import Caller
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, canonical
from shared.runtime.signatures import Signer

SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody wants a transcript of some years of a teacher."""

    number: str
    teacher: str
    first: int
    last: int
    caller: Caller
    at: datetime


async def issue(tx: Transaction, context: Context, asked: Asked) -> Issued:
    """Sign what stands of a teacher's years, and keep the signed text.

    Raises:
        DomainError: `transcript.no_key`, `transcript.span`, `transcript.no_identity`, `transcript.too_long`,
            `teacher.unknown`; `idempotency.conflict` for a number that somebody else has taken.
    """
    signer = context.transcripts.signer
    if signer is None:
        raise DomainError("transcript.no_key")
    if (code := why_not_spanned(asked.first, asked.last)) is not None:
        raise DomainError(code)
    salt = token_bytes(SALT_BYTES)
    identity = await identify(tx, context, asked.teacher, salt)
    await context.journal.lock(tx, {_subject(asked.number), roster.subject(asked.teacher)})
    if await store.load(tx, asked.number) is not None:
        raise DomainError("idempotency.conflict", key=asked.number)
    if asked.teacher not in await roster.find(tx, [asked.teacher]):
        raise DomainError.at("/teacher", "teacher.unknown", teacher=asked.teacher)
    if identity is None:
        raise DomainError("transcript.no_identity", teacher=asked.teacher)
    return await _sign(tx, context, signer, asked, await _content(tx, context, asked, identity, salt))


async def _content(
    tx: Transaction, context: Context, asked: Asked, identity: Identity, salt: bytes
) -> Transcript:
    header = context.pack.pack
    return Transcript(
        transcript=asked.number,
        issuer=context.transcripts.issuer,
        jurisdiction=Jurisdiction(
            name=Bilingual(en=header.name, zh=header.name_zh),
            division=header.division,
            policy=context.pack.reference,
        ),
        issued_at=asked.at,
        holder=Holder(teacher=asked.teacher, name=identity.name, salt=salt.hex(), digest=identity.digest),
        first=asked.first,
        last=asked.last,
        lines=await lines_of(tx, context, asked.teacher, asked.first, asked.last),
        years=await sums_of(tx, context, asked.teacher, range(asked.first, asked.last + 1)),
    )


async def _sign(
    tx: Transaction, context: Context, signer: Signer, asked: Asked, content: Transcript
) -> Issued:
    text = canonical(content).encode()
    fact = TranscriptIssued(
        transcript=asked.number,
        teacher=asked.teacher,
        issuer=content.issuer,
        first=asked.first,
        last=asked.last,
        lines=len(content.lines),
        digest=sha256(text).hexdigest(),
        key=signer.key,
        by=asked.caller.name,
        account=asked.caller.subject,
    )
    draft = Draft(
        type=store.ISSUED,
        subject=_subject(asked.number),
        effective_at=asked.at,
        policy=context.pack.reference,
        data=fact,
    )
    await store.project(tx, await context.journal.append(tx, [draft]))
    await store.save_signed(tx, asked.number, signer.signed(text, KIND))
    issued = await store.load(tx, asked.number)
    assert issued is not None, "what was just signed is on file"
    return issued


def _subject(number: str) -> str:
    return f"transcript:{number}"
