"""Real input: the forum posts of 445 educators, held against an account of its own of what they earn.

The data are not part of the project; where they are not at hand, the test says so and skips.
"""

import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT.parent / "shared"
TOOL = LIBRARY / "tools" / "mooc-ed-to-run"
DATA = LIBRARY / "realdata" / "mooc-ed"

pytestmark = pytest.mark.skipif(not (TOOL.exists() and DATA.exists()), reason="the real data are not at hand")

Row = tuple[str, str, str, str, str, str]


def moment(act: dict[str, Any]) -> tuple[datetime, str, str]:
    return datetime.fromisoformat(act["occurred_at"]), act["source"], act["id"]


def recomputed(acts: list[dict[str, Any]]) -> list[Row]:
    """Topics only, as that is all the data hold: 10 and 20 distinct others, 10 points each, 100 a rule."""
    founded: dict[str, dict[str, Any]] = {}
    first_replies: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for act in sorted(acts, key=moment):
        if act["type"] == "topic.started":
            founded.setdefault(act["object"]["topic"], act)
    for act in sorted(acts, key=moment):
        topic = act["object"]["topic"]
        if act["type"] == "topic.replied" and act["teacher"] != founded[topic]["teacher"]:
            first_replies[topic].setdefault(act["teacher"], act)
    awards = []
    for topic, replies in first_replies.items():
        inline = sorted(replies.values(), key=moment)
        for people, rule in ((10, "GZ-BP-06"), (20, "GZ-RP-02")):
            if len(inline) >= people:
                dated = max(inline[people - 1], founded[topic], key=moment)
                awards.append((moment(dated), founded[topic]["teacher"], rule, dated))
    granted: Counter[tuple[str, str]] = Counter()
    rows: list[Row] = []
    for _, teacher, rule, dated in sorted(awards, key=lambda award: award[0]):
        points = min(10, 100 - granted[teacher, rule])
        granted[teacher, rule] += points
        rows.append((teacher, rule, str(points), dated["occurred_at"], dated["id"], str(10 - points)))
    return sorted(rows)


def run(folder: Path, state: Path, out: Path) -> None:
    order = {"DATA": str(folder), "YEAR": "2025", "EXIT": "1", "OUT": str(out), "STATE": str(state)}
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "run"],
        cwd=ROOT,
        env={"PATH": os.defpath, **order},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.long
def test_the_real_forum_twice_with_the_awards_that_a_naive_account_gives(tmp_path: Path) -> None:
    folder = tmp_path / "forum"
    edges, nodes = DATA / "dlt1-edges.csv", DATA / "dlt1-nodes.csv"
    subprocess.run([sys.executable, TOOL, edges, nodes, folder], check=True, capture_output=True)
    for out in (tmp_path / "first", tmp_path / "again"):
        run(folder, tmp_path / "state", out)
    for file in ("awards.csv", "teachers.csv", "summary.json"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()

    with (folder / "activities.ndjson").open(encoding="utf-8") as lines:
        acts = [json.loads(line) for line in lines]
    awards = sorted(tuple(row.values()) for row in rows_of(tmp_path / "first" / "awards.csv"))
    assert len(acts) == 2893
    assert awards == recomputed(acts)
    assert len(rows_of(tmp_path / "first" / "teachers.csv")) == 445
