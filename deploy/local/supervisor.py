"""Keeps the children of the stack alive: who dies is reported and started again, up to a limit."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from deploy.local.child import ServerError

LIMIT, WINDOW = 5, 60.0  # so many restarts within so many seconds are no accident


class Revivable(Protocol):
    """Something that runs, and can be started again after it died."""

    @property
    def pid(self) -> int | None:
        """The process number while it lives."""
        ...

    def revive(self) -> None:
        """Start it again; raises ServerError where it does not come up."""
        ...


@dataclass(slots=True)
class _Watched:
    name: str
    child: Revivable
    restarts: deque[float] = field(default_factory=lambda: deque(maxlen=LIMIT))

    def exhausted(self, now: float) -> bool:
        return len(self.restarts) == LIMIT and now - self.restarts[0] < WINDOW


class Supervisor:
    """A thread that looks after the children in the order in which they were added."""

    def __init__(self, report: Callable[[str], None], *, pause: float = 0.25) -> None:
        self.failure: str | None = None
        self._report = report
        self._pause = pause
        self._watched: list[_Watched] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def add(self, name: str, child: Revivable) -> None:
        """Look after a child from now on."""
        self._watched.append(_Watched(name, child))

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, before the children are stopped on purpose."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def check(self) -> None:
        """Raise ServerError when a child could not be kept alive."""
        if self.failure is not None:
            raise ServerError(self.failure)

    def look(self) -> None:
        """Start again whoever has died; give up on everything when one cannot be helped."""
        for one in self._watched:
            if one.child.pid is not None:
                continue
            now = time.monotonic()
            if one.exhausted(now):
                self.failure = (
                    f"{one.name} died {LIMIT + 1} times within {WINDOW:.0f} s; it is not restarted."
                )
                return
            one.restarts.append(now)
            self._report(f"{one.name} died and is started again.")
            try:
                one.child.revive()
            except ServerError as error:
                self.failure = f"{one.name} cannot be started again: {error}"
                return

    def _watch(self) -> None:
        while self.failure is None and not self._over.wait(self._pause):
            self.look()
