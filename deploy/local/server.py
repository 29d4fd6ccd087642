"""A server of the stack: it lives as long as its `with` block, in a folder that it holds."""

import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from deploy.local.home import Home


class Server(ABC):
    """What PostgreSQL and NATS have in common: their folder, their process, their words."""

    name: ClassVar[str]

    def __init__(self, home: Path) -> None:
        self.home = Home(home)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process number, while there is one."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    @property
    def log(self) -> Path:
        """Where the server writes its words."""
        return self.home.path / f"{self.name}.log"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises: ServerError where the folder is held by another owner or the server does not come up.
        """
        self.home.hold()
        try:
            self._prepare()
            self.revive()
        except BaseException:
            self.stop()
            raise

    @abstractmethod
    def revive(self) -> None:
        """Start the server, also again after it died under its owner.

        Raises: ServerError where it does not come up.
        """

    @abstractmethod
    def stop(self) -> None:
        """Stop the server and let its folder go."""

    @abstractmethod
    def _prepare(self) -> None:
        """Find the program and make ready, once, in a folder that is held."""
