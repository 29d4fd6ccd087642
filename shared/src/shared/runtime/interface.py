"""The description of an interface (OpenAPI 3.1): FastAPI's, completed with examples and refusals from data.

`examples.json` in this folder holds the examples of what every service has, one beside each service those of
its own: parameters by name, answers by route and status, figures of problems by code. The words of a problem
are rendered from the catalogue, as in an answer. A route can refuse with the codes that its `responses`
name, and with those that come with its parameters and its body.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from shared.runtime.errors import MEDIA_TYPE, Catalogue, DomainError, Fault
from shared.runtime.guarded import Guard
from shared.runtime.plain import PlainApp

COMMON = Path(__file__).with_name("examples.json")

JSON = "application/json"

_CODE = re.compile(r"`([a-z_]+\.[a-z_]+)`")
_BROUGHT = {
    "cursor": ("cursor.invalid",),
    "idempotency-key": (
        "idempotency.key_missing",
        "idempotency.conflict",
        "id.hidden",
        "text.citizen_id",
    ),
    "min-seq": ("min_seq.invalid", "min_seq.unheard", "min_seq.unknown", "min_seq.not_applied"),
}
"""What a route can refuse because it has a parameter of this name."""
_GUARDED = (
    "token.missing",
    "token.invalid",
    "token.expired",
    "access.forbidden",
    "access.role_not_held",
    "issuer.away",
)
"""What a route behind the gate can refuse."""
_BODY = ("body.too_large",)
_JSON_BODY = ("body.not_json", "body.invalid")
_CHECKED = {"enum", "const", "format", "pattern", "minLength", "maxLength"}

_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "`zh` or `en`: the language of the words for people.",
    "schema": {"type": "string", "default": "en"},
    "example": "en",
}
_ROLE = {
    "name": "Hourbank-Role",
    "in": "header",
    "description": "Which of the token's roles the request is made in; else the first one that allows it.",
    "schema": {"type": "string"},
    "example": "school_administrator@school:S12",
}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the deployment's issuer; its `roles` say what it may do.",
}
_PROBLEM = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). The figures of its words are further members, by name.",
    "type": "object",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "detail"],
                "properties": {
                    "path": {"type": "string", "format": "json-pointer"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place of the input in the example of a problem."""

    path: str
    code: str
    figures: dict[str, Any] = {}
    """Those of the whole problem if not given."""


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The figures of a problem's example, and the places that it names."""

    figures: dict[str, Any] = {}
    errors: list[Place] = []

    def error(self, code: str) -> DomainError:
        """What an operation would raise."""
        faults = [Fault(place.path, place.code, place.figures or self.figures) for place in self.errors]
        return DomainError(code, faults=faults, **self.figures)


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The examples of one interface."""

    parameters: dict[str, Any] = {}
    """By name, as in the address or the header; by `name METHOD /path` where a route has its own."""
    answers: dict[str, dict[str, Any]] = {}
    """By `METHOD /path`, then by `status`, `status name` or `status media/type`."""
    problems: dict[str, Refusal] = {}
    """By code, or by `code METHOD /path` where a route has figures of its own; without figures by nothing."""

    def parameters_of(self, route: str) -> dict[str, Any]:
        """The examples of a route's parameters, its own ones first."""
        names = (name.partition(" ") for name in self.parameters)
        own = {name: self.parameters[f"{name} {place}"] for name, _, place in names if place == route}
        return self.parameters | own

    @classmethod
    def read(cls, *files: Path) -> Self:
        """The examples of several files as one; a later file goes before an earlier one."""
        read = [msgspec.json.decode(file.read_bytes(), type=cls) for file in files if file.exists()]
        return cls(
            parameters={name: value for one in read for name, value in one.parameters.items()},
            answers={route: answers for one in read for route, answers in one.answers.items()},
            problems={code: refusal for one in read for code, refusal in one.problems.items()},
        )


class Described(PlainApp):
    """An application whose description has examples of everything that it takes and answers."""

    def openapi(self) -> dict[str, Any]:
        """The description; made once."""
        if self.openapi_schema is None:
            examples = Examples.read(COMMON, self.state.service.folder / "examples.json")
            self.openapi_schema = complete(super().openapi(), examples, self.state.catalogue, self.state.gate)
        return self.openapi_schema


