"""Every shipped pack says its regulation in its own words, and has something on each of its clauses."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from shared.policy import loader
from shared.policy.shapes import Rule

FOLDER = resources.files("shared.policy").joinpath("packs")
SHIPPED = sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if file.name.endswith(".toml"))
REGULATIONS = Path(__file__).parents[4] / "shared" / "regulations"
ORIGINALS = {
    "c360": "003_a05d4d0e1e8231a6.txt",
    "guangzhou": "000_0e549a65333faef4.txt",
    "horgos": "001_913f1e4dcc578d1b.txt",
    "hubei": "003_a05d4d0e1e8231a6.txt",
    "jiangxi": "002_1ca436dcb655f03b.txt",
    "kaifeng": "004_0831ffb0dd08b9ad.txt",
    "vocational": "003_a05d4d0e1e8231a6.txt",
    "wuhan": "003_a05d4d0e1e8231a6.txt",
}
WITHOUT_RULE = {
    "c360": ["第一条", "第三条", "第五条"],
    "guangzhou": ["一", "六(一)4", "七(二)", "七(三)"],
    "horgos": ["七"],
    "jiangxi": ["二(二)", "二(四)", "五(二)"],
    "wuhan": ["一(一)", "一(二)"],
}
"""Clauses that ask for nothing: purposes, and wishes of an office to other offices."""
ELSEWHERE = "《"
"""Begins the clause of a rule that stands in another document than the pack's own."""


def worded() -> Iterator[tuple[str, Rule]]:
    """The rules of shipped packs whose words are those of the pack's document."""
    for name in SHIPPED:
        for _, rule in loader.builtin(name).placed():
            if isinstance(rule, Rule) and not rule.clause.startswith(ELSEWHERE):
                yield name, rule


@cache
def original(name: str) -> str:
    """The document of a pack, as far as it is published."""
    return dense((REGULATIONS / ORIGINALS[name]).read_text(encoding="utf-8"))


def dense(text: str) -> str:
    """A text without blanks, its punctuation in one width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.skipif(not REGULATIONS.exists(), reason="the regulations are not beside this checkout")
@pytest.mark.parametrize(("name", "rule"), [pytest.param(*one, id=one[1].id) for one in worded()])
def test_words_are_the_clauses_own(name: str, rule: Rule) -> None:
    for part in rule.words.split("……"):
        assert dense(part) in original(name)


@pytest.mark.parametrize("name", SHIPPED)
def test_something_stands_on_every_clause(name: str) -> None:
    assert loader.builtin(name).uncovered() == WITHOUT_RULE.get(name, [])
