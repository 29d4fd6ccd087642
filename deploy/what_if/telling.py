"""The difference for a person: in sums, teacher by teacher, and as a table in a file."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.what_if.asking import Difference
from shared.runtime.spreadsheets import inert

SHOWN = 100
COLUMNS = (
    *("teacher", "verdict", "in_force", "draft", "missing_in_force", "missing_draft"),
    *("points_in_force", "points_draft", "why"),
)


def told(differences: Sequence[Difference]) -> Iterator[str]:
    """The sums, then those whose year differs."""
    outcomes = Counter(one.outcomes for one in differences)
    before = sum(number for (outcome, _), number in outcomes.items() if outcome == "pass")
    after = sum(number for (_, outcome), number in outcomes.items() if outcome == "pass")
    points = [sum(one.points[side]["awarded"] for one in differences) for side in ("in_force", "draft")]
    different = [one for one in differences if one.differs]
    yield f"teachers 教师 {len(differences)}, different 有差异 {len(different)}"
    yield f"pass 通过 {before} → {after}"
    yield f"fail → pass 不通过转通过 {outcomes['fail', 'pass']}"
    yield f"pass → fail 通过转不通过 {outcomes['pass', 'fail']}"
    yield f"points 积分 {points[0]} → {points[1]}"
    for one in different[:SHOWN]:
        yield f"  {one.teacher}  {' → '.join(one.outcomes)}  {why(one)}"
    if len(different) > SHOWN:
        yield f"  … {len(different) - SHOWN} more; OUT=<file> writes them all"


def why(one: Difference) -> str:
    """Which rules award, which requests are decided, what counts and what is checked otherwise."""
    rules = [f"{rule['rule']} {rule['in_force']} → {rule['draft']}" for rule in one.points["rules"]]
    exchanges = [
        f"{request['request']} {request['in_force']} → {request['draft']} h {request['words']}".strip()
        for request in one.points["exchanges"]
    ]
    lines = [
        f"{line['ground']} {line['rule']} {line['in_force']} → {line['draft']} h {line['words']}".strip()
        for line in one.hours["lines"]
        if line["ground"] not in {f"exchange:{request['request']}" for request in one.points["exchanges"]}
    ]
    checks = [check["words"] for check in one.verification["checks"]] if one.verification["differs"] else []
    return "; ".join([*rules, *exchanges, *lines, *checks])


def write(file: Path, differences: Sequence[Difference]) -> None:
    """Everybody, one a row."""
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(COLUMNS)
        table.writerows([[inert(str(cell)) for cell in _row(one)] for one in differences])


def _row(one: Difference) -> list[object]:
    sides = [one.verification["in_force"], one.verification["draft"]]
    return [
        one.teacher,
        one.verification["verdict"] or "",
        *(side["outcome"] for side in sides),
        *(_missing(side["missing"]) for side in sides),
        *(one.points[side]["awarded"] for side in ("in_force", "draft")),
        why(one),
    ]


def _missing(missing: Mapping[str, Any]) -> str:
    return " ".join(f"{item} {hours}" for item, hours in missing.items())
