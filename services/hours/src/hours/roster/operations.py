"""What the roster does: import rows by difference, tell who is known, seal texts under a person's salt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from secrets import token_bytes
from typing import Literal

from hours.roster import store
from hours.roster.domain import Row, Teacher, digest_of, listed
from hours.settings import Context
from shared.contracts.hours import TeacherChanged, TeacherRegistered
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft

Outcome = Literal["registered", "changed", "unchanged"]

SALT_BYTES = 32


async def import_rows(tx: Transaction, context: Context, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    """Register new teachers, say what changed about known ones, pass over what is as it was."""
    ids = {row.teacher for row in rows}
    await context.journal.lock(tx, {subject(teacher) for teacher in ids})
    known = await store.load(tx, ids)
    salts = await store.load_salts(tx, ids)
    outcomes: list[Outcome] = []
    drafts: list[Draft] = []
    people: list[tuple[Row, bytes]] = []
    for row in rows:
        salt = salts.setdefault(row.teacher, token_bytes(SALT_BYTES))
        teacher, before = listed(row, salt), known.get(row.teacher)
        if teacher == before:
            outcomes.append("unchanged")
            continue
        outcomes.append("changed" if before else "registered")
        drafts.append(_draft(context, teacher, before, now))
        people.append((row, salt))
        known[row.teacher] = teacher
    await store.save_people(tx, people)
    await store.project(tx, await context.journal.append(tx, drafts))
    return outcomes


def subject(teacher: str) -> str:
    """The journal's subject of a teacher."""
    return f"teacher:{teacher}"


def _draft(context: Context, teacher: Teacher, before: Teacher | None, now: datetime) -> Draft:
    shape = TeacherChanged if before else TeacherRegistered
    return Draft(
        type=store.CHANGED if before else store.REGISTERED,
        subject=subject(teacher.teacher),
        effective_at=now,
        policy=context.pack.reference,
        data=shape(**asdict(teacher)),
    )


async def find(tx: Transaction, teachers: Iterable[str]) -> dict[str, Teacher]:
    """Those of `teachers` who are on the roster."""
    return await store.load(tx, teachers)


async def seals(tx: Transaction, teachers: Iterable[str]) -> "Seals":
    """What fingerprints texts of these persons, so that a digest tells nothing once the salt is erased."""
    return Seals(await store.load_salts(tx, teachers))


class Seals:
    """Fingerprints under the salts of some persons."""

    def __init__(self, salts: Mapping[str, bytes]) -> None:
        self._salts = salts

    def digest(self, teacher: str, text: str) -> str:
        """HMAC of a text under the salt of a person who is on the roster."""
        return digest_of(self._salts[teacher], [text])
