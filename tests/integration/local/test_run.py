"""`make run` on the shipped sample: the whole way, twice, with the same result; and what stops it."""

import csv
import filecmp
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from deploy.local.sampling.community import VISITOR
from deploy.local.sampling.folder import FOLDER
from points.activities.domain.act import Act
from shared.policy.calendar import CALENDAR_YEARS
from shared.policy.loader import builtin
from shared.runtime import clock
from tests.unit.points import reference

ROOT = Path(__file__).parents[3]
pytestmark = [
    pytest.mark.long,
    pytest.mark.xdist_group("run"),  # one worker, so that the year is run only once
]

COMMAND = (sys.executable, "-m", "deploy.local", "run")


def start(**order: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.defpath, **order}
    return subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def run(**order: str) -> tuple[int, str]:
    with start(**order) as process:
        assert process.stdout is not None
        said = process.stdout.read()
    return process.returncode, said


@dataclass(frozen=True)
class Year:
    """The sample year, run once and run again."""

    state: Path
    first: Path
    again: Path
    said: str


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("run")
    made = Year(state=folder / "state", first=folder / "first", again=folder / "again", said="")
    said = ""
    for out in (made.first, made.again):
        code, said = run(STATE=str(made.state), OUT=str(out), EXIT="1")
        assert code == 0, said
    return Year(state=made.state, first=made.first, again=made.again, said=said)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_second_run_changes_nothing(year: Year) -> None:
    assert files(year.first) == files(year.again)
    _, different, unreadable = filecmp.cmpfiles(year.first, year.again, files(year.first), shallow=False)
    assert (different, unreadable) == ([], [])


def test_everybody_on_the_roster_has_a_verdict_and_who_passes_a_certificate(year: Year) -> None:
    teachers = {row["teacher"]: row for row in rows(year.first / "teachers.csv")}
    for listed in rows(FOLDER / "roster.csv"):
        found = teachers[listed["teacher"]]
        assert found["name"] == listed["name"]
        assert found["verdict"] in {"pass", "fail"}
        assert bool(found["certificate"]) == (found["verdict"] == "pass") == (not found["shortfall"])


def test_every_kind_of_shortfall_and_passes_occur(year: Year) -> None:
    kinds = {
        frozenset(part.split(":")[0] for part in row["shortfall"].split(";")) - {"total", ""}
        for row in rows(year.first / "teachers.csv")
    }
    assert {
        frozenset(),
        frozenset({"public"}),
        frozenset({"professional"}),
        frozenset({"elective"}),
        frozenset({"public", "professional", "elective"}),
    } <= kinds


def test_surplus_is_carried_over_and_points_are_exchanged_and_expire(year: Year) -> None:
    teachers = rows(year.first / "teachers.csv")
    assert any(row["carry_out"] != "0" for row in teachers)
    for row in teachers:
        earned, exchanged, expired = (
            int(row[f"points_{what}"]) for what in ("earned", "exchanged", "expired")
        )
        assert earned == exchanged + expired
    assert sum(int(row["points_exchanged"]) for row in teachers) > 0


def test_an_exchange_of_a_visitor_is_refused_and_given_back(year: Year) -> None:
    summary = json.loads((year.first / "summary.json").read_text(encoding="utf-8"))
    assert summary["year"] == 2025
    assert set(summary["exchanges"]) >= {"settled", "refused"}
    visitor = next(row for row in rows(year.first / "teachers.csv") if row["teacher"] == VISITOR)
    assert int(visitor["points_earned"]) >= 100
    assert (visitor["points_exchanged"], visitor["verdict"]) == ("0", "")


def test_every_row_of_hours_goes_the_way_of_its_rule(year: Year) -> None:
    summary = json.loads((year.first / "summary.json").read_text(encoding="utf-8"))
    assert summary["taken_over_rows"] == 0
    assert "hours.csv" not in summary["refused_rows"]


def test_awards_are_in_order_and_some_are_cut(year: Year) -> None:
    awards = rows(year.first / "awards.csv")
    places = [(row["teacher"], row["at"], row["rule"], row["activity"]) for row in awards]
    assert places == sorted(places)
    assert all(row["at"].endswith("+08:00") for row in awards)
    assert any(row["points"] == "0" and int(row["cut"]) > 0 for row in awards)


def test_the_awards_are_those_of_a_naive_reading_of_the_rules(year: Year) -> None:
    lines = (FOLDER / "activities.ndjson").read_text(encoding="utf-8").splitlines()
    sent = {(act["source"], act["id"]): act for act in map(json.loads, lines)}
    acts = [
        Act(**{**act, "occurred_at": datetime.fromisoformat(act["occurred_at"]).astimezone(UTC)})
        for act in sent.values()
    ]
    naive = [
        (award.teacher, award.rule, str(award.points), award.act, str(award.asked - award.points))
        for award in reference.awards(acts, builtin())
        if award.year == 2025
    ]
    columns = ("teacher", "rule", "points", "activity", "cut")
    found = [tuple(row[column] for column in columns) for row in rows(year.first / "awards.csv")]
    assert sorted(found) == sorted(naive)


