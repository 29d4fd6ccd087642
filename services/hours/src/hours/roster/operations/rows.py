"""Rows of the roster: import them by difference, tell who is known, seal texts under a person's salt."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from secrets import token_bytes
from typing import Literal

from hours.organisations import operations as organisations
from hours.organisations.operations import Place
from hours.roster import store
from hours.roster.domain import (
    Person,
    Row,
    Teacher,
    changed_fields,
    digest_of,
    fields_of,
    is_named,
    listed,
    profile,
)
from hours.settings import Context
from shared.contracts.hours import TeacherChanged, TeacherRegistered, TeacherTransferred
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row that was taken."""

    outcome: Literal["registered", "changed", "unchanged"]
    fields: Sequence[str] = ()
    """What of a known teacher changed."""


Outcome = Taken | DomainError

SALT_BYTES = 32
TAKEN = "citizen_id.taken"

WHO = store.WHO
Wanted = store.Wanted
"""Who of those listed is asked for."""

LISTED = store.LISTED
"""Who is on the roster, and where: rows for a statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows that come together, and how far whoever hands them in keeps the roster."""

    rows: Sequence[Row]
    within: Collection[str] | None
    """Organisations whose roster the caller keeps; None for all."""
    moves: bool
    """Whether a row alone takes a teacher from one school of the tree to another one."""
    at: datetime
    dry: bool = False
    """Whether nothing is to be kept; then nothing is said of persons beyond the caller's reach."""


@dataclass(slots=True)
class Desk:
    """What one batch is judged by; grows with what the batch itself accepts."""

    context: Context
    batch: Batch
    teachers: dict[str, Teacher]
    """Those of the rows and the holders who are on the roster."""
    people: dict[str, Person]
    holders: dict[bytes, str]
    """Whose an identity is."""
    places: Mapping[str, Place]
    """Where the schools lie that are in the tree of organisations."""
    drafts: list[Draft] = field(default_factory=list)
    changed: dict[str, Person] = field(default_factory=dict)

    def take(self, row: Row) -> Outcome:
        """Judge a row, and let it stand where nothing is wrong with it."""
        known, before = self.people.get(row.teacher), self.teachers.get(row.teacher)
        row = self._placed(row)
        if known is not None and before is not None:
            row = row.completed(before, known)
        refused = self._elsewhere(row, before) or self._moving(row, before) or self._refusal(row)
        if refused is not None:
            return refused
        person = self._person(row, known)
        teacher = listed(row, person)
        if teacher == before:
            return Taken("unchanged")
        self.teachers[row.teacher] = teacher
        self.people[row.teacher] = self.changed[row.teacher] = person
        if known is not None and known.identity is not None:
            self.holders.pop(known.identity, None)
        if person.identity is not None:
            self.holders[person.identity] = row.teacher
        self.drafts.append(_draft(self.context, teacher, before, self.batch.at))
        if known is None or before is None:
            return Taken("registered")
        return Taken("changed", changed_fields((before, known), (teacher, person)))

    def _placed(self, row: Row) -> Row:
        """A row that names no district gets the one that its school lies in."""
        place = self.places.get(row.school)
        return row if row.district or place is None else replace(row, district=place.district)

    def _elsewhere(self, row: Row, before: Teacher | None) -> DomainError | None:
        """Nobody keeps the roster of another one's schools, or takes a teacher from there."""
        if not self._is_within(row.school, row.district):
            return DomainError.at("/school", "school.out_of_reach", school=row.school)
        if before is not None and not self._is_within(before.school, before.district):
            return DomainError.at("/teacher", "teacher.elsewhere", teacher=row.teacher)
        return None

    def _is_within(self, school: str, district: str) -> bool:
        """Where a school is in no tree, the district counts that the roster names."""
        within = self.batch.within
        if within is None or school in within:
            return True
        return school not in self.places and district in within

    def _moving(self, row: Row, before: Teacher | None) -> DomainError | None:
        """Between schools of the tree a teacher moves by a transfer, which both sides approve."""
        if self.batch.moves or before is None or before.school == row.school:
            return None
        if not (self._is_school(before.school) and self._is_school(row.school)):
            return None
        return DomainError.at("/school", "teacher.moves_by_transfer", teacher=row.teacher, school=row.school)

    def _is_school(self, name: str) -> bool:
        """Whether a school is one of the tree."""
        place = self.places.get(name)
        return place is not None and place.is_school

    def _refusal(self, row: Row) -> DomainError | None:
        refused = self._not_there(row)
        if refused is not None or not row.citizen_id:
            return refused
        identity = self._identity(row)
        if identity is None:
            return DomainError.at("/citizen_id", "citizen_id.no_key")
        holder = self.holders.get(identity, row.teacher)
        if holder == row.teacher or (self.batch.dry and self._is_beyond(holder)):
            return None
        return DomainError.at("/citizen_id", TAKEN)

    def _not_there(self, row: Row) -> DomainError | None:
        """Why nobody can work where a row says."""
        place = self.places.get(row.school)
        if place is None:
            return None
        if not place.is_school:
            return DomainError.at("/school", "school.not_a_school", school=row.school)
        if place.abolished is not None:
            figures = {"organisation": row.school, "until": place.abolished}
            return DomainError.at("/school", "organisation.abolished", **figures)
        if place.district not in {"", row.district}:
            return DomainError.at("/district", "school.other_district", district=place.district)
        return None

    def _is_beyond(self, holder: str) -> bool:
        """Whether the caller keeps nothing of a teacher, and so may not learn whose a number is."""
        one = self.teachers[holder]
        return not self._is_within(one.school, one.district)

    def _identity(self, row: Row) -> bytes | None:
        vault = self.context.vault
        return None if vault is None else vault.digest(row.citizen_id.encode())

    def _person(self, row: Row, known: Person | None) -> Person:
        sealed, identity = (known.citizen_id, known.identity) if known else (None, None)
        if row.citizen_id and self.context.vault is not None and self._identity(row) != identity:
            sealed, identity = self.context.vault.seal(row.citizen_id, row.teacher), self._identity(row)
        return Person(
            name=row.name,
            joined_on=row.joined_on,
            title=row.title,
            citizen_id=sealed,
            identity=identity,
            salt=known.salt if known else token_bytes(SALT_BYTES),
        )


