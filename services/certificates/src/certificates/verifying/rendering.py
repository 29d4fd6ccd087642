"""The public answer as a page for people, in Chinese or English. Everything shown is escaped."""

import tomllib
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from certificates.registry.domain.certificate import plain
from certificates.verifying.domain.answer import Contents, Shown
from shared.runtime.errors import Language

_FOLDER = Path(__file__).parent
_PAGE = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
_WORDS: dict[str, Any] = tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))

RANGE = {"en": "–", "zh": "—"}
"""Between the first and the last of several years."""


def message(shown: Shown, language: Language) -> str:
    """The finding in one sentence."""
    words = _said(_WORDS["states"][shown.state], "message", language)
    if shown.contents is None:
        return words
    return words.format(version=shown.contents.version, current=shown.contents.current_version)


def page(shown: Shown | None, language: Language) -> str:
    """The page about one number, or the empty form."""
    if shown is None:
        state = _WORDS["states"]["none"]
        return _filled(state, _said(state, "message", language), "", "", language)
    state = _WORDS["states"][shown.state]
    return _filled(state, message(shown, language), _details(shown, language), shown.number or "", language)


def too_many(seconds: int, language: Language) -> str:
    """The page for an address that asked too often."""
    words = _said(_WORDS["states"]["too_many"], "message", language).format(seconds=seconds)
    return _filled(_WORDS["states"]["too_many"], words, "", "", language)


def _filled(state: dict[str, str], words: str, details: str, number: str, language: Language) -> str:
    said = {name: _said(_WORDS["page"], name, language) for name in ("title", "field", "button", "note")}
    return _PAGE.substitute(
        lang="zh-CN" if language == "zh" else "en",
        tone=state["tone"],
        word=escape(_said(state, "word", language)),
        message=escape(words),
        details=details,
        number=escape(number),
        **{name: escape(text) for name, text in said.items()},
    )


def _details(shown: Shown, language: Language) -> str:
    parts = []
    if shown.number is not None:
        parts.append(f'<p class="number">{escape(shown.number)}</p>')
    if shown.contents is not None:
        parts.append(_facts(shown.contents, language))
        parts.append(_hours(shown.contents, language))
    return "\n".join(parts)


def _facts(contents: Contents, language: Language) -> str:
    names = ("name", "school", "years", "kind", "issuer", "issued_on", "valid_until", "version")
    facts = asdict(contents) | {"years": RANGE[language].join(map(str, contents.years))}
    rows = (
        f"<dt>{escape(_said(_WORDS['labels'], name, language))}</dt><dd>{escape(str(facts[name]))}</dd>"
        for name in names
        if facts[name] is not None
    )
    return f"<dl>{''.join(rows)}</dl>"


def _hours(contents: Contents, language: Language) -> str:
    items = (
        f"<li><b>{plain(amount.hours)}</b>{escape(_capital(amount.name.names[language]))}</li>"
        for amount in contents.amounts
    )
    return f'<ul class="hours">{"".join(items)}</ul>'


def _capital(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _said(words: dict[str, str], name: str, language: Language) -> str:
    return words[f"{name}_zh" if language == "zh" else name]
