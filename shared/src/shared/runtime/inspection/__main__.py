"""The process that inspects one file. Its limits are set before it reads a byte."""

import resource
import sys
from io import BytesIO
from zipfile import is_zipfile

from shared.runtime.inspection import pdf, pictures
from shared.runtime.inspection.findings import PDF, Finding, FoundError

MEMORY = 1 << 30
"""Bytes of address space."""
SECONDS = 10
"""Of computing."""


def main(kind: str) -> Finding:
    """Inspect what comes in."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        if is_zipfile(BytesIO(content)):
            return Finding.OTHER_TYPE
        if kind == PDF:
            pdf.inspect(content)
        else:
            pictures.inspect(content, kind)
    except FoundError as found:
        return found.finding
    except (MemoryError, RecursionError):
        return Finding.BOMB
    except Exception:  # noqa: BLE001 - whatever a damaged file makes a library raise
        return Finding.DAMAGED
    return Finding.FINE


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]))
