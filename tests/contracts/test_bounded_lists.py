"""Every list and every object of free names in a body has a most, so that no request holds a service up."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contracts.test_openapi import ROOT
from tests.support.city import SERVICES


def unbounded(schema: Any, components: dict[str, Any], place: str) -> Iterator[str]:
    """Places of a schema that hold any number of items."""
    components = {**components, **schema.get("$defs", {})}
    if "$ref" in schema:
        yield from unbounded(components[schema["$ref"].rpartition("/")[2]], components, place)
        return
    if schema.get("type") == "array":
        if "maxItems" not in schema:
            yield place
        yield from unbounded(schema.get("items", {}), components, f"{place}[]")
    named = schema.get("additionalProperties")
    if isinstance(named, dict):
        if "maxProperties" not in schema:
            yield place
        yield from unbounded(named, components, f"{place}{{}}")
    for name, inner in schema.get("properties", {}).items():
        yield from unbounded(inner, components, f"{place}/{name}")
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from unbounded(inner, components, place)


@pytest.mark.parametrize("service", SERVICES)
def test_no_body_holds_any_number_of_items(service: str) -> None:
    said = json.loads((ROOT / "docs" / "openapi" / f"{service}.json").read_text(encoding="utf-8"))
    components = said.get("components", {}).get("schemas", {})
    found = {
        place
        for path, methods in said["paths"].items()
        for method, operation in methods.items()
        for one in operation.get("requestBody", {}).get("content", {}).values()
        for place in unbounded(one.get("schema", {}), components, f"{method} {path}: ")
    }
    assert found == set()
