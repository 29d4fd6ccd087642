"""What a run shows and writes: exact columns, plain decimals, China time, and the same words every time."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local import files, report, results
from deploy.local.intake import Fault
from deploy.local.results import Award, Category, Results, Shown, TeacherYear

PASSED = TeacherYear(
    teacher="T1",
    name="阿依古丽·买买提",
    points_earned=180,
    points_exchanged=100,
    points_expired=80,
    hours=("30", "50", "18"),
    carried_in="0",
    carry_out="8",
    verdict="pass",
    shortfall="",
    certificate="440104202550000012",
)
FAILED = TeacherYear(
    teacher="T2",
    name="",
    points_earned=0,
    points_exchanged=0,
    points_expired=0,
    hours=("30", "42", "17.5"),
    carried_in="0",
    carry_out="0",
    verdict="fail",
    shortfall="elective:0.5;total:0.5",
    certificate="",
)
CATEGORIES = tuple(
    Category(id=name, name=name, name_zh=name_zh)
    for name, name_zh in (("public", "公需科目"), ("professional", "专业科目"), ("elective", "个人选修科目"))
)
AWARD = Award(
    teacher="T1",
    rule="GZ-BP-06",
    points=0,
    at="2025-04-04T16:32:00+08:00",
    activity="reply-1",
    cut=10,
)


@pytest.fixture
def found() -> Results:
    return Results(
        year=2025,
        shown=Shown(unit="hour", points=True, names={}),
        categories=CATEGORIES,
        awards=(AWARD,),
        teachers=(PASSED, FAILED),
        cycles=(),
        predictions={"T1": "pass", "T2": "fail"},
        exchanges={"settled": 1, "refused": 1},
        refusals={"teacher.unknown": 1},
    )


@pytest.mark.parametrize(
    ("hours", "text"),
    [("17.50", "17.5"), ("30.00", "30"), ("0.00", "0"), ("100", "100"), ("0.05", "0.05"), ("1E+1", "10")],
)
def test_hours_are_written_plainly(hours: str, text: str) -> None:
    assert results.plain(hours) == text
    assert results.plain(Decimal(hours)) == text


@pytest.mark.parametrize(
    ("instant", "china"),
    [
        ("2025-12-31T15:59:59Z", "2025-12-31T23:59:59+08:00"),
        ("2025-04-04T16:32:00+08:00", "2025-04-04T16:32:00+08:00"),
        ("2025-04-04T08:32:00.250000+00:00", "2025-04-04T16:32:00.250000+08:00"),
    ],
)
def test_instants_are_written_in_china_time(instant: str, china: str) -> None:
    assert results.china(instant) == china


def test_the_tables_have_the_agreed_columns(found: Results) -> None:
    assert ",".join(files.AWARDS) == "teacher,rule,points,at,activity,cut"
    assert ",".join(files.teachers(found)[0]) == (
        "teacher,name,points_earned,points_exchanged,points_expired,public,professional,elective,"
        "carried_in,carry_out,verdict,shortfall,certificate"
    )


def test_the_summary_counts_what_stands(found: Results) -> None:
    assert files.summary(found, files.Rows({"hours.csv": 2}, taken_over=3)) == {
        "year": 2025,
        "teachers": 2,
        "points": {"earned": 180, "exchanged": 100, "expired": 80},
        "awards": {"granted": 0, "cut": 1},
        "hours": {"public": "60", "professional": "92", "elective": "35.5"},
        "exchanges": {"refused": 1, "settled": 1},
        "refusals": {"teacher.unknown": 1},
        "verdicts": {"fail": 1, "pass": 1},
        "shortfalls": {"elective": 1, "total": 1},
        "certificates": 1,
        "refused_rows": {"hours.csv": 2},
        "taken_over_rows": 3,
    }


def test_the_files_are_written_and_stale_certificates_go(found: Results, tmp_path: Path) -> None:
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / "of-another-run.pdf").write_bytes(b"old")
    asked = []

    def certificate(number: str) -> bytes:
        asked.append(number)
        return b"%PDF"

    files.write(tmp_path, found, files.Rows(), certificate)
    awards = list(csv.reader(io.StringIO((tmp_path / "awards.csv").read_text(encoding="utf-8"))))
    assert awards[1] == ["T1", "GZ-BP-06", "0", "2025-04-04T16:32:00+08:00", "reply-1", "10"]
    teachers = (tmp_path / "teachers.csv").read_text(encoding="utf-8").splitlines()
    assert teachers[2] == "T2,,0,0,0,30,42,17.5,0,0,fail,elective:0.5;total:0.5,"
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["certificates"] == 1
    assert [path.name for path in (tmp_path / "certificates").iterdir()] == ["440104202550000012.pdf"]
    assert asked == ["440104202550000012"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://x","领奖")', '\'=HYPERLINK("http://x","领奖")'),
        ("@SUM(1)", "'@SUM(1)"),
        (" ＝1", "' ＝1"),
        ("-1+1", "'-1+1"),
        ("\t1", "'\t1"),
        ("-7", "-7"),
        ("430102202550000012", "430102202550000012"),
        ("2025-04-04T16:32:00+08:00", "2025-04-04T16:32:00+08:00"),
        ("elective:0.5;total:0.5", "elective:0.5;total:0.5"),
    ],
)
def test_what_a_program_would_run_is_written_as_text_and_ids_as_they_are(
    found: Results, tmp_path: Path, text: str, written: str
) -> None:
    named = replace(found, awards=(replace(AWARD, activity=text),), teachers=(replace(FAILED, name=text),))
    files.write(tmp_path, named, files.Rows(), lambda _: b"")
    for table, column in (("awards", "activity"), ("teachers", "name")):
        with (tmp_path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert [row[column] for row in csv.DictReader(file)] == [written]


def shown(found: Results, refused: list[Fault]) -> str:
    console = Console(file=io.StringIO(), width=200)
    report.show(console, found, refused)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_report_says_who_passed_and_what_is_missing(found: Results) -> None:
    text = shown(found, [])
    assert "阿依古丽·买买提" in text
    assert "440104202550000012" in text
    assert "选修 0.5" in text
    assert "1 fail, 1 pass" in text
    assert "1 refused, 1 settled" in text
    assert "1 teacher.unknown" in text
    assert "not taken" not in text


def test_the_report_names_refused_rows_by_file_and_line(found: Results) -> None:
    faults = [Fault(file="hours.csv", line=n, reason="teacher.unknown: [T9]") for n in range(30)]
    text = shown(found, faults)
    assert "30 rows were not taken" in text
    assert "hours.csv:7: teacher.unknown: [T9]" in text
    assert "… and 10 more" in text


def test_a_year_that_is_not_decided_shows_the_prediction_in_brackets() -> None:
    undecided = replace(PASSED, verdict="")
    text = shown(
        Results(
            year=2026,
            shown=Shown(unit="hour", points=True, names={}),
            categories=CATEGORIES,
            awards=(),
            teachers=(undecided,),
            cycles=(),
            predictions={"T1": "pass"},
            exchanges={},
            refusals={},
        ),
        [],
    )
    assert "(pass)" in text


def test_many_teachers_are_cut_short_with_a_hint() -> None:
    many = Results(
        year=2025,
        shown=Shown(unit="hour", points=True, names={}),
        categories=CATEGORIES,
        awards=(),
        teachers=(FAILED,) * 119 + (PASSED,),
        cycles=(),
        predictions={},
        exchanges={},
        refusals={},
    )
    text = shown(many, [])
    assert "… and 80 with fewer hours and points" in text
    assert PASSED.name in text
