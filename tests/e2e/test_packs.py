"""Every shipped pack, from activity to verdict and certificate: `make run PACK=` on its own small folder.

What has to come out is worked out by hand from the clauses and the rows of the samples.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest

from deploy.local.order import SAMPLES

ROOT = Path(__file__).parents[2]
PACKS = resources.files("shared.policy").joinpath("packs")
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
        (
            # 70.4 + 5 + 16: what is above 60 stands in for 5 and 4, as in scenario 10
            "horgos",
            "HG-01",
            ("2024", "2028"),
            {
                "G001": ("91.4", "pass", ""),
                "G002": (
                    "87.4",
                    "fail",
                    "county:0.6;county_professional:0.6;elective:5;school_based:4;total:2.6",
                ),
            },
        ),
    ],
)
def test_a_cycle_comes_out_as_its_clauses_say(
    pack: str, cycle: str, span: tuple[str, str], standings: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    run(tmp_path, PACK=pack)
    found = rows(tmp_path / "cycles.csv")
    for teacher, standing in standings.items():
        assert told(found[teacher], "cycle", "first", "last") == (cycle, *span)
        assert told(found[teacher], "counted", "outcome", "missing") == standing


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


def test_a_cycle_of_horgos_that_is_over_is_certified_to_the_end_of_the_year_after(tmp_path: Path) -> None:
    """The same rules five years earlier: 2024 to 2028 are not over yet."""
    text = PACKS.joinpath("horgos.toml").read_text(encoding="utf-8")
    for year in range(2024, 2030):
        text = text.replace(f"{year}", f"{year - 5}")
    pack = tmp_path / "earlier.toml"
    pack.write_text(text.replace('version = "1"', 'version = "0"'), encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    for file in (SAMPLES / "horgos").iterdir():
        written = file.read_text(encoding="utf-8")
        if file.name == "hours.csv":
            written = written.replace("2024", "2019").replace("2025", "2020")
        (data / file.name).write_text(written, encoding="utf-8")
    run(tmp_path / "out", PACK=str(pack), DATA=str(data), YEAR="2020")
    found = rows(tmp_path / "out" / "cycles.csv")
    assert told(found["G001"], "first", "last", "outcome") == ("2019", "2023", "pass")
    number = found["G001"]["certificate"]
    assert number[:16] == "6540042019800000"
    assert (tmp_path / "out" / "certificates" / f"{number}.pdf").is_file()
    assert found["G002"]["certificate"] == ""
