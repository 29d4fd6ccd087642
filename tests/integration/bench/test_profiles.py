"""`make profile` looks at every hot path and writes a page about it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.profiling.paths import PATHS
from deploy.local.environment import for_children

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bench")]

WORK = {"intake": "_take_in", "sweep": "sweep_next", "verification": "judge_chunk", "carry-over": "apply"}
"""A function of each path that must have been seen at work."""


def test_every_hot_path_gets_a_page_with_stacks_statements_and_plans(tmp_path: Path) -> None:
    asked = {"SMOKE": "1", "OUT": str(tmp_path / "pages"), "STATE": str(tmp_path)}
    command = (sys.executable, "-m", "bench.profiling")
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**for_children(), **asked}
    )
    if "py-spy ended" in done.stdout:
        pytest.skip(f"py-spy may not look at processes here: {done.stdout.strip()[-200:]}")
    assert done.returncode == 0, done.stdout + done.stderr
    for name in PATHS:
        page = (tmp_path / "pages" / f"{name}.md").read_text(encoding="utf-8")
        assert f"`{WORK[name]}`" in page
        assert "`copy journal`" in page
        assert "Buffers: shared hit=" in page
