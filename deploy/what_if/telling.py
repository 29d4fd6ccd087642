"""The difference for a person: in sums, teacher by teacher, and as a table in a file."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.what_if.asking import Answer, Difference
from shared.runtime.spreadsheets import inert

SHOWN = 100
SIDES = ("in_force", "draft")
COLUMNS = (
    *("teacher", "verdict", "in_force", "draft", "missing_in_force", "missing_draft"),
    *("points_in_force", "points_draft", "why"),
)


def told(answer: Answer) -> Iterator[str]:
    """The years, the sums, then those whose year or cycle differs."""
    differences = answer.differences
    outcomes = Counter(one.outcomes for one in differences)
    before = sum(number for (outcome, _), number in outcomes.items() if outcome == "pass")
    after = sum(number for (_, outcome), number in outcomes.items() if outcome == "pass")
    points = [sum(one.awarded(side) for one in differences) for side in SIDES]
    different = [one for one in differences if one.differs]
    yield f"years 年度 {' → '.join(_years(answer.spans[side]) for side in SIDES)}"
    yield f"teachers 教师 {len(differences)}, different 有差异 {len(different)}"
    yield f"pass 通过 {before} → {after}"
    yield f"fail → pass 不通过转通过 {outcomes['fail', 'pass']}"
    yield f"pass → fail 通过转不通过 {outcomes['pass', 'fail']}"
    if any(points):
        yield f"points 积分 {points[0]} → {points[1]}"
    for one in different[:SHOWN]:
        yield f"  {one.teacher}  {' → '.join(one.outcomes)}  {why(one)}"
    if len(different) > SHOWN:
        yield f"  … {len(different) - SHOWN} more; OUT=<file> writes them all"


def why(one: Difference) -> str:
    """Which rules award, which requests are decided, what counts and what is checked otherwise."""
    awards = [rule for year in one.points.values() for rule in year["rules"]]
    requests = [request for year in one.points.values() for request in year["exchanges"]]
    told_already = {f"exchange:{request['request']}" for request in requests}
    rules = [f"{rule['rule']} {rule['in_force']} → {rule['draft']}" for rule in awards]
    exchanges = [_moved(request["request"], request) for request in requests]
    lines = [
        _moved(f"{_of_years(one, line)}{line['ground']} {line['rule']}", line)
        for line in one.hours["lines"]
        if line["ground"] not in told_already
    ]
    checks = [check["words"] for check in one.verification["checks"]] if one.verification["differs"] else []
    years = [_short(year) for year in one.verification["years"]]
    return "; ".join([*rules, *exchanges, *lines, *checks, *years])


def _of_years(one: Difference, line: Mapping[str, Any]) -> str:
    """The year of a line, where several are counted."""
    return f"{line['year']} " if len(one.hours["years"]) > 1 else ""


def _moved(what: str, row: Mapping[str, Any]) -> str:
    return f"{what} {row['in_force']} → {row['draft']} {row['words']}".strip()


def _short(year: Mapping[str, Any]) -> str:
    """What a year of a cycle misses by itself on both sides."""
    return f"{year['year']} short 缺 {' → '.join(_missing(year[side]) or '–' for side in SIDES)}"


def _years(span: Mapping[str, int]) -> str:
    return "–".join(str(year) for year in sorted({span["first"], span["last"]}))


def write(file: Path, differences: Sequence[Difference]) -> None:
    """Everybody, one a row."""
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(COLUMNS)
        table.writerows([[inert(str(cell)) for cell in _row(one)] for one in differences])


def _row(one: Difference) -> list[object]:
    sides = [one.verification[side] for side in SIDES]
    return [
        one.teacher,
        one.verification["verdict"] or "",
        *(side["outcome"] for side in sides),
        *(_missing(side["missing"]) for side in sides),
        *(one.awarded(side) for side in SIDES),
        why(one),
    ]


def _missing(missing: Mapping[str, Any]) -> str:
    return " ".join(f"{item} {hours}" for item, hours in missing.items())
