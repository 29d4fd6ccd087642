"""Files kept under the digest of their content (按摘要存放), nothing twice. All of it may block.

What was altered where it lies is never given out, and is replaced when the same content comes again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256

from shared.runtime.errors import AwayError
from shared.runtime.place import UNREADABLE, Place

log = logging.getLogger(__name__)


class Kept:
    """The files that lie at a URL, each named by the SHA-256 of its content in hexadecimal."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _place(self) -> Place:
        return Place.at(self._url)

    def keep(self, content: bytes) -> str:
        """Keep a file; its digest.

        Raises:
            AwayError: `file.place_away`, 503.
        """
        digest = sha256(content).hexdigest()
        with _reached():
            place = self._place
            if not place.holds(digest) or place.digest(digest).hex() != digest:
                place.write(digest, content)
        return digest

    def read(self, digest: str) -> bytes:
        """A file that was kept.

        Raises:
            AwayError: `file.place_away`, `file.altered`, 503.
        """
        content = b""
        with _reached():
            place = self._place
            if place.holds(digest):
                content = place.read(digest)
        if sha256(content).hexdigest() != digest:
            log.error("what was kept as %s is missing or was altered", digest)
            raise AwayError("file.altered", digest=digest)
        return content

    def erase(self, digest: str) -> None:
        """Keep a file no more; nothing where it is not kept.

        Raises:
            AwayError: `file.place_away`, 503.
        """
        with _reached():
            self._place.remove(digest)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:  # its text may hold the URL, and that a password
        log.warning("the place of files cannot be used: %s", type(error).__name__)
        raise AwayError("file.place_away") from None
