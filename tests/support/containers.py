"""PostgreSQL and NATS in containers, as `docker-compose.yml` names them, and whether an engine answers."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import ExecWaitStrategy, LogMessageWaitStrategy

from tests.support.given import GivenNats, GivenPostgres

ROOT = Path(__file__).parents[2]
BASE, POSTGRES, NATS = "python:3.11-slim-bookworm", "postgres:18", "nats:2-alpine"

# Its janitor is one more image from elsewhere; every container here ends with its `with` block.
testcontainers_config.ryuk_disabled = True


class NoEngineError(Exception):
    """Containers cannot run here; the message says why."""


@cache
def require(*images: str) -> None:
    """Make sure that an engine answers and has the images, fetching those it lacks.

    Raises:
        NoEngineError: it does not answer, or an image is neither there nor to be had.
    """
    if shutil.which("docker") is None:
        raise NoEngineError("Docker is not installed")
    _ask("no container engine answers", "version")
    for image in images:
        try:
            _ask("not here", "image", "inspect", image)
        except NoEngineError:
            _ask(f"the image {image} is not here and cannot be fetched", "pull", "--quiet", image)


def _ask(otherwise: str, *words: str) -> None:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoEngineError(f"{otherwise}: {done.stderr.strip()}")


def compose_command() -> list[str]:
    """How Compose is called here, as the engine's plug-in or as a program of its own.

    Raises:
        NoEngineError: it is not installed.
    """
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) is None:
            continue
        if subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0:
            return command
    raise NoEngineError("Docker Compose is not installed")


@contextmanager
def contained() -> Iterator[tuple[GivenPostgres, GivenNats]]:
    """Both servers, empty, for the length of the block; on loopback, at free ports."""
    require(POSTGRES, NATS)
    postgres = DockerContainer(
        POSTGRES,
        env={"POSTGRES_HOST_AUTH_METHOD": "trust"},
        command="postgres -c max_connections=400 -c fsync=off",
        # By TCP: while the server is being made it listens on its socket only, and goes down once more.
        _wait_strategy=ExecWaitStrategy(["pg_isready", "--host=127.0.0.1", "--username=postgres"]),
    )
    nats = DockerContainer(
        NATS,
        command="--config /etc/server.conf",
        transferables=[(ROOT / "deploy/nats/server.conf", "/etc/server.conf")],
        _wait_strategy=LogMessageWaitStrategy("Server is ready"),
    )
    _publish(postgres, 5432)
    _publish(nats, 4222)
    with postgres, nats:
        address = f"127.0.0.1:{postgres.get_exposed_port(5432)}"
        with GivenPostgres(f"postgresql://postgres@{address}/postgres") as given:
            yield given, GivenNats(f"nats://127.0.0.1:{nats.get_exposed_port(4222)}")


def _publish(container: DockerContainer, port: int) -> None:
    """At a free port of loopback; without an address the engine would open it to everybody."""
    container.ports[f"{port}/tcp"] = ("127.0.0.1",)  # type: ignore[assignment] # the engine takes addresses
