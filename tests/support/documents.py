"""The documentation as data: pages, links, headings, blocks of code, and the calls that stand in them."""

import re
import shlex
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md"))
    if "node_modules" not in path.parts
)

_FENCE = re.compile(r"^(\s*)```(.*)$")
_TOKEN = re.compile(r'([A-Z]+)=\$\(make (?:-s )?token ROLES="?([^"]*?)"?\)')
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the words after the fence, and what is in it."""

    page: Path
    line: int
    info: tuple[str, ...]
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    found: list[Block] = []
    lines: list[str] = []
    start, info, inside = 0, "", False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence and not inside:
            inside, start, info, lines = True, number, fence.group(2), []
        elif fence:
            inside = False
            found.append(Block(page, start, tuple(info.split()), "\n".join(lines)))
        elif inside:
            lines.append(line)
    assert not inside, f"{page}: the block at line {start} does not end"
    return found


def prose(page: Path) -> list[str]:
    """The lines of a page outside its blocks."""
    kept, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return kept


def headings(page: Path) -> list[str]:
    return [line for line in prose(page) if re.match(r"#+ ", line)]


def links(page: Path) -> list[str]:
    return _LINK.findall("\n".join(prose(page)))


def anchor(heading: str) -> str:
    """The name under which a heading can be linked to."""
    words = re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().lower())
    return words.replace(" ", "-")


def commands(block: Block) -> Iterator[str]:
    """The commands of a block; a line that ends with a backslash goes on, and so does an open quotation."""
    waiting = ""
    for line in block.text.splitlines():
        waiting += line
        if waiting.endswith("\\"):
            waiting = waiting[:-1]
            continue
        try:
            shlex.split(waiting)
        except ValueError:
            waiting += "\n"
            continue
        if waiting.strip() and not waiting.lstrip().startswith("#"):
            yield waiting.strip()
        waiting = ""
    assert not waiting.strip(), f"{block.place}: a command does not end"


@dataclass(frozen=True, slots=True)
class Call:
    """A curl command as the request that it sends."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None


def roles_of(command: str) -> tuple[str, list[str]] | None:
    """The variable that a command fills with a token, and its roles; None where it does something else."""
    made = _TOKEN.fullmatch(command)
    return (made[1], made[2].split()) if made else None


def call(command: str, folder: Path = ROOT) -> Call:
    """Read a curl command; an option that is not known here is an error, so that nothing is passed over."""
    words = iter(shlex.split(command)[1:])
    method, url, body = "", "", None
    headers: dict[str, str] = {}
    for word in words:
        match word:
            case "-X" | "--request":
                method = next(words)
            case "-H" | "--header":
                name, _, value = next(words).partition(":")
                headers[name.strip().lower()] = value.strip()
            case "-d" | "--data" | "--data-binary":
                given = next(words)
                body = (folder / given[1:]).read_bytes() if given.startswith("@") else given.encode()
                headers.setdefault("content-type", "application/x-www-form-urlencoded")
            case "-u" | "--user":
                headers["authorization"] = f"Basic {b64encode(next(words).encode()).decode()}"
            case "--oauth2-bearer":
                headers["authorization"] = f"Bearer {next(words)}"
            case "-s" | "-i" | "-sS" | "-fsS":
                pass
            case "-o" | "--output":
                next(words)
            case _ if word.startswith("-"):
                raise AssertionError(f"curl {word}: not read by the tests")
            case _:
                url = word
    assert url, command
    return Call(method or ("GET" if body is None else "POST"), url, headers, body)
