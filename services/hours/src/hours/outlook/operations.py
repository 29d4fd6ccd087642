"""Looking ahead for some teachers: what is missing, what their points could give, which ways are open.

Everything is read as it stands; the instant only says what is still in time.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hours.classes.domain.outline import Offered
from hours.classes.operations import offered
from hours.declarations.domain.declaration import Declaration
from hours.declarations.operations import waiting as declarations
from hours.exchanges import operations as exchanges
from hours.ledger import operations as ledger
from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.cap import limit_of
from hours.ledger.domain.claim import UNLIMITED, Account
from hours.ledger.domain.total import Total
from hours.outlook.domain.gap import counted, gap
from hours.outlook.domain.offer import Offer, span
from hours.outlook.domain.outlook import Outlook, Phase, Required
from hours.outlook.domain.plan import KINDS, Way, plan
from hours.records.domain.conversion import expected
from hours.roster.domain import Teacher
from hours.roster.operations import rows as roster
from hours.settings import Context
from hours.waivers import operations as waivers
from shared.cycles.standing import Standing, assess
from shared.policy.calendar import day_of
from shared.policy.cycles import Cycle
from shared.policy.pack import Pack
from shared.policy.requirement import Asked
from shared.policy.sources import (
    AnyHourSource,
    CompletedCourse,
    DeliveredHours,
    GradedCertificate,
    RecognisedElsewhere,
    Stay,
)
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


def asked_of(pack: Pack, year: int) -> Asked:
    """What a year asks of everybody.

    Raises: DomainError `year.without_requirement`.
    """
    found = pack.asked(year)
    if found is None:
        raise DomainError.at("/year", "year.without_requirement", year=year)
    return found


async def look(tx: Transaction, context: Context, name: str, year: int, at: datetime) -> Outlook:
    """Look ahead for one teacher.

    Raises: DomainError `teacher.not_listed`, `year.without_requirement`.
    """
    pack = context.pack
    asked_together = [cycle for cycle in pack.cycles if cycle.span(year) is not None]
    if pack.requirements or not asked_together:
        asked_of(pack, year)
    teacher = (await roster.find(tx, [name])).get(name)
    if teacher is None:
        raise DomainError("teacher.not_listed", teacher=name)
    totals = await _totals(tx, name, year, asked_together)
    deducted = await ledger.deducted_of(tx, [(name, year)])
    hours = {one: total.hours for one, total in totals.items()}
    cycles = [assess(cycle, year, hours, pack.own_parts) for cycle in asked_together]
    phase = await _phase(tx, context, name, year, at)
    offer = (await offers(tx, context, [name], year, at))[name]
    asked = _Asked(teacher=teacher, year=year, at=at, phase=phase)
    classes = await _classes(tx, context, asked)
    ways = [] if phase == "closed" else [*offer.ways, *await _others(tx, context, asked, classes)]
    ways.sort(key=lambda way: KINDS.index(way.kind))
    required = await _required(tx, pack, totals[year], ways, offer)
    return Outlook(
        teacher=name,
        year=year,
        at=at,
        deadline=pack.years.end(year),
        phase=phase,
        required=required,
        cycles=cycles,
        total=totals[year],
        deducted=deducted.get((name, year), ()),
        offer=offer,
        ways=[way for way in ways if _of_use(way, pack, required, cycles)],
        classes={one.number: one for one in classes},
    )


async def _required(
    tx: Transaction, pack: Pack, total: Total, ways: Sequence[Way], offer: Offer
) -> Required | None:
    """What the year requires by itself, and the plan to reach it by the ways that are open."""
    asked = pack.asked(total.year)
    if asked is None:
        return None
    waived = await waivers.waived(tx, total.teacher, total.year)
    lacking = gap(asked.of(waived), counted(total, asked.parts))
    return Required(asked=asked, waived=waived, gap=lacking, plan=plan(lacking, ways, offer.hours))


def _of_use(way: Way, pack: Pack, required: Required | None, cycles: Sequence[Standing]) -> bool:
    """Whether the year lacks something that a way gives; of a year that requires nothing, its cycles."""
    if required is None:
        return any(one.serves(way.category, pack.own_parts) for one in cycles)
    return bool(required.gap.missing[way.category] or required.gap.anywhere)


async def _totals(tx: Transaction, teacher: str, year: int, cycles: Sequence[Cycle]) -> dict[int, Total]:
    """Sums of the year, and of the years of its cycles up to it."""
    spans = [span for cycle in cycles if (span := cycle.span(year)) is not None]
    years = {year, *(one for span in spans for one in span.years if one < year)}
    return await ledger.totals_of(tx, teacher, years)


async def _phase(tx: Transaction, context: Context, teacher: str, year: int, at: datetime) -> Phase:
    """Where an authority opened a closed year again for the teacher, it takes registrations on that day."""
    if year in (await ledger.closings(tx, context, [teacher], at))[teacher]:
        return "closed"
    return "open" if at < context.pack.years.end(year) else "registering"


async def offers(
    tx: Transaction, context: Context, teachers: Collection[str], year: int, at: datetime
) -> Mapping[str, Offer]:
    """What the points of each teacher could still give for a year."""
    rule, years = context.pack.exchange, context.pack.years
    first, last = span(None if rule is None else rule.window, year, at, years)
    lots = await exchanges.lots_of(tx, teachers)
    targets = context.pack.targets
    accounts = {
        (teacher, category): Account(teacher=teacher, year=year, rule=rule.id, category=category)
        for teacher in teachers
        for category in targets
        if rule is not None
    }
    left = await ledger.room_left(tx, context, set(accounts.values()))
    return {
        teacher: Offer(
            rule=rule,
            first=first,
            last=last,
            lots=[lot for lot in lots.get(teacher, ()) if lot[0] > at],
            left={category: left[accounts[teacher, category]] for category in targets},
        )
        for teacher in teachers
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Who looks ahead at a year, from when, and what can still happen in it."""

    teacher: Teacher
    year: int
    at: datetime
    phase: Phase


