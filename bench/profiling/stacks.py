"""Stacks: in which functions a process held the interpreter, as py-spy saw it from outside."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import apart
from bench.apart import Work
from bench.checks import WrongRunError
from deploy.local.environment import for_children

RATE = 250
"""Looks a second."""
ROOT = "Database.run"
"""The frame below which the work is; what is beside it only prepares."""
_FRAME = re.compile(r"(?P<function>[^;(]+) \((?P<file>[^;]*?)(?::\d+)?\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Part of the looks at which a function was at work: with what it calls, and by itself."""

    function: str
    file: str
    whole: float
    own: float


def look(work: Work, file: Path, *words: str) -> list[Share]:
    """Run `work(*words)` in a process of its own under py-spy; functions by share, the largest first.

    Raises: WrongRunError where py-spy is not there, may not look, or the work fails.
    """
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if spy is None:
        raise WrongRunError("py-spy is not installed")
    looking = (spy, "record", "--gil", "--rate", str(RATE), "--format", "raw", "--output", str(file), "--")
    working = (sys.executable, "-m", apart.__name__, work.__module__, work.__name__, *words)
    done = subprocess.run(
        [*looking, *working], capture_output=True, text=True, check=False, env=for_children()
    )
    if done.returncode or not file.exists():
        raise WrongRunError(f"py-spy ended with {done.returncode}: {done.stderr.strip()[-200:]}")
    return shares(file.read_text().splitlines())


def shares(stacks: Iterable[str]) -> list[Share]:
    """Functions below `ROOT` by their share of the looks; a stack is `outer;inner count`."""
    whole: Counter[tuple[str, str]] = Counter()
    own: Counter[tuple[str, str]] = Counter()
    looks = 0
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        frames = [_named(frame) for frame in stack.split(";")]
        below = next((place for place, frame in enumerate(frames) if frame[0] == ROOT), None)
        if below is None:
            continue
        looks += int(count)
        own[frames[-1]] += int(count)
        for frame in set(frames[below:]):
            whole[frame] += int(count)
    return _sorted(whole, own, looks)


def _sorted(
    whole: Mapping[tuple[str, str], int], own: Mapping[tuple[str, str], int], looks: int
) -> list[Share]:
    found = [
        Share(function=function, file=file, whole=count / looks, own=own.get((function, file), 0) / looks)
        for (function, file), count in whole.items()
    ]
    return sorted(found, key=lambda share: (-share.whole, share.file, share.function))


def _named(frame: str) -> tuple[str, str]:
    """Function and file, the latter from the name of its package on."""
    found = _FRAME.search(frame)
    if found is None:
        return frame, ""
    file = re.sub(r"^.*(?:/src/|/site-packages/|/python3\.\d+/)", "", found["file"])
    return found["function"], file
