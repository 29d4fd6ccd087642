"""Writes the sample year as a folder of a run; the same seed gives the same bytes."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.local import columns
from deploy.local.sampling import records
from deploy.local.sampling.community import Community
from deploy.local.sampling.dice import Dice
from deploy.local.sampling.people import Teacher, roster
from deploy.local.sampling.scenes import play
from deploy.local.sampling.tree import organisations

SEED = 2025
FOLDER = Path(__file__).parents[1] / "sample"


def write(folder: Path) -> None:
    """Write every file of the sample."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def files(seed: int = SEED) -> dict[str, str]:
    """Return the contents of the files by name."""
    dice = Dice(seed)
    teachers = roster(dice)
    community = Community(dice, [teacher.teacher for teacher in teachers])
    play(community)
    return {
        "activities.ndjson": _ndjson(community.feed.in_order_of_arrival()),
        "exchanges.csv": _csv(records.exchanges()),
        "hours.csv": _csv(records.hours(dice, teachers)),
        "organisations.csv": _csv([columns.ORGANISATIONS, *organisations()]),
        "roster.csv": _csv(_roster_rows(teachers)),
    }


def _roster_rows(teachers: Sequence[Teacher]) -> Iterable[list[str]]:
    yield [*columns.ROSTER, "joined_on", "vocational"]
    for one in teachers:
        school = one.school
        yield [
            one.teacher,
            one.name,
            school.name,
            school.district,
            school.stage,
            one.role,
            one.joined_on.isoformat(),
            "true" if school.vocational else "false",
        ]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _ndjson(rows: Iterable[object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