async def _classes(tx: Transaction, context: Context, asked: _Asked) -> list[Offered]:
    """Where a teacher sits already, and while hours can be earned where there is a seat."""
    teacher, year = asked.teacher, asked.year
    if asked.phase == "closed":
        return []
    sat_in = await offered.sat_in(tx, teacher.teacher, year)
    if asked.phase == "registering":
        return sat_in
    today = day_of(asked.at, context.pack.pack.timezone)
    return [*sat_in, *await offered.to_teacher(tx, context, teacher, year, today)]


Room = dict[str, Decimal | None]
"""By rule that applies to a teacher what it may still give; None without a limit."""


async def _others(tx: Transaction, context: Context, asked: _Asked, classes: Sequence[Offered]) -> list[Way]:
    """What awaits its review, classes, and rules with room below the cap besides that."""
    teacher, year = asked.teacher, asked.year
    sources = [source for source in context.pack.hours if _applies(source, teacher)]
    accounts = {
        source.id: Account(teacher=teacher.teacher, year=year, rule=source.id, category=source.category)
        for source in sources
    }
    capped = {account for account in accounts.values() if limit_of(context.pack, account) != UNLIMITED}
    left = await ledger.room_left(tx, context, capped)
    room: Room = {rule: left.get(account) for rule, account in accounts.items()}
    waiting = await declarations.pending(tx, teacher.teacher, year)
    ways = [*_reviews(waiting, room), *_seats(context.pack, classes, room)]
    ways += [
        Way(
            kind="rule",
            category=source.category,
            of=source.id,
            hours=room[source.id],
            plannable=asked.phase == "open" and isinstance(source, CompletedCourse | DeliveredHours),
        )
        for source in sources
    ]
    return [way for way in ways if way.hours is None or way.hours > ZERO]


def _reviews(waiting: Sequence[Declaration], room: Room) -> Iterator[Way]:
    """Each declaration as far as its rule has room, which it takes."""
    for one in waiting:
        registration = one.registration
        hours = _taken(room, registration.rule, one.amount)
        yield Way(kind="review", category=registration.category, of=one.declaration, hours=hours)


def _seats(pack: Pack, classes: Sequence[Offered], room: Room) -> Iterator[Way]:
    """Each class whose rule applies, as far as that has room, which it takes."""
    for one in classes:
        outline = one.outline
        if outline.rule in room:
            hours = _taken(room, outline.rule, expected(pack, outline.rule, outline.hours, outline.format))
            yield Way(kind="class", category=outline.category, of=one.number, hours=hours)


def _taken(room: Room, rule: str, hours: Decimal) -> Decimal:
    """What of some hours a rule has room for; less is left then."""
    left = room.get(rule)
    if left is None:
        return hours
    room[rule] = max(left - hours, ZERO)
    return min(hours, left)


def _applies(source: AnyHourSource, teacher: Teacher) -> bool:
    """Whether a teacher can be given hours under a rule at all; some have no figure, and stays give none."""
    match source:
        case GradedCertificate():
            has_hours = bool(source.hours)
        case RecognisedElsewhere():
            has_hours = bool(source.factors)
        case _:
            has_hours = not isinstance(source, Stay)
    return has_hours and (teacher.vocational or not source.vocational_only)