def complete(
    document: dict[str, Any], examples: Examples, catalogue: Catalogue, gate: Guard
) -> dict[str, Any]:
    """Put the examples, the refusals and who is to sign in into a description."""
    general: set[str] = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            route = f"{method.upper()} {path}"
            answers = examples.answers.get(route, {})
            guarded = gate.guards(route)
            codes = _refusals_of(operation, catalogue, _GUARDED if guarded else ())
            operation.update({"security": [{"token": []}]} if guarded else {})
            own = {code: examples.problems.get(f"{code} {route}") for code in codes}
            rendered = {code: catalogue.render(its.error(code), "en") for code, its in own.items() if its}
            _show_parameters(operation, examples.parameters_of(route) | _cursor(answers))
            _show_answers(operation["responses"], answers)
            _show_refusals(operation, codes, rendered)
            if guarded:
                operation["parameters"].append({"$ref": "#/components/parameters/Hourbank-Role"})
            general.update(codes.keys() - rendered.keys())
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):  # nothing here answers like FastAPI itself
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    components["parameters"] = {"Accept-Language": _LANGUAGE, "Hourbank-Role": _ROLE}
    components["securitySchemes"] = {"token": _TOKEN}
    components["examples"] = {
        code: {"value": catalogue.render(examples.problems.get(code, Refusal()).error(code), "en")}
        for code in sorted(general)
    }
    return document


def _cursor(answers: Mapping[str, Any]) -> dict[str, str]:
    """A cursor is what an answer of the same list gave as `next`."""
    lists = [answer for answer in answers.values() if isinstance(answer, dict) and answer.get("next")]
    return {"cursor": lists[0]["next"]} if lists else {}


def _show_parameters(operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["name"] in examples:
            parameter["schema"].pop("examples", None)
            parameter["example"] = examples[parameter["name"]]


def _show_answers(responses: dict[str, Any], answers: Mapping[str, Any]) -> None:
    for key, answer in answers.items():
        status, _, name = key.partition(" ")
        kind = name if "/" in name else JSON
        content = responses[status].setdefault("content", {}).setdefault(kind, {})
        if name in {"", kind}:
            content["example"] = answer
        else:
            content.setdefault("examples", {})[name] = {"value": answer}


def _refusals_of(
    operation: Mapping[str, Any], catalogue: Catalogue, besides: Sequence[str]
) -> dict[str, int]:
    """The codes that an operation can refuse with, and the status of each."""
    described = [response["description"] for response in operation["responses"].values()]
    named = [code for text in described for code in _CODE.findall(text)]
    return {code: catalogue.words[code].status for code in (*named, *_brought(operation), *besides)}


def _brought(operation: Mapping[str, Any]) -> Iterator[str]:
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        yield from _BROUGHT.get(parameter["name"], ())
    if "requestBody" in operation:
        yield from _BODY
        yield from _JSON_BODY if JSON in operation["requestBody"].get("content", {}) else ()
    if any(_checked(parameter["schema"]) for parameter in parameters):
        yield "body.invalid"


def _checked(schema: Mapping[str, Any]) -> bool:
    """Whether there are texts that a parameter does not take."""
    return any(
        kind.get("type", "string") not in {"string", "null"} or not _CHECKED.isdisjoint(kind)
        for kind in schema.get("anyOf", [schema])
    )


def _show_refusals(operation: dict[str, Any], codes: Mapping[str, int], own: Mapping[str, Any]) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for status in sorted(set(codes.values())):
        here = [code for code, its in codes.items() if its == status]
        response = responses.setdefault(str(status), {"description": ""})
        unnamed = [f"`{code}`" for code in here if f"`{code}`" not in response["description"]]
        response["description"] = ", ".join(filter(None, [response["description"], *unnamed]))
        response.setdefault("content", {})[MEDIA_TYPE] = {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": {
                code: {"value": own[code]} if code in own else {"$ref": f"#/components/examples/{code}"}
                for code in here
            },
        }
    operation["responses"] = dict(sorted(responses.items()))
    if codes:
        language = {"$ref": "#/components/parameters/Accept-Language"}
        operation.setdefault("parameters", []).append(language)
