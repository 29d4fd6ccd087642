"""Documents that people hand in (文件): inspected in a process of its own, then kept under their digest."""

import asyncio
import sys
from functools import cache
from typing import TYPE_CHECKING

from shared.runtime.errors import AwayError, DomainError
from shared.runtime.inspection.findings import KINDS, Finding
from shared.runtime.limits import MAX_BODY

if TYPE_CHECKING:
    from shared.runtime.kept import Kept

AT_ONCE = 2
"""Inspections of one process that go on at the same time; others wait."""
PATIENCE = 20.0
"""Seconds that one may take."""


class Documents:
    """The documents of one service."""

    def __init__(self, url: str | None = None, limit: int = MAX_BODY) -> None:
        """Without a URL none is taken; `limit` is how many bytes one may have."""
        self._url = url
        self._limit = limit
        self._kept = cache(_kept)
        self._inspecting = asyncio.Semaphore(AT_ONCE)

    async def take(self, content: bytes, kind: str) -> str:
        """Inspect a document and keep it; its digest.

        Raises:
            DomainError: `body.media_type` 415, `body.too_large` 413; 422: `file.not_its_type`,
                `file.unreadable`, `file.encrypted`, `file.bomb`, `file.active`.
            AwayError: `file.no_place`, `file.place_away`, 503.
        """
        if kind not in KINDS:
            raise DomainError("body.media_type", expected=list(KINDS))
        if len(content) > self._limit:
            raise DomainError("body.too_large", limit=self._limit)
        self._placed()
        async with self._inspecting:
            finding = await inspected(content, kind)
        if finding is Finding.OTHER_TYPE:
            raise DomainError(finding, kind=kind)
        if finding is not Finding.FINE:
            raise DomainError(finding)
        return await self.keep(content)

    async def keep(self, content: bytes) -> str:
        """Keep a document that was inspected; its digest.

        Raises:
            AwayError: `file.no_place`, `file.place_away`, 503.
        """
        url = self._placed()
        return await asyncio.to_thread(lambda: self._kept(url).keep(content))

    async def read(self, digest: str) -> bytes:
        """A document that was taken.

        Raises:
            AwayError: `file.no_place`, `file.place_away`, `file.altered`, 503.
        """
        url = self._placed()
        return await asyncio.to_thread(lambda: self._kept(url).read(digest))

    async def erase(self, digest: str) -> None:
        """Keep a document no more; nothing where it is not kept.

        Raises:
            AwayError: `file.no_place`, `file.place_away`, 503.
        """
        url = self._placed()
        await asyncio.to_thread(lambda: self._kept(url).erase(digest))

    def _placed(self) -> str:
        if self._url is None:
            raise AwayError("file.no_place")
        return self._url


async def inspected(content: bytes, kind: str, *, timeout: float = PATIENCE) -> Finding:
    """What a process of its own finds in a file; it ends when nobody waits any more."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "shared.runtime.inspection", kind),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={},  # none of our settings
    )
    try:
        async with asyncio.timeout(timeout):
            said, _ = await process.communicate(content)
    except TimeoutError:
        return Finding.BOMB
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode is not None and process.returncode < 0:  # ended by its limits
        return Finding.BOMB
    return Finding(said.decode())


def _kept(url: str) -> "Kept":
    from shared.runtime.kept import Kept  # noqa: PLC0415 - Arrow takes 40 MB and a while

    return Kept(url)
