"""`python -m shared.policy`, which a pack's author runs."""

import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from shared.policy.__main__ import main

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.toml").write_text(TEXT, encoding="utf-8")
    return str(tmp_path / "good.toml")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.toml").write_text(TEXT.replace("rate = 300", "rate = 0"), encoding="utf-8")
    return str(tmp_path / "bad.toml")


def test_a_valid_pack_is_ok(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([good]) == 0
    assert capsys.readouterr().out == f"{good}: OK guangzhou@1, 52 rules, 11 slots\n"


def test_a_wrong_pack_is_told_with_file_and_key(
    good: str, bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([bad, good]) == 1
    said = capsys.readouterr()
    assert said.err == "bad.toml: hours[14].rate: Expected `int` >= 1\n"
    assert "OK" in said.out


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_without_a_file_it_says_how_it_is_used(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_it_runs_as_a_command(bad: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shared.policy", bad], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "hours[14].rate" in done.stderr
