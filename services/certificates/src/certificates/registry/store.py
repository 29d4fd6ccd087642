"""SQL of the ledger: what stands, and the one function that turns entries into rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Executable, Integer, Row, Select, Text, bindparam, case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from certificates.registry import tables
from certificates.registry.domain.certificate import Document, Key, Printed, Version
from certificates.registry.domain.status import State, on
from shared.access import Reach
from shared.contracts.certificates import (
    CertificateIssued,
    CertificateReserved,
    CertificateStateChanged,
    CertificateSuperseded,
)
from shared.policy.categories import from_texts, to_texts
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection
from shared.runtime.listed import listed

BY_VERDICT = "verification"
"""Who orders a change of state when no person does."""

_certificate, _version = tables.certificate.c, tables.version.c

_VERSIONS = select(
    tables.version,
    _certificate.teacher,
    _certificate.year,
    _certificate.kind,
    _certificate.version.label("current"),
).join(tables.certificate, _certificate.number == _version.number)

_CURRENT = _VERSIONS.where(_version.version == _certificate.version)

_columns_of = attrgetter(*(column.name for column in tables.document.columns))


async def load_current(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Version]:
    """The current version of each certificate that exists."""
    wanted = _wanted(keys)
    query = _CURRENT.join(
        wanted,
        (wanted.c.teacher == _certificate.teacher)
        & (wanted.c.year == _certificate.year)
        & (wanted.c.kind == _certificate.kind),
    )
    found = [_to_version(row) for row in await tx.execute(query)]
    return {version.key: version for version in found}


async def load_version(tx: Transaction, number: str, version: int | None = None) -> Version | None:
    """One version of a certificate, the current one where none is named."""
    base = _CURRENT if version is None else _VERSIONS.where(_version.version == version)
    row = (await tx.execute(base.where(_certificate.number == number))).first()
    return None if row is None else _to_version(row)


async def load_printed(tx: Transaction, number: str, version: int | None) -> Printed | None:
    """The same, with the name and school on its document."""
    base = _CURRENT if version is None else _VERSIONS.where(_version.version == version)
    d = tables.document.c
    query = (
        base.add_columns(d.name, d.school)
        .join(tables.document, (d.number == _version.number) & (d.version == _version.version))
        .where(_certificate.number == number)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else Printed(version=_to_version(row), name=row.name, school=row.school)


async def load_versions(tx: Transaction, number: str) -> list[Version]:
    """All versions of a certificate, the first one first."""
    rows = await tx.execute(_VERSIONS.where(_certificate.number == number).order_by(_version.version))
    return [_to_version(row) for row in rows]


async def load_page(
    tx: Transaction, reach: Reach, matching: "Matching", after: str, limit: int
) -> list[Version]:
    """Current versions within a reach, in order of number."""
    query = matching.applied_to(_CURRENT).where(_certificate.number > after)
    query = query.where(await reach.within(tx, _certificate.teacher))
    rows = await tx.execute(query.order_by(_certificate.number).limit(limit))
    return [_to_version(row) for row in rows]


class Matching:
    """What a list is asked for; None asks for all. States are those of a day."""

    def __init__(self, *, year: int | None, teacher: str | None, state: State | None, day: date) -> None:
        ends = [each for each in State if on(each, date.min, date.max) is not each]
        is_over = _version.state.in_(ends) & (_version.valid_until < day)
        self._conditions = [
            column == value
            for column, value in (
                (_certificate.year, year),
                (_certificate.teacher, teacher),
                (case((is_over, State.EXPIRED.value), else_=_version.state), state),
            )
            if value is not None
        ]

    def applied_to(self, query: Select[Any]) -> Select[Any]:
        """The query, narrowed."""
        return query.where(*self._conditions)


async def load_document(tx: Transaction, number: str, version: int) -> Document | None:
    """What was issued as this version."""
    c = tables.document.c
    row = (await tx.execute(select(tables.document).where(c.number == number, c.version == version))).first()
    return None if row is None else Document(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def insert_documents(tx: Transaction, documents: Sequence[Document]) -> None:
    """Keep what is issued; a version that has a document already is a unique violation."""
    await tx.copy(tables.document, [_columns_of(document) for document in documents])


async def load_numbers(tx: Transaction, keys: Iterable[Key]) -> dict[Key, str]:
    """The numbers that are reserved for these keys."""
    wanted, c = _wanted(keys), tables.reservation.c
    rows = await tx.execute(
        select(tables.reservation).join(
            wanted,
            (wanted.c.teacher == c.teacher) & (wanted.c.year == c.year) & (wanted.c.kind == c.kind),
        )
    )
    return {Key(row.teacher, row.year, row.kind): row.number for row in rows}


async def load_serials(tx: Transaction, series: Iterable[str]) -> dict[str, int]:
    """The last serial of each series; its partition is locked."""
    rows = await tx.execute(select(tables.series).where(tables.series.c.series.in_(sorted(series))))
    return {row.series: row.serial for row in rows}


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say, in their order; neighbours of one type in one statement a table."""
    for kind, run in groupby(entries, key=lambda entry: entry.type):
        writers = _WRITERS.get(kind, ())
        known = list(run)
        for statement, to_row in writers:
            await tx.execute(statement, [to_row(entry) for entry in known])


