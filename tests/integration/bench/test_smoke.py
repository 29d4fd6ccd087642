"""`make bench SMOKE=1` from beginning to end: every figure, every ratio, and a result that can be kept."""

import platform
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.catalogue import FLOORS, MEASURES, NOT_RUN, PEERS, RATIOS
from bench.order import ROOT, SMOKE
from bench.result import Result
from deploy.local.environment import for_children

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bench")]


def test_a_smoke_run_finds_every_figure_and_names_no_host_and_no_path(tmp_path: Path) -> None:
    out, state = tmp_path / "result.json", tmp_path / "state"
    environment = for_children(SMOKE="1", OUT=str(out), STATE=str(state))
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = out.read_text()
    result = msgspec.json.decode(text, type=Result)
    assert [value.name for value in result.floors] == [figure.name for figure in FLOORS]
    assert [value.name for value in result.measures] == [figure.name for figure in MEASURES]
    assert result.not_run == NOT_RUN
    run = [figure.name for figure in PEERS if figure.name not in NOT_RUN]
    assert [value.name for value in result.peers] == run
    assert [value.name for value in result.ratios] == [r.name for r in RATIOS if r.lower not in NOT_RUN]
    assert all(value.median > 0 for value in (*result.floors, *result.peers, *result.ratios))
    assert all(len(value.runs) == SMOKE.rounds for value in (*result.floors, *result.measures))
    assert (result.smoke, result.wrong) == (True, [])
    assert result.statements > 1
    assert result.machine.postgresql["fsync"] == "on"
    assert result.machine.postgresql["synchronous_commit"] == "on"
    assert result.machine.nats["sync_interval"] == "always"
    assert result.machine.fdatasync_us is not None
    for private in (str(ROOT), str(tmp_path), platform.node()):
        assert private not in text
    for said in ("Floors", "Measures", "Peers", "not run", "Ratios of the same round", "E3/F1", "fdatasync"):
        assert said in done.stdout
    assert not (state / "bench").exists()


def test_an_order_that_makes_no_sense_is_answered_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env=for_children(ROUNDS="none"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.strip() == "ROUNDS=none is not a whole number from 1 on."
    assert done.stderr == ""