def test_a_certificate_names_its_teacher(year: Year) -> None:
    teacher = next(row for row in rows(year.first / "teachers.csv") if row["certificate"])
    document = PdfReader(year.first / "certificates" / f"{teacher['certificate']}.pdf")
    text = "".join(page.extract_text() for page in document.pages)
    assert teacher["name"] in text
    assert len(list((year.first / "certificates").iterdir())) == sum(
        bool(row["certificate"]) for row in rows(year.first / "teachers.csv")
    )


def test_the_table_shows_every_teacher_and_the_addresses(year: Year) -> None:
    for row in rows(year.first / "teachers.csv"):
        assert row["teacher"] in year.said
    assert "/docs" in year.said
    assert "\x1b" not in year.said


def test_the_tree_is_registered_before_the_roster(year: Year) -> None:
    count = len(rows(FOLDER / "organisations.csv"))
    steps = [line for line in year.said.splitlines() if line.startswith(("organisations", "roster"))]
    assert steps[0] == f"organisations 机构: {count} of {count}"
    assert steps[1].startswith("roster 教师名册")


def test_it_serves_until_it_is_interrupted(year: Year) -> None:
    with start(STATE=str(year.state)) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "serving until Ctrl-C" in line:
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0, said
    assert said[-1] == "stopping\n"


def test_a_folder_that_is_none_ends_with_the_reason(tmp_path: Path) -> None:
    code, said = run(DATA=str(tmp_path / "nowhere"), EXIT="1")
    assert code == 1
    assert "is not a folder" in said


def test_a_year_that_is_not_over_is_only_predicted_and_bad_rows_are_named(tmp_path: Path) -> None:
    now = clock.now()
    year = CALENDAR_YEARS.of(now)
    folder, out = tmp_path / "this year", tmp_path / "out"
    folder.mkdir()
    (folder / "roster.csv").write_text(
        "teacher,name,school,district,stage,role\nT1,=1+王芳,一小,越秀区,小学,教师\nT2,李强,一小,越秀区\n",
        encoding="utf-8",
    )
    act = {"source": "s", "type": "workshop.founded", "teacher": "T1", "object": {"workshop": "w"}}
    lines = [
        act | {"id": "1", "occurred_at": now.isoformat()},
        act | {"id": "2", "occurred_at": f"{year}-01-01T00:00:00"},
        act | {"id": "3", "occurred_at": f"{year + 9}-01-01T00:00:00Z"},
    ]
    (folder / "activities.ndjson").write_text("\n".join(map(json.dumps, lines)))
    header = "record,teacher,year,source_rule,category,hours,activity,provider,from,to,evidence\n"
    study = f"{{}},{{}},{year},GZ-HR-1.01,public,30,课,平台,{year}-01-02,{year}-01-03,\n"
    (folder / "hours.csv").write_text(header + study.format("R1", "T1") + study.format("R2", "T9"))
    code, said = run(DATA=str(folder), STATE=str(tmp_path / "state"), OUT=str(out), EXIT="1")
    assert code == 0, said
    assert f"{year} is not over" in said
    for place in (
        "roster.csv:3: 4 fields",
        "activities.ndjson:2: ",
        "activities.ndjson:3: ",
        "hours.csv:3: ",
    ):
        assert place in said
    (teacher,) = rows(out / "teachers.csv")
    assert (teacher["points_earned"], teacher["points_expired"], teacher["public"]) == ("50", "0", "30")
    assert (teacher["name"], teacher["verdict"], teacher["certificate"]) == ("'=1+王芳", "", "")
    assert "(fail)" in said


def test_without_a_file_of_exchanges_everybody_exchanges_professional_first(tmp_path: Path) -> None:
    folder = tmp_path / "year"
    folder.mkdir()
    (folder / "roster.csv").write_text(
        "teacher,name,school,district,stage,role\nT1,王芳,一小,越秀区,小学,教师\n", encoding="utf-8"
    )
    acts: list[tuple[str, dict[str, str]]] = [
        *[("workshop.founded", {"workshop": name}) for name in "ab"],
        *[("workshop.featured", {"workshop": name}) for name in "ab"],
        *[("session.created", {"workshop": "a", "session": f"s{n}"}) for n in range(6)],
    ]
    lines = [
        {"source": "s", "id": str(n), "type": kind, "teacher": "T1", "object": thing}
        | {"occurred_at": f"2024-05-{n + 1:02}T12:00:00+08:00"}
        for n, (kind, thing) in enumerate(acts)
    ]
    (folder / "activities.ndjson").write_text("\n".join(map(json.dumps, lines)))
    found = []
    for out in (tmp_path / "first", tmp_path / "again"):
        code, said = run(DATA=str(folder), STATE=str(tmp_path / "state"), OUT=str(out), EXIT="1")
        assert code == 0, said
        found.append(rows(out / "teachers.csv"))
    assert found[0] == found[1]
    (teacher,) = found[0]
    assert (teacher["points_earned"], teacher["points_exchanged"], teacher["points_expired"]) == (
        "1200",
        "1200",
        "0",
    )
    assert (teacher["professional"], teacher["elective"]) == ("10", "2")
    assert teacher["shortfall"] == "public:30;professional:32;elective:16;total:78"
