"""Child processes: started in a session of their own, so that Ctrl-C reaches only us, and stopped in order.

Also what is known of strangers: a process number alone proves nothing, only its command line does.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.account import Account
from deploy.local.environment import for_children

OURSELVES = Account()
STEP = 0.02


class ServerError(Exception):
    """A server of the stack did not start, stop or answer; the message says which, and why."""


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    account: Account = OURSELVES,
    environment: Mapping[str, str] | None = None,
    sockets: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a command in its own session, its words appended to `log`; `sockets` are handed down open."""
    with log.open("ab") as words:
        return subprocess.Popen(
            [*account.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=[] if account.uid is not None else None,
            env=environment or for_children(),
            pass_fds=sockets,
        )


def stop(process: subprocess.Popen[bytes], *, first: int = signal.SIGTERM, patience: float = 30.0) -> None:
    """Ask a child to stop, and end it when it does not within `patience` seconds."""
    if process.poll() is not None:
        return
    process.send_signal(first)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def command_line(pid: int) -> str:
    """Return the command line of a living process; empty for none, and for a zombie."""
    proc = Path("/proc")
    if (proc / "self").exists():
        with contextlib.suppress(OSError):
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    told = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return told.stdout.decode(errors="replace").strip()


def stop_orphan(pid: int, mark: str, *, first: int = signal.SIGINT, patience: float = 30.0) -> bool:
    """Stop a process that an earlier owner left behind; leave it alone unless its command line names `mark`.

    Returns whether the process was ours.
    """
    if mark not in command_line(pid):
        return False
    for signum, seconds in ((first, patience), (signal.SIGKILL, 10.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signum)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if mark not in command_line(pid):
                return True
            time.sleep(STEP)
    raise ServerError(f"Process {pid}, left by an earlier run ({mark}), cannot be stopped.")


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, for a message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
