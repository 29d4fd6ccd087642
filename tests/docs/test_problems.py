"""Every problem code speaks both languages of the same figures; every code that is raised is described."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from tests.support.documents import ROOT

COMMON = ROOT / "shared/src/shared/runtime/problems.toml"
CATALOGUES = [COMMON, *ROOT.glob("services/*/src/*/problems.toml")]
HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = {
    f"{path.parent.name}: {code}": words
    for path in CATALOGUES
    for code, words in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
RAISED = re.compile(
    r'(?:DomainError|DomainError\.at|Fault|PydanticCustomError)\(\s*(?:f?"/[^"]*",\s*)?"([a-z_]+\.[a-z_]+)"'
)


def figures(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", WORDS)
def test_a_code_says_the_same_in_both_languages(code: str) -> None:
    words = WORDS[code]
    assert figures(words["detail"]) == figures(words["detail_zh"])
    for field in ("title", "detail"):
        assert not HAN.search(words[field])
        assert HAN.search(words[f"{field}_zh"]) or words[f"{field}_zh"] == "{words}"


@pytest.mark.parametrize("service", ["points", "hours", "verification", "certificates"])
def test_every_code_that_is_raised_is_described(service: str) -> None:
    folder = ROOT / "services" / service / "src" / service
    known = {
        code
        for path in (COMMON, folder / "problems.toml")
        for code in tomllib.loads(path.read_text(encoding="utf-8"))
    }
    raised = {
        (code, path.name)
        for source in (folder, COMMON.parent)
        for path in Path(source).rglob("*.py")
        for code in RAISED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(raised) > 10
    assert {(code, place) for code, place in raised if code not in known} == set()
