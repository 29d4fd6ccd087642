"""The interfaces are contracts: the committed OpenAPI document of each service is the one it serves.

That the examples are true as well is held by `tests/e2e/test_examples.py`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter, ValidationError

from shared.runtime.fields import Shown
from shared.runtime.interface import COMMON, Examples
from tests.support.interface import JSON, PROBLEM, ROUTES, Route, document, example_of, routes
from tests.support.world import SERVICES

ROOT = Path(__file__).parents[2]
PAGES = {"application/pdf", "image/jpeg", "image/png", "text/html"}
"""Kinds of answers for people, of which no example is shown."""

each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.place)
each_service = pytest.mark.parametrize("service", SERVICES)


@each_service
def test_the_committed_document_is_the_interface(service: str) -> None:
    committed = json.loads((ROOT / "docs" / "openapi" / f"{service}.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(document(service))), "run `make contracts`"


@each_service
def test_the_document_is_openapi_3_1(service: str) -> None:
    assert document(service)["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document(service)).iter_errors()] == []


@each_service
def test_every_reference_leads_to_something(service: str) -> None:
    """Whoever makes a client of the document follows each from its root."""
    whole = document(service)
    refs = set(_references(whole))
    assert refs
    for ref in refs:
        found: Any = whole
        assert ref.startswith("#/"), ref
        for name in ref.removeprefix("#/").split("/"):
            found = found.get(name.replace("~1", "/").replace("~0", "~"))
            assert found is not None, ref


def _references(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        if isinstance(said.get("$ref"), str):
            yield said["$ref"]
        said = list(said.values())
    for one in said if isinstance(said, list) else ():
        yield from _references(one)


@each_route
def test_every_operation_says_what_it_does_and_what_it_takes(route: Route) -> None:
    assert route.operation.get("summary")
    assert route.operation.get("tags")
    for content in route.operation.get("requestBody", {}).get("content", {}).values():
        schema = route.resolved(content.get("schema", {}))
        assert content.get("example") or content.get("examples") or schema.get("examples")
    for parameter in route.parameters:
        assert example_of(parameter) is not None, parameter["name"]


@each_route
def test_every_answer_has_an_example(route: Route) -> None:
    shown = {(example.status, example.kind) for example in route.answers}
    for status, response in route.operation["responses"].items():
        for kind in response.get("content", {}).keys() - PAGES:
            assert (int(status), kind) in shown, f"{status} {kind}"
        if status != "304":
            assert response.get("content"), f"{status}: nothing is said of the body"


@each_route
def test_every_code_that_is_named_has_its_words(route: Route) -> None:
    shown = {(example.status, example.name): example.value for example in route.answers}
    for status, response in route.operation["responses"].items():
        for code in re.findall(r"`([a-z_]+\.[a-z_]+)`", response["description"]):
            problem = shown[int(status), code]
            assert (problem["status"], problem["code"]) == (int(status), code)
            assert "{" not in problem["detail"]
    if route.service != "certificates" or not route.path.startswith("/verify"):  # those are pages for people
        refused = {example.kind for example in route.answers if 400 <= example.status < 500}
        assert refused <= {PROBLEM}


@each_route
def test_every_example_has_its_schema(route: Route) -> None:
    whole = document(route.service)
    for parameter in route.parameters:
        _check(whole, parameter["schema"], example_of(parameter))
    body = route.operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None:
        _check(whole, body["schema"], route.body)
    for status, kind, content in route.responses:
        for example in route.answers:
            if (example.status, example.kind) == (status, kind):
                _check(whole, content.get("schema", {}), example.value)


def _check(whole: dict[str, Any], schema: Mapping[str, Any], example: Any) -> None:
    Draft202012Validator({**schema, "components": whole["components"]}).validate(example)


@each_service
def test_every_example_belongs_to_something(service: str) -> None:
    own = Examples.read(ROOT / "services" / service / "src" / service / "examples.json")
    names = {parameter["name"] for route in routes(service) for parameter in route.parameters}
    places = {
        f"{parameter['name']} {route.name}" for route in routes(service) for parameter in route.parameters
    }
    assert own.parameters.keys() <= names | places
    for examples in (own, Examples.read(COMMON)):
        assert examples.answers.keys() <= {route.name for route in routes(service)}
    problems = {f"{e.name} {r.name}" for r in routes(service) for e in r.answers if e.kind == PROBLEM}
    known = problems | {problem.partition(" ")[0] for problem in problems}
    assert own.problems.keys() <= known


@each_service
def test_every_write_has_a_key(service: str) -> None:
    """A natural key in the body, or a required `Idempotency-Key`."""
    natural = {
        "/v1/evidence",
        "/v1/annual-plans",
        "/v1/declarations",
        "/v1/classes",
        "/v1/classes/{class_id}/registration",
        "/v1/activities",
        "/v1/exchanges",
        "/v1/plans",
        "/v1/records",
        "/v1/verdicts",
    }
    reads = {"/v1/teachers/lookup", "/v1/what-if"}
    for route in routes(service):
        if route.method != "GET" and route.path not in natural | reads:
            assert "idempotency-key" in route.examples("header"), route.name


def test_no_id_that_somebody_chooses_is_hidden_by_what_is_shown_below_another() -> None:
    read = {(route.service, route.path) for route in ROUTES if route.method == "GET"}
    below = {
        path.removeprefix(above)
        for service, above in read
        if above.endswith("}") and not above.endswith(("{year}", "{cycle}", "{obligation}"))
        for other, path in read
        if other == service and path.startswith(f"{above}/")
    }
    assert {"/seats", "/items", "/statement", "/files/{digest}"} <= below
    chosen = TypeAdapter(Annotated[str, Shown])
    for ending in below:
        with pytest.raises(ValidationError):
            chosen.validate_python(f"K1{ending}")
    assert chosen.validate_python("K1/seats2") == "K1/seats2"
