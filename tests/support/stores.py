"""A store that speaks S3, such as evidence and archives may lie in: rclone serving a folder, a real one."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from deploy.local import child
from tests.support.world import until

RCLONE = Path(sys.executable).with_name("rclone")
KEY, SECRET, BUCKET = "key", "secret", "bucket"


class Store:
    """A bucket below `home`; it can be away for a while, and comes back under its address."""

    def __init__(self, home: Path) -> None:
        (home / "data" / BUCKET).mkdir(parents=True)
        self._home = home
        self._address = "127.0.0.1:0"
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @asynccontextmanager
    async def serving(cls, home: Path) -> AsyncIterator[Self]:
        """A store for the time of the block."""
        store = cls(home)
        await store.start()
        try:
            yield store
        finally:
            store.stop()

    async def start(self) -> None:
        """Serve, under the address that it had before."""
        log = self._home / "store.log"
        log.write_text("")
        options = ["--auth-key", f"{KEY},{SECRET}", "--addr", self._address, "--config", ""]
        self._process = child.start([RCLONE, "serve", "s3", *options, self._home / "data"], log=log)

        async def listening() -> bool:
            found = re.search(r"Starting s3 server on \[http://([^/]+)/", log.read_text())
            if found:
                self._address = found[1]
            return found is not None

        await until(listening)

    def stop(self) -> None:
        """Be away."""
        if self._process is not None:
            child.stop(self._process)

    def url(self, folder: str) -> str:
        """A folder of the bucket, as services are told it."""
        where = f"region=cn-south-1&scheme=http&endpoint_override={self._address}"
        return f"s3://{KEY}:{SECRET}@{BUCKET}/{folder}?{where}"

    def folder(self, name: str) -> Path:
        """Where the objects below a folder of the bucket really lie."""
        return self._home / "data" / BUCKET / name
