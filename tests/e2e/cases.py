"""What the refusals of the year of the examples are told with."""

from collections.abc import Iterator
from typing import Any

from tests.support.interface import find
from tests.support.signing import calling, signed

Case = tuple[str, str, str, dict[str, Any]]
"""Service, route, code, and what differs from the examples."""

OTHER = {"idempotency-key": "another"}
SCHOOL, RELEASING = calling("school:S02"), calling("school:S11")
"""A school of nobody who is asked about, and the one that the second transfer is from."""
CENTRE, ABOVE = signed("district_centre@district:D01"), signed("district_centre@city:P11")
"""The centre of the first school's district, and one that reaches to it and is not asked."""


def of(service: str, name: str, **cases: dict[str, Any]) -> Iterator[Case]:
    """The cases of one route, by code; `__` stands for the point."""
    for code, other in cases.items():
        yield service, name, code.replace("__", "."), other


def given(service: str, name: str) -> dict[str, Any]:
    method, _, path = name.partition(" ")
    route = find(service, method, path)
    assert route is not None
    body: dict[str, Any] = route.body
    return body
