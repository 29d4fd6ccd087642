"""The descriptions of the interfaces as data: routes, what they take, the examples of what they answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote

from shared.runtime.command import openapi
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from tests.support.world import SERVICES

JSON = "application/json"
PROBLEM = "application/problem+json"

METHODS = {"get", "post", "put", "patch", "delete"}


@cache
def document(service: str) -> dict[str, Any]:
    """The description that a service serves."""
    return openapi(service, import_module(f"{service}.app").create_app)


def described(service: str) -> Service:
    """What a service is made of, without touching a server."""
    urls = {f"{other.upper()}_URL": "http://127.0.0.1:1" for other in SERVICES}
    nowhere = {f"{service.upper()}_DATABASE_URL": f"postgresql+asyncpg://{service}@127.0.0.1:1/{service}"}
    settings = Settings.from_environment(service, {"NATS_URL": "nats://127.0.0.1:1", **urls, **nowhere})
    made: Service = import_module(f"{service}.app").create_app(settings).state.service
    return made


@dataclass(frozen=True, slots=True)
class Example:
    """What a route is said to answer."""

    status: int
    kind: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address of a service."""

    service: str
    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def place(self) -> str:
        return f"{self.service}: {self.name}"

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [self.resolved(parameter) for parameter in self.operation.get("parameters", [])]

    def examples(self, where: str, *, required: bool = False) -> dict[str, str]:
        """The examples of the parameters that lie in the path, the query or the header."""
        return {
            parameter["name"]: example_of(parameter)
            for parameter in self.parameters
            if parameter["in"] == where and (parameter.get("required") or not required)
            if example_of(parameter) is not None
        }

    def address(self, **other: object) -> str:
        """The path of the examples, or with other values in it."""
        values = self.examples("path") | other
        return re.sub(r"\{(\w+)\}", lambda name: quote(str(values[name[1]]), safe=""), self.path)

    @property
    def body(self) -> Any:
        """The example of the body; None where there is none."""
        content = self.operation.get("requestBody", {}).get("content", {}).get(JSON)
        if content is None:
            return None
        named = content.get("examples", {})
        if named:
            return next(iter(named.values()))["value"]
        return self.resolved(content["schema"])["examples"][0]

    @property
    def responses(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Status, kind and content of everything it is said to answer."""
        for status, response in self.operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                yield int(status), kind, content

    @property
    def answers(self) -> Iterator[Example]:
        for status, kind, content in self.responses:
            if "example" in content:
                yield Example(status, kind, "", content["example"])
            for name, example in content.get("examples", {}).items():
                yield Example(status, kind, name, self.resolved(example)["value"])

    def resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        """A part of the description, or what it refers to."""
        if "$ref" not in part:
            return part
        found: Any = document(self.service)
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return dict(found)


def example_of(parameter: Mapping[str, Any]) -> Any:
    """The example of a parameter; None where it has none."""
    if "example" in parameter:
        return parameter["example"]
    return next(iter(parameter["schema"].get("examples", [])), None)


@cache
def routes(service: str) -> tuple[Route, ...]:
    return tuple(
        Route(service, method.upper(), path, operation)
        for path, item in document(service)["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    )


ROUTES = tuple(route for service in SERVICES for route in routes(service))


def find(service: str, method: str, path: str) -> Route | None:
    """The route that an address leads to: where several could, the one that says most of it."""
    fitting = [
        route
        for route in routes(service)
        if route.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path)
    ]
    return min(fitting, key=lambda route: route.path.count("{"), default=None)


_FORMS = {
    "nothing": r"",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "date": r"\d{4}-\d\d-\d\d",
    "hours": r"[+-]?\d+\.\d\d",
    "digest": r"[0-9a-f]{64}",
    "entry": r"[a-z]+/\d+/\d+",
    "address": r"/.*",
}


def form(value: Any) -> str:
    """What kind of thing a value is; texts by what they look like."""
    if not isinstance(value, str):
        return type(value).__name__
    return next((name for name, pattern in _FORMS.items() if re.fullmatch(pattern, value)), "text")


def differences(example: Any, real: Any, place: str = "") -> list[str]:
    """Where an example has not the form of an answer: other keys, other kinds of values, other nesting.

    A list of an example may be shorter; each of its items has the form of one in the answer. So it is with
    an object whose keys are numbers of partitions.
    """
    if isinstance(example, dict) and isinstance(real, dict):
        if example and all(key.isdigit() for key in (*example, *real)):
            return _unlike(list(example.values()), list(real.values()), place)
        if example.keys() != real.keys():
            return [f"{place}: {sorted(example.keys() ^ real.keys())}"]
        return [found for key in example for found in differences(example[key], real[key], f"{place}/{key}")]
    if isinstance(example, list) and isinstance(real, list):
        return _unlike(example, real, place)
    if form(example) != form(real):
        return [f"{place}: {form(example)} {example!r}, not {form(real)} {real!r}"]
    return []


def _unlike(examples: list[Any], real: list[Any], place: str) -> list[str]:
    """The items that are like none of the answer, each by its nearest."""
    if bool(examples) != bool(real):
        return [f"{place}: {len(examples)} items, not {len(real)}"]
    found = [
        min((differences(item, other, f"{place}/{index}") for other in real), key=len)
        for index, item in enumerate(examples)
    ]
    return [difference for nearest in found for difference in nearest]
