"""pgbench over one script: what PostgreSQL does for so many clients while nothing of ours runs."""

import asyncio
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.checks import WrongRunError
from bench.servers import Servers
from deploy.local.environment import for_children

CLIENTS = (8, 32, 64)
"""The best of these numbers counts."""
THREADS = 2
_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script, and the variables that it is given."""

    file: Path
    variables: Mapping[str, str] = field(default_factory=dict)


async def rate(servers: Servers, address: str, script: Script, clients: int, until: Sequence[str]) -> float:
    """Transactions a second over prepared statements; `until` are the options that say when it ends.

    Raises: WrongRunError with pgbench's first words.
    """
    command: list[str | Path] = [
        servers.tool("pgbench"),
        *("-n", "-M", "prepared", "-c", str(clients), "-j", str(THREADS)),
        *(word for name, value in script.variables.items() for word in ("-D", f"{name}={value}")),
        *until,
        *("-f", script.file, address),
    ]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, env=for_children(), check=False
    )
    found = _RATE.search(done.stdout)
    if done.returncode != 0 or found is None:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise WrongRunError(f"pgbench: {said[0] if said else done.returncode}")
    return float(found[1])
