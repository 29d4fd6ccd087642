"""Writes the results of a run to a folder: two tables, a summary, the certificates as they were issued."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from deploy.local.results import CATEGORIES, Award, Results, TeacherYear, plain
from shared.runtime.spreadsheets import inert

Certificate = Callable[[str], bytes]
"""Gives the document with a number."""

AWARDS = tuple(column.name for column in fields(Award))
TEACHERS = tuple(column.name for column in fields(TeacherYear))


@dataclass(frozen=True, slots=True)
class Rows:
    """What became of the rows of a folder, in figures."""

    refused: Mapping[str, int] = field(default_factory=dict)
    """How many did not get in, by file."""
    taken_over: int = 0
    """How many of the hours went in as records of a former system, not in the way of their rule."""


def write(folder: Path, results: Results, rows: Rows, certificate: Certificate) -> None:
    """Write everything; certificates of an earlier run that no longer stand are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "awards.csv", AWARDS, [astuple(award) for award in results.awards])
    _table(folder / "teachers.csv", TEACHERS, [astuple(teacher) for teacher in results.teachers])
    text = json.dumps(summary(results, rows), ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    _certificates(folder / "certificates", results, certificate)


def summary(results: Results, rows: Rows) -> dict[str, Any]:
    """Return the year in figures; the same data give the same summary however often they are run."""
    teachers = results.teachers
    return {
        "year": results.year,
        "teachers": len(teachers),
        "points": {
            "earned": sum(one.points_earned for one in teachers),
            "exchanged": sum(one.points_exchanged for one in teachers),
            "expired": sum(one.points_expired for one in teachers),
        },
        "awards": {
            "granted": sum(award.points > 0 for award in results.awards),
            "cut": sum(award.cut > 0 for award in results.awards),
        },
        "hours": {
            name: plain(sum((Decimal(getattr(one, name)) for one in teachers), Decimal(0)))
            for name in CATEGORIES
        },
        "exchanges": dict(sorted(results.exchanges.items())),
        "refusals": dict(sorted(results.refusals.items())),
        "verdicts": dict(sorted(Counter(one.verdict or "none" for one in teachers).items())),
        "shortfalls": dict(sorted(Counter(item for one in teachers for item in _items(one)).items())),
        "certificates": sum(bool(one.certificate) for one in teachers),
        "refused_rows": dict(sorted(rows.refused.items())),
        "taken_over_rows": rows.taken_over,
    }


def _items(teacher: TeacherYear) -> list[str]:
    return [part.split(":")[0] for part in teacher.shortfall.split(";") if part]


def _table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    return inert(value) if isinstance(value, str) else value


def _certificates(folder: Path, results: Results, certificate: Certificate) -> None:
    folder.mkdir(exist_ok=True)
    numbers = {one.certificate for one in results.teachers if one.certificate}
    for path in folder.glob("*.pdf"):
        if path.stem not in numbers:
            path.unlink()
    for number in sorted(numbers):
        (folder / f"{number}.pdf").write_bytes(certificate(number))
