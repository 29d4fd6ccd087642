"""Events are contracts: the committed schema is the shape, and every payload ever promised still parses.

A golden payload is never edited. A shape that cannot read one of them is a breaking change: make a `.v2`.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from shared.contracts.__main__ import FOLDER, schemas
from shared.contracts.catalogue import SHAPES, parse
from shared.contracts.envelope import Event

GOLDEN = Path(__file__).with_name("golden")
KINDS = sorted(SHAPES)


def golden(kind: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_committed_schema_is_the_shape_in_code(name: str) -> None:
    assert json.loads((FOLDER / name).read_text(encoding="utf-8")) == schemas()[name], "run `make contracts`"


def test_no_schema_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(schemas())


@pytest.mark.parametrize("kind", KINDS)
def test_the_golden_payload_still_parses_and_fits_its_schema(kind: str) -> None:
    event = golden(kind)
    jsonschema.validate(event, schemas()["event.json"])
    jsonschema.validate(event["data"], schemas()[f"{kind}.json"])
    read = msgspec.json.decode(json.dumps(event), type=Event)
    data = parse(read)
    assert type(data) is SHAPES[kind]
    written = msgspec.json.decode(msgspec.json.encode(data))
    assert {key: written[key] for key in event["data"]} == event["data"]


def test_a_type_of_the_future_is_left_alone() -> None:
    event = golden("points.awarded.v1") | {"type": "points.gilded.v1"}
    assert parse(msgspec.json.decode(json.dumps(event), type=Event)) is None


@pytest.mark.parametrize("kind", KINDS)
def test_types_are_named_noun_past_tense_version(kind: str) -> None:
    noun, fact, version = kind.split(".")
    assert noun.isidentifier()
    assert fact.isidentifier()
    assert version in {"v1", "v2"}


def _floats(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = ["number"] if schema.get("type") == "number" else []
        return own + [found for value in schema.values() for found in _floats(value)]
    if isinstance(schema, list):
        return [found for value in schema for found in _floats(value)]
    return []


@pytest.mark.parametrize("kind", KINDS)
def test_no_amount_travels_as_a_float(kind: str) -> None:
    assert _floats(schemas()[f"{kind}.json"]) == []
