"""One small run, and its databases as it left them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bench.measures.intake import Taken, take_in
from bench.servers import Servers
from bench.site import Site
from bench.workload import Recorded, Workload, community


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was found right; its services are stopped, its databases can be copied."""

    servers: Servers
    databases: dict[str, str]
    workload: Workload
    taken: Taken

    def copy(self) -> dict[str, str]:
        return {service: self.servers.fresh(service, name) for service, name in self.databases.items()}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with Servers(tmp_path_factory.mktemp("bench")) as started:
        yield started


@pytest.fixture(scope="module")
async def run(servers: Servers) -> Run:
    workload = community(500, source="bench", year=2025)
    with Site(servers) as site:
        taken = await take_in(site, workload, Recorded())
        databases = site.keep()
    return Run(servers, databases, workload, taken)
