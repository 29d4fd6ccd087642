"""Bodies of requests: no text in any of them takes what the database cannot keep."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

SERVICES = ("points", "hours", "verification", "certificates")
NUL = "\0"
SHOWN = {"DiscrepancyRow"}
"""What is called a row and is only shown."""


def bodies() -> Iterator[type[BaseModel]]:
    """Every model of what is sent, by its name: what is shown is no body."""
    for service in SERVICES:
        package = importlib.import_module(service)
        for module in pkgutil.walk_packages(package.__path__, f"{service}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            for one in vars(importlib.import_module(module.name)).values():
                if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == module.name:
                    yield from [one] if one.__name__.endswith(("Body", "Row")) else []


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
