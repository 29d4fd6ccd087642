"""The inspection finds what is wrong with a file, in a process of its own that ends in time."""

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shared.runtime.documents import inspected
from shared.runtime.inspection.__main__ import MEMORY, SECONDS
from shared.runtime.inspection.findings import JPEG, PDF, PNG, Finding
from tests.support import papers
from tests.support.world import until

PAPER = papers.pdf()


def hostile() -> Iterator[tuple[Finding, str, Sequence[bytes]]]:
    """What is found, declared type, contents."""
    png, jpeg = papers.picture("PNG", 200, 200), papers.picture("JPEG", 200, 200)
    catalogue = b"<< /Type /Catalog /Pages 2 0 R %s >>"
    zipped = papers.archive()
    yield Finding.OTHER_TYPE, PNG, [PAPER, jpeg, b"", b"<html>", png + PAPER, png + zipped]
    yield Finding.OTHER_TYPE, JPEG, [png, PAPER]
    yield Finding.OTHER_TYPE, PDF, [png, b"", b"<html>", zipped, PAPER + zipped, b"junk" + PAPER]
    yield Finding.DAMAGED, PNG, [png[:-200], png[:1000] + b"\0" * 50 + png[1050:]]
    yield Finding.DAMAGED, JPEG, [jpeg[:-3000]]
    yield Finding.DAMAGED, PDF, [PAPER[:-60], b"%PDF-1.7\n<html>", papers.pdf(catalogue=b"<< >>")]
    yield Finding.ENCRYPTED, PDF, [papers.locked(PAPER, "a"), papers.locked(PAPER, "")]
    yield Finding.BOMB, PNG, [papers.bomb(50_000, 50_000)]
    deep, wide = b"[" * 100_000 + b"]" * 100_000, b"/Width 90000 /Height 90000 /Filter /JBIG2Decode"
    yield Finding.BOMB, PDF, [papers.pdf(deep), papers.pdf(papers.stream(b"", wide))]
    yield Finding.BOMB, PDF, [papers.pdf(papers.packed(2**27 + 1)), papers.pdf(papers.packed(2**27 + 1, 2))]
    yield Finding.BOMB, PDF, [papers.pdf(*[papers.packed(120 * 2**20)] * 5)]
    yield (
        Finding.ACTIVE,
        PDF,
        [papers.pdf(papers.SCRIPT), papers.pdf(catalogue=catalogue % (b"/OpenAction " + papers.SCRIPT))],
    )
    yield (
        Finding.ACTIVE,
        PDF,
        [papers.pdf(b"[<< /A << /S /Launch /F (cmd.exe) >> >>]"), papers.pdf(b"<< /XFA 1 >>")],
    )
    yield Finding.ACTIVE, PDF, [papers.pdf(papers.stream(b"MZ"), b"<< /EF << /F 4 0 R >> >>")]


async def test_an_inspection_that_does_not_end_is_ended() -> None:
    assert await inspected(PAPER, PDF) is Finding.FINE
    assert await inspected(PAPER, PDF, timeout=0.0) is Finding.BOMB


def limits_of(process: int) -> dict[str, str]:
    """What the system allows a process, softly."""
    listed = Path(f"/proc/{process}/limits").read_text()
    return dict(re.findall(r"^(Max [a-z ]+?) {2,}(\S+)", listed, re.MULTILINE))


async def test_an_inspection_limits_itself_before_it_reads() -> None:
    words = [sys.executable, "-I", "-m", "shared.runtime.inspection", PDF]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, env={})

    async def set_them() -> bool:
        limits = limits_of(process.pid)
        return (limits["Max address space"], limits["Max cpu time"]) == (str(MEMORY), str(SECONDS))

    await until(set_them)
    said, _ = await process.communicate(PAPER)
    assert said.decode() == Finding.FINE


@pytest.mark.long
async def test_what_is_wrong_with_a_file_is_found() -> None:
    cases = [(found, kind, content) for found, kind, contents in hostile() for content in contents]
    assert [await inspected(content, kind) for _, kind, content in cases] == [found for found, _, _ in cases]
