"""The folder of a run is read as it is; what cannot be read is named with file and line."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local import intake
from deploy.local.intake import Fault, FolderError
from shared.policy.calendar import CALENDAR_YEARS

ROSTER = "teacher,name,school,district,stage,role\n"
HOURS = "record,teacher,year,source_rule,category,hours,activity,provider,from,to,evidence\n"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "activities.ndjson").write_text("")
    (tmp_path / "roster.csv").write_text(ROSTER + "T1,王芳,一小,越秀区,小学,教师\n", encoding="utf-8")
    return tmp_path


def act(at: str) -> str:
    return json.dumps({"source": "s", "id": at, "occurred_at": at}) + "\n"


def test_only_activities_and_a_roster_are_required(folder: Path) -> None:
    read = intake.read(folder)
    assert read.hours.rows == read.organisations.rows == ()
    assert read.exchanges is None
    assert [row.body["name"] for row in read.roster.rows] == ["王芳"]
    assert read.faults == []


def test_a_file_of_exchanges_without_rows_is_not_a_missing_one(folder: Path) -> None:
    (folder / "exchanges.csv").write_text("request,teacher,at,category,hours\n")
    exchanges = intake.read(folder).exchanges
    assert exchanges is not None
    assert exchanges.rows == []


def test_a_byte_order_mark_other_column_orders_and_further_columns_are_taken(folder: Path) -> None:
    text = "role,vocational,teacher,name,school,district,stage,joined_on\n教师,是,T1,王芳,一小,区,小学,\n"
    (folder / "roster.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert intake.read(folder).roster.rows[0].body == {
        "teacher": "T1",
        "name": "王芳",
        "school": "一小",
        "district": "区",
        "stage": "小学",
        "role": "教师",
        "vocational": True,
    }


def test_organisations_are_taken_with_what_more_is_said_of_them(folder: Path) -> None:
    text = "organisation,level,name,parent,division,school_code,note\nP44,province,广东省,,440000,,\n"
    school = "S1,school,一小,P44,,2144000001,x\n"
    (folder / "organisations.csv").write_text(text + school, encoding="utf-8")
    province, below = intake.read(folder).organisations.rows
    assert province.body == {
        "organisation": "P44",
        "level": "province",
        "name": "广东省",
        "parent": "",
        "division": "440000",
    }
    assert (below.line, below.body["school_code"], below.body["note"]) == (3, "2144000001", "x")


def test_values_it_cannot_read_are_left_to_the_service(folder: Path) -> None:
    row = "R1,T1,20x5,GZ-HR-2.02,professional,,课,中心,2025-01-01,2025-01-02,\n"
    (folder / "hours.csv").write_text(HOURS + row + row.replace("20x5", "2025").replace("l,,", "l,1.5,"))
    (folder / "exchanges.csv").write_text("request,teacher,at,category,hours\nX1,T1,,elective,5.5\n")
    (folder / "roster.csv").write_text(ROSTER.strip() + ",vocational\nT1,a,b,c,d,e,perhaps\n")
    read = intake.read(folder)
    first, second = (one.body for one in read.hours.rows)
    assert first["year"] == "20x5"
    assert "hours" not in first
    assert (second["year"], second["hours"]) == (2025, "1.5")
    assert read.exchanges is not None
    assert read.exchanges.rows[0].body == {
        "request": "X1",
        "teacher": "T1",
        "category": "elective",
        "hours": "5.5",
    }
    assert read.roster.rows[0].body["vocational"] == "perhaps"


def test_a_row_of_another_width_is_reported_and_the_others_are_kept(folder: Path) -> None:
    (folder / "roster.csv").write_text(ROSTER + 'T1,"two\nlines",b,c,d,e\nT2,a,b\n\nT3,a,b,c,d,e,f\n')
    read = intake.read(folder)
    assert [(row.line, row.body["teacher"]) for row in read.roster.rows] == [(3, "T1")]
    assert read.faults == [
        Fault(file="roster.csv", line=4, reason="3 fields where the header has 6"),
        Fault(file="roster.csv", line=6, reason="7 fields where the header has 6"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "roster.csv",
            b"teacher,name\n",
            r"roster.csv, line 1: missing columns school, district, stage, role",
        ),
        ("roster.csv", b"", r"roster.csv is empty"),
        ("roster.csv", ROSTER.encode() + b"T1,\xff,b,c,d,e\n", r"roster.csv is not UTF-8"),
        ("roster.csv", ROSTER.encode() + b'T1,"a"b,b,c,d,e\n', r"roster.csv, line 2: "),
        ("roster.csv", ROSTER.replace("role", "role,role").encode(), r"columns role stand there twice"),
        ("hours.csv", b"record\n", r"hours.csv, line 1: missing columns teacher"),
    ],
)
def test_a_table_that_cannot_be_read_stops_the_run(
    folder: Path, name: str, content: bytes, reason: str
) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(FolderError, match=reason):
        intake.read(folder)


def test_a_missing_roster_stops_the_run(folder: Path) -> None:
    (folder / "roster.csv").unlink()
    with pytest.raises(FolderError, match=r"roster\.csv"):
        intake.read(folder)


def test_without_acts_the_years_are_those_of_the_hours_that_have_begun(folder: Path) -> None:
    (folder / "activities.ndjson").unlink()
    rows = [
        f"R{year},T1,{year},X-1,c,1,a,p,{year}-05-01,{year}-05-01,\n"
        for year in ("2025", "2027", "2024", "x")
    ]
    (folder / "hours.csv").write_text(HOURS + "".join(rows))
    read = intake.read(folder)
    assert read.activities is None
    assert read.years(CALENDAR_YEARS, NOW) == [2024, 2025]
    (folder / "hours.csv").write_text(HOURS)
    with pytest.raises(FolderError, match="say YEAR="):
        intake.read(folder).years(CALENDAR_YEARS, NOW)


def test_columns_of_details_go_along_where_they_say_something(folder: Path) -> None:
    header = HOURS.strip() + ",details.mode,details.grade\n"
    row = "R1,T1,2025,X-1,c,1,a,p,2025-05-01,2025-05-01,,concentrated,\n"
    (folder / "hours.csv").write_text(header + row + row.replace("concentrated", ""))
    first, second = (one.body for one in intake.read(folder).hours.rows)
    assert first["details"] == {"mode": "concentrated"}
    assert "details" not in second


def test_what_is_no_folder_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="is not a folder"):
        intake.read(tmp_path / "nowhere")


def test_lines_keep_their_numbers_compressed_or_not(folder: Path) -> None:
    content = b'\xef\xbb\xbf{"a":1}\n\n  {"b":2}\r\nnot json'
    expected = [(1, b'{"a":1}'), (3, b'{"b":2}'), (4, b"not json")]
    plain = folder / "activities.ndjson"
    plain.write_bytes(content)
    assert list(intake.lines(plain)) == expected
    plain.unlink()
    (folder / "activities.ndjson.gz").write_bytes(gzip.compress(content))
    activities = intake.read(folder).activities
    assert activities is not None
    assert list(intake.lines(activities)) == expected


@pytest.mark.parametrize(
    "damaged", [b"no gzip", gzip.compress(b"{}\n" * 999, mtime=0)[:40]], ids=["no gzip", "cut short"]
)
def test_a_damaged_compressed_file_stops_the_run(tmp_path: Path, damaged: bytes) -> None:
    file = tmp_path / "activities.ndjson.gz"
    file.write_bytes(damaged)
    with pytest.raises(FolderError, match="is damaged"):
        list(intake.lines(file))


def test_the_year_is_that_of_the_latest_act_in_china_that_has_happened(tmp_path: Path) -> None:
    file = tmp_path / "activities.ndjson"
    file.write_text(
        act("2024-05-01T00:00:00+08:00") + act("2024-12-31T16:00:00Z") + act("2031-01-01T00:00:00Z")
    )
    assert CALENDAR_YEARS.of(intake.latest_act(file, NOW)) == 2025


def test_lines_without_an_instant_do_not_name_a_year(tmp_path: Path) -> None:
    file = tmp_path / "activities.ndjson"
    file.write_text("nonsense\n[]\n" + act("yesterday") + act("2025-01-01T00:00:00"))
    with pytest.raises(FolderError, match="say YEAR="):
        intake.latest_act(file, NOW)
    with file.open("a") as more:
        more.write(act("2023-01-01T00:00:00Z"))
    assert CALENDAR_YEARS.of(intake.latest_act(file, NOW)) == 2023


def test_two_folders_of_one_name_have_two_digests(tmp_path: Path) -> None:
    assert intake.digest(tmp_path / "a" / "x") != intake.digest(tmp_path / "b" / "x")
    assert intake.digest(tmp_path / "a" / ".." / "x") == intake.digest(tmp_path / "x")
