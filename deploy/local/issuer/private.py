"""Files that only their owner reads: each is made once, whole or not at all, and stays as it is."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def made_once(path: Path, make: Callable[[], str]) -> str:
    """Return a file's text; where it is missing, what `make` gives is written first (mode 0600).

    Of several processes that make it at once one wins, and all return what it wrote.
    """
    with suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", dir=path.parent) as new:  # made with mode 0600
        new.write(make())
        new.flush()
        with suppress(FileExistsError):
            path.hardlink_to(new.name)
    return path.read_text()
