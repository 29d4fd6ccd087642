"""Refusals: stable codes, problem+json (RFC 9457), words for people in Chinese and English.

Every code with its status and its words is data: `problems.toml` here for the common ones, and one
beside each service. An operation raises `DomainError(code, …)`; the edge renders it. A code that is not
in the catalogue is a bug and fails loudly.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from shared import wording
from shared.identifiers import citizen_id
from shared.policy.workdays import NotAnnouncedError
from shared.wording import filled, shown

Language = wording.Language

MEDIA_TYPE = "application/problem+json"
UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: a JSON pointer to the place, a code, figures for the words."""

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class DomainError(Exception):
    """A refusal with a stable code. `faults` name the places in the input, `params` fill the words."""

    def __init__(self, code: str, *, faults: Sequence[Fault] = (), **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.faults = tuple(faults)
        self.params = params

    @classmethod
    def at(cls, path: str, code: str, **params: object) -> Self:
        """A refusal of the input for what stands at one place of it."""
        return cls(code, faults=[Fault(path, code, params)], **params)


class AwayError(DomainError):
    """A refusal because something that we need cannot be reached now; the same may succeed later."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a problem catalogue."""

    status: int
    title: str
    title_zh: str
    detail: str
    detail_zh: str


class Catalogue:
    """All problem codes of one service."""

    def __init__(self, *files: Path) -> None:
        self.words: dict[str, Words] = {}
        for file in files:
            for code, words in _read(file).items():
                assert code not in self.words, f"{file.name}: {code} is defined twice"
                self.words[code] = words

    def render(self, error: DomainError, language: Language) -> dict[str, Any]:
        """The problem details of a refusal, in one language."""
        words = self.words[error.code]
        body = {
            "type": f"/problems/{error.code}",
            "code": error.code,
            "title": words.title_zh if language == "zh" else words.title,
            "status": words.status,
            "detail": self._detail(error.code, error.params, language),
            **{
                key: shown(value, language)
                for key, value in error.params.items()
                if key not in {"type", "title", "status"}
            },
        }
        if error.faults:
            body["errors"] = [
                {
                    "path": fault.path,
                    "code": fault.code,
                    "detail": self._detail(fault.code, fault.params, language),
                }
                for fault in error.faults
            ]
        return body

    def _detail(self, code: str, params: Mapping[str, Any], language: Language) -> str:
        words = self.words[code]
        return filled(words.detail_zh if language == "zh" else words.detail, params, language)


@cache
def _read(file: Path) -> dict[str, Words]:
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Words])


COMMON = Path(__file__).with_name("problems.toml")


@dataclass(frozen=True, slots=True)
class Problems:
    """The catalogue in the language of one request."""

    catalogue: Catalogue
    language: Language

    def render(self, error: DomainError) -> dict[str, Any]:
        """Problem details, as they stand in a bulk answer or in a whole answer."""
        return self.catalogue.render(error, self.language)

    def answer(self, error: DomainError) -> JSONResponse:
        """The whole answer; figures named `retry_after` say in seconds when to come again."""
        body = self.render(error)
        headers: dict[str, str] = {}
        if "retry_after" in body:
            headers["Retry-After"] = str(body["retry_after"])
        if body["status"] == UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(_plain(body), body["status"], headers, media_type=MEDIA_TYPE)


def _plain(body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return msgspec.to_builtins(body)


def language_of(request: Request) -> Language:
    """Chinese or English by `Accept-Language`, quality values respected; English where neither is named."""
    best: tuple[float, Language] = (0.0, "en")
    for item in request.headers.get("accept-language", "").split(","):
        tag, _, rest = item.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if quality > best[0]:
            if language == "zh":
                best = (quality, "zh")
            elif language == "en":
                best = (quality, "en")
    return best[1]


def problems_of(request: Request) -> Problems:
    """The problems of the application that serves this request, in the request's language."""
    return Problems(request.app.state.catalogue, language_of(request))


async def _problems(request: Request) -> Problems:
    return problems_of(request)


ProblemWords = Annotated[Problems, Depends(_problems)]
"""For routes that put problems into a bulk answer."""

_CODES = {
    "missing": "field.missing",
    "json_invalid": "body.not_json",
    "string_too_long": "text.too_long",
    "string_too_short": "text.empty",
    "enum": "field.not_allowed",
    "literal_error": "field.not_allowed",
    "timezone_aware": "instant.offset_missing",
    "greater_than_equal": "number.too_small",
    "less_than_equal": "number.too_large",
    "too_long": "list.too_long",
}

_KINDS = {
    "string": "text",
    "int": "integer",
    "float": "number",
    "decimal": "number",
    "finite": "number",
    "bool": "boolean",
    "date": "date",
    "datetime": "instant",
    "list": "list",
    "dict": "object",
    "model": "object",
}
"""By the first word of pydantic's finding: what it looked for."""

_LITERAL = re.compile("'([^']*)'")
"""A value in pydantic's list of those allowed, `'a', 'b' or 'c'`."""


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Pydantic's findings as faults with our codes. Codes of our own validators pass through."""
    faults = []
    for error in errors:
        kind = str(error["type"])
        place = [_step(step) for step in error["loc"]]
        if place and place[0] == "body":
            place = place[1:]
        code = kind if "." in kind else _CODES.get(kind, "field.invalid")
        context = {name: str(value) for name, value in error.get("ctx", {}).items()}
        allowed = _LITERAL.findall(context.get("expected", ""))
        looked_for = wording.kind(_KINDS.get(kind.partition("_")[0], "value"))
        faults.append(Fault("/" + "/".join(place), code, {**context, "expected": allowed or looked_for}))
    return faults


def _step(step: str | int) -> str:
    """A step of a place; a name of the caller's own is not repeated where a citizen's number stands in it."""
    return "*" if citizen_id.stands_in(str(step)) else str(step)


async def on_domain_error(request: Request, error: Exception) -> JSONResponse:
    """Render a refusal."""
    assert isinstance(error, DomainError)
    return problems_of(request).answer(error)


async def on_not_announced(request: Request, error: Exception) -> JSONResponse:
    """Render that working days are asked for of a year whose calendar is not known."""
    assert isinstance(error, NotAnnouncedError)
    return problems_of(request).answer(DomainError("calendar.not_announced", year=error.year))


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Render malformed input: 422 with every place, or 400 where the body is no JSON at all."""
    assert isinstance(error, RequestValidationError)
    faults = faults_of(error.errors())
    if any(fault.code == "body.not_json" for fault in faults):
        return problems_of(request).answer(DomainError("body.not_json"))
    return problems_of(request).answer(DomainError("body.invalid", faults=faults))
