"""Runs a piece of work in a process of its own, so that the memory it needs is its own and can be told.

The benchmark's own process holds workloads and rows; a figure of memory taken there would be of those.
"""

import asyncio
import resource
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from bench.checks import WrongRunError
from deploy.local.environment import for_children
from shared.runtime import garbage

Figures = dict[str, float]
Work = Callable[..., Coroutine[Any, Any, Figures]]
KB = 1024


async def apart(work: Work, *words: str) -> Figures:
    """Await `work(*words)`, a function of a module, in a new process; what it returns.

    Raises: WrongRunError with the last words of the process.
    """
    command = (sys.executable, "-m", __name__, work.__module__, work.__name__, *words)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=for_children())
    told, said = await process.communicate()
    if process.returncode:
        last = said.decode().strip().splitlines()
        raise WrongRunError(f"{work.__name__} ended: {last[-1] if last else process.returncode}")
    return msgspec.json.decode(told, type=Figures)


def peak_mb() -> float:
    """The most memory that this process held at once, in MB.

    Linux counts into `ru_maxrss` what the parent held when it started us, and into `VmHWM` ours alone.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except FileNotFoundError:
        return (
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB / (KB if sys.platform == "darwin" else 1)
        )
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / KB


if __name__ == "__main__":
    _, module, name, *given = sys.argv
    work = getattr(import_module(module), name)
    garbage.collect_seldom()  # as a service does before it begins
    found = uvloop.run(work(*given))
    sys.stdout.buffer.write(msgspec.json.encode(found))
