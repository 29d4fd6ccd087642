"""Every shipped pack, from activity to verdict and certificate: `make run PACK=` on its own small folder.

What has to come out is worked out by hand from the clauses and the rows of the samples.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long


def run(out: Path, **order: str) -> str:
    """Run a pack to its end; what is said on the way, without a row that was refused."""
    environment = {"PATH": os.defpath, "OUT": str(out), "STATE": str(out / "state"), "EXIT": "1", **order}
    done = subprocess.run(
        (sys.executable, "-m", "deploy.local", "run"),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "were not taken" not in said, said
    return said


def rows(path: Path) -> dict[str, dict[str, str]]:
    """The rows of a table of results, by teacher."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["teacher"]: row for row in csv.DictReader(file)}


def told(row: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """Some cells of a row."""
    return tuple(row[name] for name in names)


def test_kaifeng_gives_its_project_and_a_certificate_to_whoever_passed(tmp_path: Path) -> None:
    run(tmp_path, PACK="kaifeng")
    found = rows(tmp_path / "teachers.csv")
    for teacher in ("K001", "K002", "K003", "K004"):
        assert told(found[teacher], "project", "verdict") == ("60", "pass")
        assert (tmp_path / "certificates" / f"{found[teacher]['certificate']}.pdf").is_file()
    assert told(found["K005"], "project", "verdict", "shortfall", "certificate") == (
        "0",
        "fail",
        "total:60",
        "",
    )


def certificate(out: Path, number: str) -> str:
    """What is printed on a certificate that was issued, without blanks."""
    reader = PdfReader(out / "certificates" / f"{number}.pdf")
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


@pytest.mark.parametrize(
    ("pack", "cycle", "span", "standings"),
    [
        (
            "hubei",
            "NAT-02",
            ("2021", "2025"),
            {
                "H001": ("370", "pass", ""),
                "H002": ("352", "fail", "total:8"),
                "H003": ("332", "fail", "total:28"),
            },
        ),
        (
            # 447 credits, but 47 of them in the first year: scenario 13
            "c360",
            "C360-01",
            ("2021", "2025"),
            {"S001": ("360", "pass", ""), "S002": ("447", "fail", "")},
        ),
        (
            "vocational",
            "VOC-02",
            ("2021", "2025"),
            {"V001": ("240", "pass", ""), "V002": ("239", "fail", "post:1;total:1")},
        ),
        (
            # 160 + 200 hours pass as 20 + 20 credits, 200 + 160 do not; of six credits of a study five count
            "wuhan",
            "WH-03",
            ("2018", "2022"),
            {
                "W001": ("40", "pass", ""),
                "W002": ("41", "fail", "non_concentrated:4"),
                "W003": ("40", "fail", "concentrated:5"),
            },
        ),
    ],
)
def test_a_cycle_comes_out_as_its_clauses_say(
    pack: str, cycle: str, span: tuple[str, str], standings: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    run(tmp_path, PACK=pack)
    found = rows(tmp_path / "cycles.csv")
    first, last = span
    for teacher, (counted, outcome, missing) in standings.items():
        row = found[teacher]
        assert told(row, "cycle", "first", "last") == (cycle, first, last)
        assert told(row, "counted", "outcome", "missing") == (counted, outcome, missing)
        assert bool(row["certificate"]) == (outcome == "pass")
        if outcome == "pass":
            printed = certificate(tmp_path, row["certificate"])
            assert f"{first}—{last}年周期内" in printed
            assert counted in printed


def test_jiangxi_counts_twenty_hours_of_a_school_year_as_a_credit(tmp_path: Path) -> None:
    years = {
        "2019": {"J001": ("3", "pass"), "J002": ("2.5", "fail"), "J003": ("3", "pass")},
        "2020": {"J001": ("3", "pass"), "J002": ("3", "pass"), "J003": ("0", "fail")},
    }
    for year, standings in years.items():
        run(tmp_path / year, PACK="jiangxi", YEAR=year)
        found = rows(tmp_path / year / "teachers.csv")
        for teacher, standing in standings.items():
            assert told(found[teacher], "distance", "verdict") == standing
            number = found[teacher]["certificate"]
            assert bool(number) == (standing[1] == "pass")
            if number:
                assert f"{year}—{int(year) + 1}学年" in certificate(tmp_path / year, number)


def test_horgos_certifies_its_cycle_with_the_number_that_scenario_10_gives(tmp_path: Path) -> None:
    """70.4 + 5 + 16: what is above 60 stands in for 5 and 4. The audit of December 2028 is rehearsed."""
    run(tmp_path, PACK="horgos")
    found = rows(tmp_path / "cycles.csv")
    assert told(found["G001"], "counted", "outcome", "missing") == ("91.4", "pass", "")
    assert told(found["G002"], "counted", "outcome", "missing") == (
        "87.4",
        "fail",
        "county:0.6;county_professional:0.6;elective:5;school_based:4;total:2.6",
    )
    assert (found["G001"]["certificate"], found["G002"]["certificate"]) == ("654004202480000013", "")
    printed = certificate(tmp_path, "654004202480000013")
    assert "2028年12月25日" in printed
    assert "有效期至2029年12月31日" in printed
