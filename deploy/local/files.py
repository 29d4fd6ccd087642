"""Writes the results of a run to a folder: two tables, a summary, the certificates as they were issued."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from deploy.local.results import Award, Results, TeacherCycle, TeacherYear, plain
from shared.runtime.spreadsheets import inert

Certificate = Callable[[str], bytes]
"""Gives the document with a number."""

AWARDS = tuple(column.name for column in fields(Award))


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
    _table(folder / "teachers.csv", *teachers(results))
    if results.cycles:
        columns = tuple(column.name for column in fields(TeacherCycle))
        _table(folder / "cycles.csv", columns, [astuple(one) for one in results.cycles])
    text = json.dumps(summary(results, rows), ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    _certificates(folder / "certificates", results, certificate)


def teachers(results: Results) -> tuple[list[str], list[list[object]]]:
    """The table of teachers: its columns, one for each category in the place of the hours, and its rows."""
    names = [column.name for column in fields(TeacherYear)]
    place = names.index("hours")
    columns = [*names[:place], *(one.id for one in results.categories), *names[place + 1 :]]
    rows = []
    for teacher in results.teachers:
        values = [getattr(teacher, name) for name in names]
        rows.append([*values[:place], *teacher.hours, *values[place + 1 :]])
    return columns, rows


def summary(results: Results, rows: Rows) -> dict[str, Any]:
    """Return the year in figures; the same data give the same summary however often they are run."""
    everybody = results.teachers
    return {
        "year": results.year,
        "teachers": len(everybody),
        "points": {
            "earned": sum(one.points_earned for one in everybody),
            "exchanged": sum(one.points_exchanged for one in everybody),
            "expired": sum(one.points_expired for one in everybody),
        },
        "awards": {
            "granted": sum(award.points > 0 for award in results.awards),
            "cut": sum(award.cut > 0 for award in results.awards),
        },
        "hours": {
            category.id: plain(sum((Decimal(one.hours[place]) for one in everybody), Decimal(0)))
            for place, category in enumerate(results.categories)
        },
        "exchanges": dict(sorted(results.exchanges.items())),
        "refusals": dict(sorted(results.refusals.items())),
        "verdicts": dict(sorted(Counter(outcome or "none" for outcome, _ in results.standings).items())),
        "shortfalls": dict(sorted(Counter(_short_of(results)).items())),
        "certificates": len(results.numbers),
        "refused_rows": dict(sorted(rows.refused.items())),
        "taken_over_rows": rows.taken_over,
    }


def _short_of(results: Results) -> Iterator[str]:
    for _, missing in results.standings:
        yield from (part.split(":")[0] for part in missing.split(";") if part)


def _table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    return inert(value) if isinstance(value, str) else value


def _certificates(folder: Path, results: Results, certificate: Certificate) -> None:
    folder.mkdir(exist_ok=True)
    numbers = set(results.numbers)
    for path in folder.glob("*.pdf"):
        if path.stem not in numbers:
            path.unlink()
    for number in sorted(numbers):
        (folder / f"{number}.pdf").write_bytes(certificate(number))