async def import_rows(tx: Transaction, context: Context, batch: Batch) -> list[Outcome]:
    """Register new teachers, say what changed about known ones, pass over what is as it was.

    A refused row never fails its neighbours.
    """
    desk = await desk_of(tx, context, batch)
    outcomes = [desk.take(row) for row in batch.rows]
    await save(tx, desk)
    return outcomes


async def save(tx: Transaction, desk: Desk) -> list[Entry]:
    """Write down what was taken; the new entries, one for each row that changed something."""
    await store.save_people(tx, desk.changed)
    entries = await desk.context.journal.append(tx, desk.drafts)
    await store.project(tx, entries)
    return entries


async def desk_of(tx: Transaction, context: Context, batch: Batch) -> Desk:
    """What these rows are judged by; their teachers are locked."""
    rows, vault = batch.rows, context.vault
    ids = {row.teacher for row in rows}
    await context.journal.lock(tx, {subject(teacher) for teacher in ids})
    identities = [vault.digest(row.citizen_id.encode()) for row in rows if row.citizen_id] if vault else []
    holders = await store.load_holders(tx, identities)
    teachers = await store.load(tx, ids.union(holders.values()))
    schools = {row.school for row in rows} | {teacher.school for teacher in teachers.values()}
    return Desk(
        context=context,
        batch=batch,
        teachers=teachers,
        people=await store.load_people(tx, ids),
        holders=holders,
        places=await organisations.places(tx, schools),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A teacher is to be on the roster of another school of the tree."""

    teacher: Teacher
    school: str
    transfer: str
    at: datetime


async def move(tx: Transaction, context: Context, wanted: Move) -> None:
    """Put a teacher who is locked on the roster of the other school.

    Raises: DomainError `organisation.abolished`.
    """
    teacher, school = wanted.teacher, wanted.school
    place = (await organisations.places(tx, [school]))[school]
    await organisations.hold_standing(tx, school)
    person = (await store.load_people(tx, [teacher.teacher]))[teacher.teacher]
    moved = replace(teacher, school=school, district=place.district)
    moved = replace(moved, digest=digest_of(person.salt, fields_of(moved, person)))
    fact = TeacherTransferred(**asdict(moved), from_school=teacher.school, transfer=wanted.transfer)
    draft = Draft(
        type=store.TRANSFERRED,
        subject=subject(teacher.teacher),
        effective_at=wanted.at,
        policy=context.pack.reference,
        data=fact,
    )
    await store.project(tx, await context.journal.append(tx, [draft]))


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


async def listed_in_order(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[str]:
    """Who is on the roster, in order, at most `limit`."""
    return [row["teacher"] for row in await store.page(tx, wanted, after=after, limit=limit)]


async def known_as(tx: Transaction, teacher: str, name: str) -> Teacher | None:
    """A teacher on the roster for who knows the name; None alike where it is another's or nobody's."""
    people = await store.load_people(tx, [teacher])
    if teacher not in people or not is_named(people[teacher], name):
        return None
    return (await find(tx, [teacher])).get(teacher)


async def profiles(tx: Transaction, teachers: Mapping[str, Teacher]) -> dict[str, set[str]]:
    """What is known of each teacher beyond name and school, by field; not what it says."""
    people = await store.load_people(tx, teachers)
    return {name: profile(teacher, people[name]) for name, teacher in teachers.items()}


async def joined(tx: Transaction, teachers: Iterable[str]) -> dict[str, date]:
    """When each teacher joined, of whom the roster knows it."""
    people = await store.load_shown(tx, teachers)
    return {name: date.fromisoformat(one["joined_on"]) for name, one in people.items() if one["joined_on"]}


async def seals(tx: Transaction, teachers: Iterable[str]) -> "Seals":
    """What fingerprints texts of these persons, so that a digest tells nothing once the salt is erased."""
    people = await store.load_people(tx, teachers)
    return Seals({teacher: person.salt for teacher, person in people.items()})


class Seals:
    """Fingerprints under the salts of some persons."""

    def __init__(self, salts: Mapping[str, bytes]) -> None:
        self._salts = salts

    def digest(self, teacher: str, text: str) -> str:
        """HMAC of a text under the salt of a person who is on the roster."""
        return digest_of(self._salts[teacher], [text])
