"""Handing a transcript in: it is checked, and each line is declared under the rule with a factor for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from hours.approvals.domain import state_name
from hours.declarations.domain.declaration import EDITABLE, Actor, Declaration, record_of
from hours.declarations.operations import handing_in
from hours.declarations.operations.handing_in import Handed
from hours.declarations.operations.waiting import known
from hours.recognitions.domain import number_of, origin_of, why_not_taken
from hours.records.domain.recognition import recognising
from hours.records.domain.registration import Details, Origin, Registration
from hours.roster.operations import rows as roster
from hours.roster.operations.identities import identify
from hours.settings import Context
from hours.transcripts.domain.transcript import KIND, Line, Transcript, read
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.signatures import NotSignedError, unchecked


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """Somebody hands a teacher's transcript in."""

    teacher: str
    signed: str
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a line: the declaration that it is now, or why it is none."""

    line: Line
    outcome: Declaration | DomainError


async def hand_in(tx: Transaction, context: Context, wanted: HandIn) -> list[Result]:
    """Declare every line that can be recognised; a line that cannot never fails its neighbours.

    Raises:
        DomainError: `recognition.not_offered`, `transcript.unreadable`, `transcript.own`,
            `transcript.issuer_unknown`, `transcript.not_genuine`, `teacher.unknown`,
            `transcript.no_identity`, `transcript.other_person`.
    """
    if not context.pack.recognising:
        raise DomainError("recognition.not_offered")
    transcript = opened(context, wanted.signed)
    await _hold_holder(tx, context, transcript, wanted.teacher)
    origins = [origin_of(transcript, line) for line in transcript.lines]
    standing = await known(tx, map(number_of, origins))
    desk = _Desk(context=context, teacher=wanted.teacher, standing=standing)
    judged = [desk.judge(line, origin) for line, origin in zip(transcript.lines, origins, strict=True)]
    rows = [row for row in judged if isinstance(row, Handed)]
    declared = iter(await handing_in.hand_in(tx, context, wanted.actor, rows, wanted.at))
    return [
        Result(line, row if isinstance(row, DomainError) else _outcome(next(declared)))
        for line, row in zip(transcript.lines, judged, strict=True)
    ]


def opened(context: Context, signed: str) -> Transcript:
    """A transcript whose signature is that of somebody who is believed here.

    Raises: DomainError, see `hand_in`.
    """
    trust = context.transcripts
    try:
        said = read(unchecked(signed))
        if said is None:
            raise DomainError("transcript.unreadable")
        if said.issuer == trust.issuer:
            raise DomainError("transcript.own", issuer=said.issuer)
        keys = trust.trusted.get(said.issuer)
        if keys is None:
            raise DomainError("transcript.issuer_unknown", issuer=said.issuer)
    except NotSignedError:
        raise DomainError("transcript.unreadable") from None
    try:
        keys.opened(signed, KIND)
    except NotSignedError:
        raise DomainError("transcript.not_genuine", issuer=said.issuer) from None
    return said


async def _hold_holder(tx: Transaction, context: Context, transcript: Transcript, teacher: str) -> None:
    """Go on where the transcript is the teacher's, by the number that the roster here has."""
    if teacher not in await roster.find(tx, [teacher]):
        raise DomainError.at("/teacher", "teacher.unknown", teacher=teacher)
    identity = await identify(tx, context, teacher, bytes.fromhex(transcript.holder.salt))
    if identity is None:
        raise DomainError("transcript.no_identity", teacher=teacher)
    if not compare_digest(identity.digest, transcript.holder.digest):
        raise DomainError("transcript.other_person", teacher=teacher)


@dataclass(slots=True, kw_only=True)
class _Desk:
    """What the lines of one transcript are judged by."""

    context: Context
    teacher: str
    standing: Mapping[str, Declaration]
    """What was declared of these lines before."""
    seen: set[str] = field(default_factory=set)

    def judge(self, line: Line, origin: Origin) -> Handed | DomainError:
        """A line as a declaration, or why nothing here recognises it."""
        number, pack = number_of(origin), self.context.pack
        before = self.standing.get(number)
        if (code := why_not_taken(origin, self.context.transcripts.issuer)) is not None:
            return DomainError(code, line=line.line, issuer=origin.earned_with)
        if number in self.seen or (before is not None and before.state not in EDITABLE):
            return _taken(number, before)
        rule = recognising(pack.recognising, origin)
        if rule is None:
            return DomainError(
                "recognition.no_factor",
                issuer=origin.issuer,
                unit=origin.unit,
                category=origin.category,
                mode=origin.mode,
                policy=pack.reference,
            )
        self.seen.add(number)
        registration = Registration(
            record=record_of(number),
            teacher=self.teacher,
            year=pack.years.of_day(line.last),
            rule=rule.id,
            category=rule.category,
            hours=None,
            activity=line.activity or line.title.zh or line.line,
            provider=line.provider,
            first=line.first,
            last=line.last,
            evidence=f"{origin.issuer}: {origin.transcript}",
            details=Details(origin=origin),
        )
        return Handed(declaration=number, registration=registration, declared=True, override="")


def _outcome(outcome: handing_in.Outcome) -> Declaration | DomainError:
    """What became of a row; one that was there already was handed in by somebody at the same moment."""
    if isinstance(outcome, DomainError):
        return outcome
    one = outcome.declaration
    return _taken(one.declaration, one) if outcome.replayed else one


def _taken(number: str, before: Declaration | None) -> DomainError:
    state = before.state if before else "declared"
    return DomainError("recognition.taken", declaration=number, state=state_name(state))
