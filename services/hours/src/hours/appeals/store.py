"""SQL of the appeals: by number, by matter, as a queue, the words beside them, and their projection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, false, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from hours.appeals import tables
from hours.appeals.domain.appeal import DECIDERS, SEALED, Appeal, Hands, State
from hours.appeals.domain.entries import Act, Filed, Granted
from hours.declarations.domain.declaration import Actor
from hours.evidence import operations as evidence
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

FILED, WITHDRAWN = "appeal.filed.v1", "appeal.withdrawn.v1"
GRANTED, REJECTED = "appeal.granted.v1", "appeal.rejected.v1"
ENDINGS: Mapping[str, State] = {GRANTED: "granted", REJECTED: "rejected", WITHDRAWN: "withdrawn"}
"""The state after each end."""
TYPES = (FILED, *ENDINGS)

Said = Literal["grounds", "reason"]

_APPEAL, _WORDS = tables.appeal, tables.appeal_words
_OF = _APPEAL.c
TEACHER = _OF.teacher
"""Whose an appeal is."""

_LATELY = or_(_OF.state == "open", _OF.over_at >= evidence.BEFORE)
ATTACHED = select(func.unnest(_OF.files)).where(or_(_LATELY, _OF.state == "granted"))
"""The files of open appeals, of those that were open of late, and of granted ones, on which hours rest."""
AT_ISSUE = select(_OF.matter).where(_LATELY)
"""The matters that open appeals are about, or were of late."""
RECORDS_AT_ISSUE = select(func.substr(_OF.matter, len("record:") + 1)).where(
    _LATELY, _OF.matter.startswith("record:")
)
"""The records among them."""


async def load(tx: Transaction, appeal: str) -> Appeal | None:
    """One appeal."""
    row = (await tx.execute(select(_APPEAL).where(_OF.appeal == appeal))).one_or_none()
    return None if row is None else _appeal(row)


async def on_matter(tx: Transaction, matter: str) -> list[Appeal]:
    """All appeals on a matter, open and over, in order of filing."""
    query = select(_APPEAL).where(_OF.matter == matter).order_by(_OF.filed_at, _OF.appeal)
    return [_appeal(row) for row in await tx.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which appeals are asked for."""

    within: Sequence[ColumnElement[bool]]
    """Reach, whose they are, whether they are overdue."""
    of: Mapping[str, object]
    """Values of columns; None is any."""


def mine(actor: Actor) -> ColumnElement[bool]:
    """What somebody filed, or may decide on."""
    awaited: ColumnElement[bool] = false()
    if actor.kind in DECIDERS:
        had_a_hand = or_(
            literal(actor.name) == _OF.callers.any_(), literal(actor.account) == _OF.accounts.any_()
        )
        awaited = and_(_OF.state == "open", ~had_a_hand)
    return or_(_OF.by == actor.name, awaited)


def unsealed() -> ColumnElement[bool]:
    """What is about no sealed matter."""
    return ~_OF.matter.startswith(SEALED)


def unanswered(instant: datetime, filed_before: datetime) -> ColumnElement[bool]:
    """What was filed before, and not over at an instant."""
    return and_(_OF.filed_at < filed_before, or_(_OF.over_at.is_(None), _OF.over_at > instant))


async def page(tx: Transaction, wanted: Wanted, *, after: Sequence[Any] | None, limit: int) -> list[Appeal]:
    """Appeals, those first that have waited longest, at most `limit`."""
    query = select(_APPEAL).where(*wanted.within)
    query = query.where(*(_OF[name] == value for name, value in wanted.of.items() if value is not None))
    if after is not None:
        query = query.where(tuple_(_OF.filed_at, _OF.appeal) > tuple_(*after))
    rows = await tx.execute(query.order_by(_OF.filed_at, _OF.appeal).limit(limit))
    return [_appeal(row) for row in rows]


async def keep_words(
    tx: Transaction, appeal: str, said: Said, *, words: str | None = None, sealed: bytes | None = None
) -> None:
    """Keep what somebody wrote, as it is or under keys."""
    await tx.execute(insert(_WORDS).values(appeal=appeal, said=said, words=words, sealed=sealed))


async def load_words(tx: Transaction, appeal: str) -> dict[Said, str | bytes]:
    """What was written about an appeal, as it is or under keys."""
    rows = await tx.execute(select(_WORDS).where(_WORDS.c.appeal == appeal))
    return {row.said: row.words if row.sealed is None else bytes(row.sealed) for row in rows}


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the appeals up to these entries."""
    for entry in entries:
        if entry.type == FILED:
            await tx.execute(insert(_APPEAL).values(_filed(entry)))
        elif entry.type in ENDINGS:
            fact = entry.parse(Act)
            await tx.execute(update(_APPEAL).where(_OF.appeal == fact.appeal).values(_over(entry, fact)))


def _filed(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(Filed)
    return {
        "appeal": fact.appeal,
        "teacher": fact.teacher,
        "matter": fact.matter,
        "rule": fact.rule,
        "against": fact.because,
        "by": fact.by,
        "filed_at": entry.recorded_at,
        "files": fact.files,
        "callers": fact.callers,
        "accounts": fact.accounts,
        "state": "open",
        "entry": entry.id,
        "over_at": None,
        "decided_by": None,
        "record": None,
    }


def _over(entry: Entry, fact: Act) -> dict[str, Any]:
    over = {"state": ENDINGS[entry.type], "over_at": entry.recorded_at}
    if entry.type == WITHDRAWN:
        return over
    record = entry.parse(Granted).record or None if entry.type == GRANTED else None
    decider = {
        "callers": _OF.callers.op("||")([fact.by]),
        "accounts": _OF.accounts.op("||")([fact.account]),
    }
    return {**over, "decided_by": fact.by, "record": record, **decider}


def _appeal(row: Row[Any]) -> Appeal:
    return Appeal(
        appeal=row.appeal,
        teacher=row.teacher,
        matter=row.matter,
        rule=row.rule,
        against=row.against,
        by=row.by,
        filed_at=row.filed_at,
        files=row.files,
        hands=Hands(frozenset(row.callers), frozenset(row.accounts)),
        state=row.state,
        entry=row.entry,
        over_at=row.over_at,
        decided_by=row.decided_by,
        record=row.record,
    )
