"""Where files lie: a local folder, or a store that Arrow knows, such as S3.

A file appears under its name once it is whole: stores see to that themselves, in a folder it is made under
a name of its own, brought to the disk, and renamed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pyarrow as pa
from pyarrow import fs

BLOCK = 1 << 20
UNREADABLE = (OSError, ValueError, pa.ArrowException)
"""What a place, and reading a missing or damaged file, can raise."""
STORES = frozenset({"s3", "gcs", "abfs"})
"""Systems in which a file appears when it is closed, and which rename by copying."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a file system; all of it may block."""

    system: Any
    folder: str

    @classmethod
    def at(cls, url: str) -> Self:
        """The place of a URL or of an absolute path.

        Raises:
            ValueError, OSError: it cannot be read as one, or its store does not answer.
        """
        # Else bodies go in chunks with checksums behind them, which stores other than Amazon's refuse. Arrow
        # has no option for it: its client of S3 asks the environment, and what an operator set there stays.
        os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")  # noqa: TID251 - as above
        system, folder = fs.FileSystem.from_uri(url)
        return cls(system, folder.rstrip("/"))

    def path(self, file: str) -> str:
        """The path of a file in its file system."""
        return f"{self.folder}/{file}"

    def holds(self, file: str) -> bool:
        """Whether there is such a file."""
        return bool(self.system.get_file_info(self.path(file)).is_file)

    def size(self, file: str) -> int:
        """How many bytes a file has; FileNotFoundError where it is not there."""
        info = self.system.get_file_info(self.path(file))
        if not info.is_file:
            raise FileNotFoundError(file)
        return int(info.size)

    def digest(self, file: str) -> bytes:
        """The SHA-256 of a file."""
        digest = sha256()
        with self.system.open_input_stream(self.path(file)) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
        return digest.digest()

    def read(self, file: str) -> bytes:
        """A whole file; FileNotFoundError where it is not there."""
        with self.system.open_input_stream(self.path(file)) as stream:
            return bytes(stream.read())

    def write(self, file: str, content: bytes) -> None:
        """Make a file of this content, in the place of one that there may be."""
        with self.making(file) as made, self.system.open_output_stream(self.path(made)) as stream:
            stream.write(content)

    def remove(self, file: str) -> None:
        """Let a file be there no more; nothing where it is not there.

        Arrow marks the folder in a store after a deletion, which some stores refuse: what counts is whether
        the file is gone.
        """
        if self.holds(file):
            try:
                self.system.delete_file(self.path(file))
            except OSError:
                if self.holds(file):
                    raise

    @contextmanager
    def making(self, file: str) -> Iterator[str]:
        """The name under which a file is made in the block; it gets its own when the block is through."""
        if self.system.type_name in STORES:
            yield file
            return
        made = f"{file}.{uuid4().hex}.part"
        if self._is_local:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
        try:
            yield made
            if self._is_local:
                with Path(self.path(made)).open("r+b") as written:
                    os.fsync(written.fileno())
            self.system.move(self.path(made), self.path(file))
        except BaseException:
            with suppress(OSError):
                self.system.delete_file(self.path(made))
            raise
        if self._is_local:
            _keep_names(Path(self.folder))

    @property
    def _is_local(self) -> bool:
        return bool(self.system.type_name == "local")


def _keep_names(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
