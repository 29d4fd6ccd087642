"""What routes depend on runs in the event loop: FastAPI hands plain functions to threads, which acts feel."""

from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.support.interface import described
from tests.support.world import SERVICES


def calls(dependant: Dependant) -> Iterator[Any]:
    """The function of a route or dependency, and those of all that it depends on."""
    yield dependant.call
    for further in dependant.dependencies:
        yield from calls(further)


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_that_a_route_depends_on_runs_in_a_thread(service: str) -> None:
    routers = described(service).routers
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    assert len(routes) > 3
    threaded = {
        f"{call.__module__}.{call.__qualname__}"
        for route in routes
        for call in calls(route.dependant)
        if not (iscoroutinefunction(call) or isasyncgenfunction(call))
    }
    assert threaded == set()
