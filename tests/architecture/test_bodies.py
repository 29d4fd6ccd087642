"""Bodies of requests: no text in any of them takes what cannot be kept, or what nobody is to read."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from points.activities.domain.act import OBJECTS, REASONS
from points.activities.domain.reading import read
from shared.runtime.errors import faults_of
from tests.support.interface import described
from tests.support.world import SERVICES

NUL = "\0"
NUMBER = "34052419800101001X"
"""A citizen's, of GB 11643."""
SHOWN = {"DiscrepancyRow"}
"""What is called a row and is only shown."""

MEANT_FOR_ONE = "hours.roster.api.rows.RosterRow.citizen_id"
OF_A_PLATFORM = "a platform's own number, many count in eighteen digits; people are named elsewhere"
TAKE_ONE = {
    MEANT_FOR_ONE: "it is sealed at once and never shown",
    "activity.id": OF_A_PLATFORM,
    "activity.object.activity": OF_A_PLATFORM,
    "activity.object.content_hash": OF_A_PLATFORM,
    "activity.object.homework": OF_A_PLATFORM,
    "activity.object.outcome": OF_A_PLATFORM,
    "activity.object.resource": OF_A_PLATFORM,
    "activity.object.session": OF_A_PLATFORM,
    "activity.object.topic": OF_A_PLATFORM,
    "activity.object.workshop": OF_A_PLATFORM,
}
"""Fields that take a citizen's number, each with its reason."""


def bodies() -> Iterator[type[BaseModel]]:
    """Every model of what is sent: what routes take and all that stands in it, and rows that they read one by
    one, by their names."""
    for service in SERVICES:
        for router in described(service).routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    for parameter in route.dependant.body_params:
                        yield from within(parameter.field_info.annotation)
        package = importlib.import_module(service)
        for module in pkgutil.walk_packages(package.__path__, f"{service}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            for one in vars(importlib.import_module(module.name)).values():
                if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == module.name:
                    yield from within(one) if one.__name__.endswith(("Body", "Row", "Request")) else []


def within(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation speaks of, with those in their fields."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from within(field.annotation)
    for part in get_args(annotation):
        yield from within(part)


def fields() -> Iterator[tuple[str, Any]]:
    """Each field of each body with all that it asks of a value."""
    for body in bodies():
        for name, field in body.model_fields.items() if body.__name__ not in SHOWN else ():
            asked = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            if field.annotation != list[Any]:  # rows that are read one by one
                yield f"{body.__module__}.{body.__name__}.{name}", asked


FIELDS = dict(fields())


def test_there_are_bodies() -> None:
    assert len(FIELDS) > 150


@pytest.mark.parametrize("name", FIELDS)
def test_no_text_takes_a_nul(name: str) -> None:
    adapter = TypeAdapter(FIELDS[name])
    for value in (NUL, f"a{NUL}", [NUL], {NUL: NUL}, {NUL: "1"}, {"a": NUL}):
        try:
            taken = adapter.validate_python(value)
        except ValidationError:
            continue
        assert repr(NUL)[1:-1] not in repr(taken), value


def said_or_taken(adapter: TypeAdapter[Any], value: object) -> str:
    """What is kept of a value; of one that is refused, what its refusal says."""
    try:
        return repr(adapter.validate_python(value))
    except ValidationError as error:
        return repr(faults_of(error.errors()))


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - TAKE_ONE.keys()))
def test_no_text_takes_a_citizens_number(name: str) -> None:
    adapter = TypeAdapter(FIELDS[name])
    for text in (NUMBER, NUMBER.lower(), f"身份证{NUMBER}号", f"record:{NUMBER}/1"):
        for value in (text, [text], {text: text}, {text: "1"}, {text: {"value": 1}}, {"a": text}):
            assert text not in said_or_taken(adapter, value), value


@pytest.mark.parametrize("kind", OBJECTS)
def test_no_text_of_an_activity_takes_a_citizens_number(kind: str) -> None:
    known = {**dict.fromkeys(OBJECTS[kind], "1"), "stars": 5, "reason": REASONS[0]}
    named = {name: known[name] for name in OBJECTS[kind]}
    sound = {
        "source": "a",
        "id": "1",
        "type": kind,
        "teacher": "T1",
        "occurred_at": "2024-05-06T08:00:00+08:00",
    }
    asked = {f"activity.{name}": {**sound, "object": named, name: NUMBER} for name in sound}
    asked |= {f"activity.object.{name}": {**sound, "object": {**named, name: NUMBER}} for name in named}
    for name, document in asked.items():
        found = repr(read(document, datetime(2024, 6, 1, tzinfo=UTC)))
        assert (NUMBER in found) == (name in TAKE_ONE), name


def test_every_reason_belongs_to_a_field() -> None:
    own = {name for names in OBJECTS.values() for name in names}
    activity = {f"activity.{name}" for name in ("source", "id", "type", "teacher", "occurred_at")}
    assert TAKE_ONE.keys() <= FIELDS.keys() | activity | {f"activity.object.{name}" for name in own}


def test_a_field_that_is_meant_for_a_number_takes_one() -> None:
    assert TypeAdapter(FIELDS[MEANT_FOR_ONE]).validate_python(NUMBER) == NUMBER
