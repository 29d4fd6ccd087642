"""Every problem code speaks both languages of the same figures; every code that is raised is described."""

import re
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from shared.policy import loader
from shared.policy.names import caller_name, item_name
from shared.runtime.errors import Catalogue, DomainError, Fault, Language
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


PACK = loader.builtin()
FIGURES: list[tuple[Any, str, str]] = [
    (item_name(PACK, "professional"), "professional", "专业科目"),
    ((item_name(PACK, "public"), item_name(PACK, "total")), "public, total", "公需科目、年度总学时"),
    (caller_name("research_department"), "research department", "教研部门"),
    (datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC), "2024-12-31T15:59:59Z", "2024-12-31T15:59:59Z"),
    (Decimal("17.50"), "17.50", "17.50"),
    ([1, 2], "1, 2", "1、2"),
]
"""What a refusal may carry, and how it reads in both languages."""


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parent.name)
def test_a_figure_of_any_code_is_told_to_people_and_kept_for_programs(catalogue: Path) -> None:
    codes = Catalogue(catalogue)
    for code, words in codes.words.items():
        for value, english, chinese in FIGURES:
            given = dict.fromkeys(figures(words.detail), value)
            refusal = DomainError(code, faults=[Fault("/place", code, given)], **given)
            readings: dict[Language, str] = {"en": english, "zh": chinese}
            for language, told in readings.items():
                problem = codes.render(refusal, language)
                wanted = (words.detail_zh if language == "zh" else words.detail).format_map(
                    dict.fromkeys(given, told)
                )
                assert (problem["detail"], problem["errors"][0]["detail"]) == (wanted, wanted), code
