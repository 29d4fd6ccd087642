"""The interfaces are contracts: the committed OpenAPI document of each service is the one it serves."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.command import openapi

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"
SERVICES = ("points", "hours", "verification", "certificates")
METHODS = {"get", "post", "put", "patch", "delete"}


@cache
def document(service: str) -> dict[str, Any]:
    return openapi(service, import_module(f"{service}.app").create_app)


def operations(service: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document(service)["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_the_interface(service: str) -> None:
    committed = json.loads((FOLDER / f"{service}.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(document(service))), "run `make contracts`"


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_says_what_it_does_and_what_it_takes(service: str) -> None:
    assert document(service)["openapi"].startswith("3.1")
    for path, method, operation in operations(service):
        place = f"{method.upper()} {path}"
        assert operation.get("summary"), place
        assert operation.get("tags"), place
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            assert _has_example(content, document(service)), f"{place} {kind}: no example"


def _has_example(content: dict[str, Any], whole: dict[str, Any]) -> bool:
    if content.get("example") or content.get("examples"):
        return True
    schema = content.get("schema", {})
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return bool(schema.get("examples") or schema.get("example"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_write_has_a_key(service: str) -> None:
    """A natural key in the body, or a required `Idempotency-Key`."""
    natural = {"/v1/activities", "/v1/exchanges", "/v1/records", "/v1/verdicts"}
    reads = {"/v1/teachers/lookup"}
    for path, method, operation in operations(service):
        if method == "get" or path in natural | reads:
            continue
        names = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
        assert "idempotency-key" in names, f"{method.upper()} {path}"
