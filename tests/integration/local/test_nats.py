"""The embedded NATS: a free port or a given one, JetStream, and an orphan of a killed owner."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import nats
import pytest

from deploy.local import child
from deploy.local.child import ServerError
from deploy.local.nats import Nats

ROOT = Path(__file__).parents[3]
OWNER = """
import pathlib, signal, sys
from deploy.local.nats import Nats
with Nats(pathlib.Path(sys.argv[1])) as server:
    print(server.pid, flush=True)
    signal.pause()
"""


async def test_jetstream_keeps_messages_from_one_start_to_the_next(tmp_path: Path) -> None:
    for expected in (1, 2):
        with Nats(tmp_path) as server:
            client = await nats.connect(server.url)
            stream = client.jetstream()
            await stream.add_stream(name="kept", subjects=["kept.>"])
            await stream.publish("kept.one", b"x")
            info = await stream.stream_info("kept")
            await client.close()
            assert info.state.messages == expected


def test_two_servers_take_two_free_ports(tmp_path: Path) -> None:
    with Nats(tmp_path / "a") as one, Nats(tmp_path / "b") as two:
        assert one.url != two.url


def test_a_given_port_is_kept(tmp_path: Path, free_port: int) -> None:
    with Nats(tmp_path, port=free_port, sync_always=True) as server:
        assert server.url == f"nats://127.0.0.1:{free_port}"


def test_a_port_that_is_taken_stops_the_start_with_its_words(tmp_path: Path) -> None:
    with (
        Nats(tmp_path / "a") as one,
        pytest.raises(ServerError, match="address already in use"),
        Nats(tmp_path / "b", port=one.port),
    ):
        pass


def test_one_folder_has_one_owner(tmp_path: Path) -> None:
    with Nats(tmp_path), pytest.raises(ServerError, match="in use by process"):
        Nats(tmp_path).start()


def test_after_the_owner_was_killed_the_orphan_is_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        orphan = int(owner.stdout.readline())
        owner.kill()
        owner.wait()
        with Nats(tmp_path) as server:
            assert server.pid != orphan
            assert not child.command_line(orphan)


def test_a_process_number_given_to_a_stranger_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "nats.pid").write_text(str(os.getpid()))
    with Nats(tmp_path) as server:
        assert server.pid != os.getpid()


async def test_a_killed_server_starts_again(tmp_path: Path) -> None:
    server = Nats(tmp_path)
    with server:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
    with server:
        client = await nats.connect(server.url)
        await client.close()
