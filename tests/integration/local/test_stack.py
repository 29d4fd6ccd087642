"""The whole stack on one machine: up, four strangers' databases, a killed service, a killed owner, down."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local import child, ports
from deploy.local.child import ServerError
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.local.settings import SERVICES, OwnServers
from deploy.local.stack import Stack, make_database
from shared.runtime import clock

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.xdist_group("stack")  # one worker, one stack

OWN = OwnServers(databases={}, nats_url=None, subject_prefix=None)
OWNER = """
import pathlib, signal, sys
from deploy.local.settings import OwnServers
from deploy.local.stack import Stack, make_database
own = OwnServers(databases={}, nats_url=None, subject_prefix=None)
with Stack(pathlib.Path(sys.argv[1]), own, lambda _: None) as stack:
    print(*[process.pid for process in stack.processes.values()], flush=True)
    signal.pause()
"""


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def is_ready(url: str) -> bool:
    return httpx.get(f"{url}/readyz", trust_env=False, timeout=30).is_success


def read(told: Mapping[str, str], token: str) -> dict[str, Any]:
    """What a token says to a service that was told these settings."""
    keys = KeySet.import_key_set(httpx.get(told["TOKEN_KEYS"], trust_env=False).json())
    claims = jwt.decode(token, keys, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"]) == (told["TOKEN_ISSUER"], told["TOKEN_AUDIENCE"])
    return claims


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), OWN, said.append) as started:
        yield started


@pytest.mark.long
def test_every_service_and_the_issuer_are_ready_on_a_port_of_their_own(stack: Stack) -> None:
    assert list(stack.urls) == [*SERVICES, "issuer"]
    assert len(set(stack.urls.values())) == 5
    for url in stack.urls.values():
        assert httpx.get(f"{url}/readyz", trust_env=False).json()["ready"] is True


@pytest.mark.long
def test_no_role_enters_anothers_database_or_changes_the_journal(stack: Stack) -> None:
    postgres = stack._postgres
    assert postgres is not None
    for service in SERVICES:
        for other in SERVICES:
            allowed = postgres.sql(f"select has_database_privilege('{service}', '{other}', 'connect')")
            assert allowed == ("t" if other == service else "f")
        for right in ("update", "delete", "truncate"):
            allowed = postgres.sql(f"select has_table_privilege('{service}', 'journal', '{right}')", service)
            assert allowed == "f"


@pytest.mark.long
def test_every_service_can_get_tokens_and_check_them(stack: Stack) -> None:
    for service in SERVICES:
        told = stack.processes[service].environment
        assert told["DEPLOYMENT"] == "development"
        credentials = (told["CLIENT_ID"], told["CLIENT_SECRET"])
        grant = {"grant_type": "client_credentials"}
        answer = httpx.post(told["TOKEN_URL"], data=grant, auth=credentials, trust_env=False)
        claims = read(told, answer.json()["access_token"])
        assert claims["roles"] == [f"service@deployment:{service}"]


@pytest.mark.long
def test_tokens_of_the_mint_and_of_make_are_those_of_the_stack(stack: Stack) -> None:
    told = stack.processes["hours"].environment
    assert read(told, stack.mint.token(["a@city:C1"], now=clock.now()))["roles"] == ["a@city:C1"]
    made = subprocess.run(
        ["make", "-s", "-o", f"{sys.prefix}/.ready", "token", f"VENV={sys.prefix}"],
        cwd=ROOT,
        env={"PATH": os.defpath, "ISSUER_FOLDER": str(stack.home.path / "issuer")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert read(told, made.stdout.strip())["roles"] == ["operator@deployment:local"]


@pytest.mark.long
@pytest.mark.parametrize("name", ["points", "issuer"])
def test_what_is_killed_is_reported_and_comes_back_on_its_address(
    stack: Stack, said: list[str], name: str
) -> None:
    process = stack.processes[name]
    before = process.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    answer = httpx.get(f"{process.url}/readyz", trust_env=False, timeout=30)  # waits at the open socket
    assert answer.status_code == 200
    assert process.pid != before
    assert f"{name} died and is started again." in said
    stack.supervisor.check()


@pytest.mark.long
@pytest.mark.parametrize("name", ["PostgreSQL", "NATS"])
def test_a_killed_server_comes_back_and_the_services_find_it(
    stack: Stack, said: list[str], name: str
) -> None:
    server = stack._postgres if name == "PostgreSQL" else stack._nats
    assert server is not None
    assert server.pid is not None
    killed = server.pid
    os.kill(killed, signal.SIGKILL)
    wait(lambda: f"{name} died and is started again." in said and server.pid not in {None, killed})
    for url in stack.urls.values():
        wait(partial(is_ready, url))
    stack.supervisor.check()


@pytest.mark.long
def test_after_the_owner_was_killed_its_services_are_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        orphans = [int(pid) for pid in owner.stdout.readline().split()]
        owner.kill()
        owner.wait()
        assert all("serve" in child.command_line(pid) for pid in orphans)
        with Stack(tmp_path, OWN, lambda _: None):
            assert not any(child.command_line(pid) for pid in orphans)


@pytest.mark.long
def test_one_state_folder_has_one_owner(stack: Stack) -> None:
    with pytest.raises(ServerError, match="in use by process"):
        Stack(stack.home.path, OWN, lambda _: None).__enter__()


@pytest.mark.long
def test_a_pack_that_does_not_load_stops_the_start_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.toml").write_text("[pack]\nid = 7\n")
    monkeypatch.setenv("POINTS_PACK", str(tmp_path / "broken.toml"))
    with pytest.raises(ServerError, match=r"points does not become ready") as raised:
        Stack(tmp_path / "state", OWN, lambda _: None).__enter__()
    assert "broken.toml" in str(raised.value)
    assert "Traceback" not in str(raised.value)


def test_a_port_that_is_taken_is_passed_over(free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)), ports.listen(free_port) as other:
        assert ports.number(other) > free_port
    assert ports.free(free_port) == free_port


@pytest.mark.long
def test_servers_of_ones_own_are_used_instead(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", durable=False) as postgres, Nats(tmp_path / "nats") as nats:
        databases = {service: make_database(postgres, service) for service in SERVICES}
        own = OwnServers(databases=databases, nats_url=nats.url, subject_prefix="mine")
        with Stack(tmp_path / "state", own, lambda _: None) as stack:
            assert stack._postgres is None
            assert stack._nats is None
            assert httpx.get(f"{stack.urls['hours']}/readyz", trust_env=False).is_success
        assert not (tmp_path / "state" / "postgres").exists()
        assert postgres.sql("select count(*) > 0 from pg_tables where tablename = 'journal'", "hours") == "t"
