"""What was measured on: processor, disk, versions, settings. No names of hosts and no paths."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

from bench.order import ROOT
from bench.servers import Servers
from deploy.local import nats
from deploy.local.environment import for_children

LIBRARIES = ("asyncpg", "sqlalchemy", "fastapi", "uvicorn", "uvloop", "msgspec", "nats-py")
SHOWN = (
    "server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_level", "wal_sync_method",
    "shared_buffers", "max_wal_size", "checkpoint_timeout",
)  # fmt: skip
_SYNC = re.compile(r"^\s+fdatasync\s+[0-9.]+ ops/sec\s+([0-9]+) usecs/op")


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where a result comes from."""

    processor: str
    cores: int
    memory_gb: int
    system: str
    fdatasync_us: int | None
    """One synced write of 8 kB, by pg_test_fsync."""
    versions: dict[str, str]
    postgresql: dict[str, str]
    nats: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ticks:
    """Time of all processors since the start, in ticks."""

    whole: int
    idle: int
    stolen: int


def describe(servers: Servers) -> Machine:
    """Look at the machine and ask the servers."""
    return Machine(
        processor=_line("/proc/cpuinfo", "model name") or platform.processor(),
        cores=os.cpu_count() or 0,
        memory_gb=round(int((_line("/proc/meminfo", "MemTotal") or "0").split()[0]) / 1024**2),
        system=f"{platform.system()} {platform.machine()}",
        fdatasync_us=fdatasync(servers),
        versions={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        postgresql={name: servers.postgres.sql(f"show {name}") for name in SHOWN},
        nats={"version": _nats_version(), "replicas": "1", "sync_interval": "always"},
    )


def fdatasync(servers: Servers) -> int | None:
    """Microseconds of one synced write where the data lie."""
    file = servers.state / "fsync.test"
    command: list[str | Path] = [servers.tool("pg_test_fsync"), "-s", "1", "-f", file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=for_children()) as running:
        assert running.stdout is not None
        found = next((match for line in running.stdout if (match := _SYNC.match(line))), None)
        running.terminate()
    file.unlink(missing_ok=True)
    return None if found is None else int(found[1])


def ticks() -> Ticks | None:
    """The clocks of the processors now; None where the system does not tell."""
    try:
        first = Path("/proc/stat").read_text().splitlines()[0]
    except FileNotFoundError:
        return None
    user, nice, system, idle, waiting, irq, soft, stolen, *_ = map(int, first.split()[1:])
    return Ticks(user + nice + system + idle + waiting + irq + soft + stolen, idle + waiting, stolen)


def stolen(before: Ticks | None, after: Ticks | None) -> float | None:
    """Percent of the time that the host gave to others."""
    if before is None or after is None or after.whole == before.whole:
        return None
    return 100 * (after.stolen - before.stolen) / (after.whole - before.whole)


def commit() -> str:
    """The commit that was measured; `+` where files differ from it."""
    head = _git("rev-parse", "--short=10", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "") if head else "none"


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def _nats_version() -> str:
    done = subprocess.run([nats.installed(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1].removeprefix("v")


def _line(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text().splitlines()
    except FileNotFoundError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
