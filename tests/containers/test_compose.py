"""`docker compose up`: the images are built, the stack comes up, a year goes through its one port."""

import asyncio
import json
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from deploy.local.environment import for_children
from shared.runtime.ndjson import BEFORE_READING
from tests.containers.journey import travel
from tests.support.city import City
from tests.support.containers import BASE, NATS, POSTGRES, ROOT, NoEngineError, compose_command, require
from tests.support.deeds import act
from tests.support.world import PATIENCE, SERVICES, until

pytestmark = [pytest.mark.container, pytest.mark.long, pytest.mark.xdist_group("compose")]


@dataclass(frozen=True)
class Stack:
    """A stack of a name and a port of its own."""

    command: tuple[str, ...]
    project: str
    port: int
    issuer: int
    """The port of the issuer of tokens."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *words: str) -> str:
        """Run one of Compose's commands; what it printed."""
        done = subprocess.run(
            [*self.command, "--project-name", self.project, *words],
            cwd=ROOT,
            env=for_children(
                HOURBANK_PORT=str(self.port),
                HOURBANK_ISSUER_PORT=str(self.issuer),
                HOURBANK_PUBLIC_URL=self.url,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5000:]
        return done.stdout

    @staticmethod
    def kill(container: str) -> None:
        """Kill one container as a power cut would."""
        subprocess.run(["docker", "kill", container], check=True, capture_output=True)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    try:
        require(BASE, POSTGRES, NATS)
        command = compose_command()
    except NoEngineError as why:
        pytest.skip(str(why))
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        port, issuer = one.getsockname()[1], other.getsockname()[1]
    made = Stack(tuple(command), f"hourbank-{uuid4().hex[:8]}", port, issuer)
    try:
        made.compose("up", "--detach", "--build")
        yield made
    finally:
        made.compose("down", "--volumes", "--timeout", "10")


@pytest.fixture
async def gateway(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=PATIENCE, trust_env=False) as client:
        await until(lambda: ready(client, *SERVICES))
        client.headers.update(await signed_in(stack))
        yield client


async def signed_in(stack: Stack) -> dict[str, str]:
    """The header of the operator, by a token of the stack's issuer."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        answer = await client.post(
            f"http://127.0.0.1:{stack.issuer}/token",
            data={"grant_type": "client_credentials"},
            auth=("developer", "development"),
        )
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


async def ready(client: httpx.AsyncClient, *services: str) -> bool:
    """Whether the gateway answers, and the services behind it are ready."""
    try:
        answers = [await client.get(f"/{service}/readyz") for service in services]
    except httpx.TransportError:
        return False
    return all(answer.status_code == 200 for answer in answers)


async def test_a_year_goes_through_the_gateway(stack: Stack, gateway: httpx.AsyncClient) -> None:
    clients = {
        service: httpx.AsyncClient(
            base_url=f"{stack.url}/{service}", timeout=PATIENCE, trust_env=False, headers=gateway.headers
        )
        for service in SERVICES
    }
    certificate = await travel(City(**clients))
    for client in clients.values():
        await client.aclose()
    page = await gateway.get(f"/verify/{certificate['number']}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    document = await gateway.get(f"/certificates/v1/certificates/{certificate['number']}/pdf")
    assert document.content.startswith(b"%PDF-")


async def test_what_points_elsewhere_points_back_through_the_gateway(gateway: httpx.AsyncClient) -> None:
    run = {"year": 2024, "scope": {"kind": "everyone"}}
    answer = await gateway.post("/verification/v1/runs", json=run, headers={"Idempotency-Key": "where"})
    assert answer.headers["location"].startswith("/verification/v1/runs/")
    assert (await gateway.get(answer.headers["location"])).status_code == 200


async def test_an_address_arrives_as_it_was_sent(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.get("/verification/v1/teachers/%E7%8E%8Ba%3Fb%25/years/2024")
    assert (answer.status_code, answer.json()["teacher"]) == (404, "王a?b%")


async def test_a_moderate_file_may_be_sent_whole_before_its_answers_are_read(
    gateway: httpx.AsyncClient,
) -> None:
    """The client reads nothing before it has sent everything, and the gateway's buffers are small."""
    line = json.dumps(act("topic.unheard_of", "T1", "2024-05-01T20:00:00+08:00", "same", topic="t")) + "\n"

    async def lines() -> AsyncIterator[bytes]:
        for _ in range(BEFORE_READING // 500):
            yield (line * 500).encode()

    answer = await gateway.post(
        "/points/v1/activities", content=lines(), headers={"Content-Type": "application/x-ndjson"}
    )
    assert len(answer.text.splitlines()) == BEFORE_READING


@pytest.mark.parametrize(
    ("language", "title"), [("en", "There is nothing"), ("zh-CN,en;q=0.5", "地址不存在")]
)
async def test_an_address_of_no_service_is_a_problem_in_the_callers_language(
    gateway: httpx.AsyncClient, language: str, title: str
) -> None:
    answer = await gateway.get("/v1/rules", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["title"].startswith(title)


async def test_a_service_that_is_away_is_a_problem_and_comes_back_at_a_new_address(
    stack: Stack, gateway: httpx.AsyncClient
) -> None:
    await asyncio.to_thread(stack.compose, "stop", "hours")
    answer = await gateway.get("/hours/v1/rules")
    assert (answer.status_code, answer.json()["code"]) == (503, "service.away")
    assert (await gateway.get("/points/readyz")).status_code == 200
    await asyncio.to_thread(stack.compose, "rm", "--force", "hours")
    await asyncio.to_thread(stack.compose, "up", "--detach", "hours")
    await until(lambda: ready(gateway, "hours"))


async def test_two_copies_serve_and_one_of_them_may_be_killed(
    stack: Stack, gateway: httpx.AsyncClient
) -> None:
    await asyncio.to_thread(stack.compose, "up", "--detach", "--no-recreate", "--scale", "points=2", "points")
    copies = (await asyncio.to_thread(stack.compose, "ps", "--quiet", "points")).split()
    assert len(copies) == 2
    await asyncio.to_thread(stack.kill, copies[0])

    async def served() -> bool:
        return (await gateway.get("/points/v1/rules")).status_code == 200

    await until(served)
    await asyncio.to_thread(stack.compose, "up", "--detach", "--scale", "points=1", "points")
    await until(lambda: ready(gateway, "points"))


def test_a_service_can_be_rebuilt_from_its_journal_in_place(stack: Stack) -> None:
    for service in SERVICES:
        said = stack.compose("run", "--rm", f"{service}-migrate", "rebuild")
        assert f"{service}: 0 differences" in said
