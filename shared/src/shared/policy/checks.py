"""What the values of a pack must keep together (规则包校验), beyond the types in `rules` and `pack`.

Each check yields `(key, message)`; the loader turns the first into a `PackError`. Nothing is repaired.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from shared.policy.category_checks import Fault, category_faults
from shared.policy.conversion_checks import conversion_faults
from shared.policy.courses import CourseStep, CourseWay
from shared.policy.example_checks import example_faults
from shared.policy.header import Slot
from shared.policy.hour_checks import hour_faults
from shared.policy.obligation_checks import obligation_faults
from shared.policy.pack import Pack
from shared.policy.points import RatedResource
from shared.policy.year_checks import year_faults


def faults(pack: Pack, written: Mapping[str, object]) -> Iterator[Fault]:
    """Yield what is wrong with `pack`; `written` is the file's content before it got types."""
    yield from _figures(pack, written)
    yield from _header(pack)
    yield from category_faults(pack)
    yield from _ids(pack)
    yield from _points(pack)
    yield from _exchange(pack)
    yield from hour_faults(pack)
    yield from conversion_faults(pack)
    yield from year_faults(pack)
    yield from _cycles(pack)
    yield from obligation_faults(pack)
    yield from _certificates(pack)
    yield from _courses(pack)
    yield from example_faults(pack)


def _figures(pack: Pack, written: Mapping[str, object]) -> Iterator[Fault]:
    """Hold every decimal to a number, not negative, of at most two places (学时 are kept so).

    msgspec reads numbers and dates out of text too, which a pack may not rely on.
    """
    source = dict(_leaves(written, ""))
    for key, value in _leaves(msgspec.to_builtins(pack, builtin_types=(Decimal, date)), ""):
        if isinstance(value, Decimal | date) and isinstance(source.get(key), str):
            yield key, f"expected a {'number' if isinstance(value, Decimal) else 'date'}, got text"
        elif not isinstance(value, Decimal):
            continue
        elif not value.is_finite() or value < 0:
            yield key, f"expected a number that is not negative, got {value}"
        elif value != round(value, 2):
            yield key, f"expected at most two decimal places, got {value}"


def _leaves(value: object, key: str) -> Iterator[tuple[str, object]]:
    match value:
        case Mapping():
            for name, item in value.items():
                yield from _leaves(item, f"{key}.{name}" if key else name)
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _leaves(item, f"{key}[{index}]")
        case _:
            yield key, value


def _header(pack: Pack) -> Iterator[Fault]:
    header = pack.pack
    try:
        ZoneInfo(header.timezone)
    except (LookupError, ValueError, OSError):
        yield "pack.timezone", f"unknown time zone {header.timezone!r}"
    if not _is_day(header.year_begins, 2023):
        yield "pack.year_begins", f"{header.year_begins} is no day of every year"
    if header.valid_to is not None and header.valid_from > header.valid_to:
        yield "pack.valid_to", f"{header.valid_to} lies before valid_from {header.valid_from}"


def _ids(pack: Pack) -> Iterator[Fault]:
    places: dict[str, tuple[str, bool]] = {}
    for key, rule in pack.placed():
        reserved = isinstance(rule, Slot)
        if rule.id not in places:
            places[rule.id] = (key, reserved)
            continue
        first, first_reserved = places[rule.id]
        if reserved != first_reserved:
            yield f"{key}.id", f"{rule.id} is both a reserved slot and an enabled rule ({first})"
        else:
            yield f"{key}.id", f"{rule.id} is used twice (first at {first})"


def _points(pack: Pack) -> Iterator[Fault]:
    if pack.points and pack.expiry is None:
        yield "expiry", "points are given, and nothing says until when they live"
    for index, rule in enumerate(pack.points):
        if isinstance(rule, RatedResource) and not 1 <= rule.min_mean <= 5:
            yield f"points[{index}].min_mean", f"expected 1 to 5 stars, got {rule.min_mean}"


def _exchange(pack: Pack) -> Iterator[Fault]:
    if pack.exchange is None:
        return
    if not pack.exchange.caps:
        yield "exchange.caps", "names no category"
    window = pack.exchange.window
    if window is None:
        return
    for name, text in (("first", window.first), ("last", window.last)):
        if not _is_day(text, 2024):  # a leap year: 02-29 is a day on which something may end
            yield f"exchange.window.{name}", f"{text} is no day of the year"
    if not pack.years.are_calendar_years:
        yield "exchange.window", "days of the year, and years do not begin with a calendar year"
    if window.first > window.last:
        yield "exchange.window.last", f"{window.last} lies before {window.first}"


def _is_day(text: str, year: int) -> bool:
    """Whether `MM-DD` is a day of a year."""
    month, day = text.split("-")
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _cycles(pack: Pack) -> Iterator[Fault]:
    for index, cycle in enumerate(pack.cycles):
        if cycle.first is not None and cycle.last is not None and cycle.last < cycle.first:
            yield f"cycles[{index}].last", f"{cycle.last} lies before first {cycle.first}"


def _certificates(pack: Pack) -> Iterator[Fault]:
    for name in ("name", "digit"):
        seen: set[object] = set()
        for index, kind in enumerate(pack.certificates):
            value = getattr(kind, name)
            if value in seen:
                yield f"certificates[{index}].{name}", f"{value} is used twice"
            seen.add(value)
    for index, kind in enumerate(pack.certificates):
        key = f"certificates[{index}].cycle"
        if (kind.name == "cycle") != (kind.cycle is not None):
            yield key, "names the cycle of a certificate of that name, and of no other"
        elif kind.cycle is not None and pack.cycle(kind.cycle) is None:
            yield key, f"{kind.cycle} is not among the cycles"


def _courses(pack: Pack) -> Iterator[Fault]:
    for index, renewal in enumerate(pack.renewals):
        if renewal.earliest > renewal.latest:
            yield f"renewals[{index}].earliest", f"{renewal.earliest} is more than latest {renewal.latest}"
    renewals, terms = ({rule.id for rule in rules} for rules in (pack.renewals, pack.terms))
    for index, way in enumerate(pack.courses):
        key = f"courses[{index}]"
        if way.renewal not in renewals:
            yield f"{key}.renewal", f"{way.renewal} is not among the renewals"
        if len(set(way.applicants)) < len(way.applicants):
            yield f"{key}.applicants", "names a kind of caller twice"
        if len(set(way.form)) < len(way.form):
            yield f"{key}.form", "names a field twice"
        yield from _steps(way, terms, key)


def _steps(way: CourseWay, terms: Collection[str], key: str) -> Iterator[Fault]:
    """Who applies does not decide, and what is produced is reviewed."""
    if {step.by for step in way.steps} & set(way.applicants):
        yield f"{key}.applicants", "names a kind of caller that decides as well"
    if way.steps and way.steps[-1].does == "production":
        yield f"{key}.steps", "ends with a production that nobody reviews"
    seen = {"renewal"}
    for at, step in enumerate(way.steps):
        place = f"{key}.steps[{at}]"
        if step.name in seen:
            yield f"{place}.name", f"{step.name} is another step, or what follows all of them"
        seen.add(step.name)
        yield from _step(step, terms, place)


def _step(step: CourseStep, terms: Collection[str], key: str) -> Iterator[Fault]:
    """Production is with who applied and has no term; every other step is somebody's."""
    if (step.by is None) != (step.does == "production"):
        yield f"{key}.does", "production is with who applied, and every other step is somebody's"
    if step.term is not None and (step.does == "production" or step.term not in terms):
        yield f"{key}.term", f"{step.term} is not among the terms, or this step has none"
