"""SQL of predictions and verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Row, Select, Text, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.verification import VerificationPassed, VerificationPredicted
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection
from shared.runtime.listed import listed
from verification.figures.domain.hours import Figures, TeacherYear
from verification.judgements import tables
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Decision, Judgement, Prediction, Verdict
from verification.judgements.entries import FAILED, PASSED, PREDICTED

_p, _d = tables.prediction.c, tables.decision.c
_JUDGEMENT = select(
    tables.prediction,
    _d.entry.label("decision_entry"),
    _d.prediction.label("decision_prediction"),
    _d.outcome.label("decision_outcome"),
    _d.authority,
    _d.verdict,
    _d.decided_at,
    _d.revision,
).outerjoin_from(tables.prediction, tables.decision, (_d.teacher == _p.teacher) & (_d.year == _p.year))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which results a list shows."""

    year: int | None = None
    outcome: Outcome | None = None
    undecided: bool = False
    """Only years that were predicted and wait for their verdict."""
    teachers: Sequence[Select[tuple[str]]] = ()
    """Only teachers whom every one of these queries names."""


async def load(tx: Transaction, keys: Iterable[TeacherYear]) -> dict[TeacherYear, Judgement]:
    """What is known of those keys that were ever judged."""
    pairs = sorted(set(keys))
    wanted = listed(
        "wanted",
        ("teacher", Text, [key.teacher for key in pairs]),
        ("year", Integer, [key.year for key in pairs]),
    )
    rows = await tx.execute(
        _JUDGEMENT.join(wanted, (wanted.c.teacher == _p.teacher) & (wanted.c.year == _p.year))
    )
    return {TeacherYear(row.teacher, row.year): _judgement(row) for row in rows}


async def list_results(
    tx: Transaction, wanted: Wanted, after: Sequence[Any] | None, limit: int
) -> list[tuple[TeacherYear, Judgement]]:
    """One more than `limit` results in order of year and teacher, behind the key `after`."""
    query = _JUDGEMENT.order_by(_p.year, _p.teacher).limit(limit + 1)
    if wanted.year is not None:
        query = query.where(_p.year == wanted.year)
    if wanted.outcome is not None:
        query = query.where(_d.outcome == wanted.outcome)
    if wanted.undecided:
        query = query.where(_d.outcome.is_(None))
    for teachers in wanted.teachers:
        query = query.where(_p.teacher.in_(teachers))
    if after is not None:
        query = query.where(tuple_(_p.year, _p.teacher) > tuple_(*after))
    return [(TeacherYear(row.teacher, row.year), _judgement(row)) for row in await tx.execute(query)]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say; the last prediction and the last verdict on a teacher's year stand."""
    predicted: dict[TeacherYear, dict[str, Any]] = {}
    decided: dict[TeacherYear, dict[str, Any]] = {}
    for entry in entries:
        if entry.type == PREDICTED:
            said = entry.parse(VerificationPredicted)
            predicted[TeacherYear(said.teacher, said.year)] = _prediction_row(entry, said)
        elif entry.type in (PASSED, FAILED):
            ruled = entry.parse(VerificationPassed)
            decided[TeacherYear(ruled.teacher, ruled.year)] = _decision_row(entry, ruled)
    for table, rows in ((tables.prediction, predicted), (tables.decision, decided)):
        if rows:
            upsert = insert(table)
            changed = {c.name: upsert.excluded[c.name] for c in table.c if not c.primary_key}
            await tx.execute(
                upsert.on_conflict_do_update(index_elements=["teacher", "year"], set_=changed),
                list(rows.values()),
            )


PROJECTION = Projection(tables=[tables.prediction, tables.decision], project=project)


def _judgement(row: Row[Any]) -> Judgement:
    prediction = Prediction(
        outcome=row.outcome,
        figures=Figures(
            public=row.public,
            professional=row.professional,
            elective=row.elective,
            carried_in=row.carried_in,
        ),
        required=_hours(row.required),
        shortfall=_hours(row.shortfall),
    )
    if row.decision_entry is None:
        return Judgement(prediction=prediction, entry=row.entry)
    verdict = Verdict(
        id=row.verdict, authority=row.authority, outcome=row.decision_outcome, decided_at=row.decided_at
    )
    decision = Decision(
        verdict=verdict,
        revision=row.revision,
        entry=row.decision_entry,
        prediction=row.decision_prediction,
    )
    return Judgement(prediction=prediction, entry=row.entry, decision=decision)


def _hours(stored: Mapping[str, str]) -> dict[Any, Decimal]:
    return {item: Decimal(hours) for item, hours in stored.items()}


def _texts(hours: Mapping[str, Decimal]) -> dict[str, str]:
    return {item: str(value) for item, value in hours.items()}


def _prediction_row(entry: Entry, said: VerificationPredicted) -> dict[str, Any]:
    return {
        "teacher": said.teacher,
        "year": said.year,
        "entry": entry.id,
        "outcome": said.outcome,
        "public": said.figures.public,
        "professional": said.figures.professional,
        "elective": said.figures.elective,
        "carried_in": said.figures.carried_in,
        "required": _texts(said.required),
        "shortfall": _texts(said.shortfall),
        "run": said.run,
    }


def _decision_row(entry: Entry, ruled: VerificationPassed) -> dict[str, Any]:
    return {
        "teacher": ruled.teacher,
        "year": ruled.year,
        "entry": entry.id,
        "prediction": ruled.basis["prediction"],
        "outcome": "pass" if entry.type == PASSED else "fail",
        "authority": ruled.authority,
        "verdict": ruled.verdict,
        "decided_at": ruled.decided_at,
        "revision": ruled.revision,
    }
