"""The folder of one server: private, and held by one owner at a time (the lock goes with the process)."""

import fcntl
import os
from pathlib import Path

from deploy.local.child import ServerError


class Home:
    """A folder under an exclusive lock."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def hold(self) -> None:
        """Make the folder where it is missing and take its lock.

        Raises: ServerError where a living process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 32, 0).decode() or "?"
            os.close(lock)
            raise ServerError(f"{self.path} is in use by process {holder}.") from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def release(self) -> None:
        """Let the lock go."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