PROJECTION = Projection(
    tables=[tables.series, tables.reservation, tables.certificate, tables.version], project=project
)


def _wanted(keys: Iterable[Key]) -> Any:  # noqa: ANN401 - a table of SQLAlchemy
    ordered = sorted(set(keys))
    return listed(
        "wanted",
        ("teacher", Text, [key.teacher for key in ordered]),
        ("year", Integer, [key.year for key in ordered]),
        ("kind", Text, [key.kind for key in ordered]),
    )


def version_in(entries: Iterable[Entry]) -> Version | None:
    """The current version that entries about one certificate, in order, come to; None before the first."""
    rows: dict[int, dict[str, Any]] = {}
    current: dict[str, Any] | None = None
    for entry in entries:
        for statement, to_row in _WRITERS.get(entry.type, ()):
            row = to_row(entry)
            if statement is _POINT:
                current = row
            elif statement is _ISSUE:
                rows[row["version"]] = row
            elif statement is _MOVE:
                rows[row["of_version"]] |= row
    if current is None:
        return None
    stood = {**rows[current["version"]], **current, "current": current["version"]}
    return _to_version(SimpleNamespace(**stood))


def _to_version(row: Row[Any] | SimpleNamespace) -> Version:
    return Version(
        number=row.number,
        key=Key(row.teacher, row.year, row.kind),
        version=row.version,
        current=row.current,
        state=State(row.state),
        reason=row.reason,
        by_person=row.by_person,
        replaced_by=row.replaced_by,
        verdict=row.verdict,
        policy=row.policy,
        hours=from_texts(row.hours),
        digest=row.digest,
        issued_at=row.issued_at,
        last=row.year if row.last is None else row.last,
        valid_until=row.valid_until,
    )


# --- entries into rows -----------------------------------------------------------------------------


def _reserved(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(CertificateReserved)
    return {
        "number": fact.number,
        "teacher": fact.teacher,
        "year": fact.year,
        "kind": fact.kind,
        "series": fact.series,
        "serial": fact.serial,
    }


def _issued(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(CertificateIssued)
    return {
        "number": fact.number,
        "version": fact.version,
        "state": State.VALID,
        "reason": "",
        "by_person": False,
        "replaced_by": None,
        "verdict": fact.verdict,
        "policy": entry.policy,
        "hours": to_texts(fact.figures),
        "digest": fact.digest,
        "issued_at": fact.issued_at,
        "last": fact.last,
        "valid_until": fact.valid_until,
    }


def _current(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(CertificateIssued)
    return {
        "number": fact.number,
        "teacher": fact.teacher,
        "year": fact.year,
        "kind": fact.kind,
        "version": fact.version,
    }


def _superseded(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(CertificateSuperseded)
    return {
        "of_number": fact.number,
        "of_version": fact.version,
        "state": State.SUPERSEDED,
        "reason": fact.reason,
        "by_person": False,
        "replaced_by": fact.by_version,
    }


def _moved(state: State) -> Callable[[Entry], dict[str, Any]]:
    def to_row(entry: Entry) -> dict[str, Any]:
        fact = entry.parse(CertificateStateChanged)
        return {
            "of_number": fact.number,
            "of_version": fact.version,
            "state": state,
            "reason": fact.reason,
            "by_person": fact.by != BY_VERDICT,
            "replaced_by": None,
        }

    return to_row


_serial = upsert(tables.series)
_COUNT = _serial.on_conflict_do_update(
    index_elements=["series"],
    set_={"serial": func.greatest(tables.series.c.serial, _serial.excluded.serial)},
)

_point = upsert(tables.certificate)
_POINT = _point.on_conflict_do_update(index_elements=["number"], set_={"version": _point.excluded.version})

_ISSUE = insert(tables.version)

_MOVE = (
    update(tables.version)
    .where(_version.number == bindparam("of_number"), _version.version == bindparam("of_version"))
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        by_person=bindparam("by_person"),
        replaced_by=bindparam("replaced_by"),
    )
)

_Writer = tuple[Executable, Callable[[Entry], dict[str, Any]]]

_WRITERS: Mapping[str, Sequence[_Writer]] = {
    "certificate.reserved.v1": (
        (insert(tables.reservation), _reserved),
        (_COUNT, lambda entry: _only(_reserved(entry), "series", "serial")),
    ),
    "certificate.issued.v1": ((_POINT, _current), (_ISSUE, _issued)),
    "certificate.superseded.v1": ((_MOVE, _superseded),),
    "certificate.suspended.v1": ((_MOVE, _moved(State.SUSPENDED)),),
    "certificate.reinstated.v1": ((_MOVE, _moved(State.VALID)),),
    "certificate.revoked.v1": ((_MOVE, _moved(State.REVOKED)),),
    "certificate.expired.v1": ((_MOVE, _moved(State.EXPIRED)),),
}
"""By type of entry: the statements it runs, each with the row it writes."""


def _only(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
