"""The pages hold together: links lead somewhere, commands exist, the two READMEs say the same."""

import re
import shlex
from pathlib import Path

import pytest

from tests.support.documents import PAGES, ROOT, anchor, blocks, commands, headings, links

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, flags=re.MULTILINE))
OPTIONS = set(re.findall(r"\b([A-Z]{3,})=", MAKEFILE))


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if fragment:
            assert fragment in {anchor(heading) for heading in headings(target)}, link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_command_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z][a-z-]*)", text):
        assert target in TARGETS, f"make {target}"
    for block in blocks(page):
        for command in commands(block) if block.info[:1] == ("sh",) else ():
            words = shlex.split(command)
            if words[0] == "make":
                _assert_known(words[1:])


def _assert_known(words: list[str]) -> None:
    for word in words:
        option, equals, _ = word.partition("=")
        assert option in (OPTIONS if equals else TARGETS), f"make {word}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_nothing_of_a_single_machine_is_written_down(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|Users|tmp)/", text)


def test_the_two_readmes_have_the_same_shape_and_the_same_commands() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    levels = [[len(line.split(" ")[0]) for line in headings(page)] for page in (english, chinese)]
    assert levels[0] == levels[1]
    said = [[(block.info, block.text) for block in blocks(page)] for page in (english, chinese)]
    assert said[0] == said[1]
    assert set(links(english)) - {"README.zh-CN.md"} == set(links(chinese)) - {"README.md"}


def test_every_decision_is_in_the_index_and_one_page_long() -> None:
    folder = ROOT / "docs" / "decisions"
    records = {path.name for path in folder.glob("[0-9]*.md")}
    assert set(links(folder / "README.md")) & records == records
    for record in records:
        text = (folder / record).read_text(encoding="utf-8")
        assert text.startswith(f"# {record[:4]}. "), record
        assert "**Status:**" in text, record
        assert len(text.splitlines()) <= 70, f"{record} is longer than a page"
