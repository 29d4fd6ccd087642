"""The embedded PostgreSQL: ready from nothing and again, and whatever was killed before."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local import account, child, programs
from deploy.local.child import ServerError
from deploy.local.postgres import Postgres

ROOT = Path(__file__).parents[3]
OWNER = """
import pathlib, signal, sys
from deploy.local.postgres import Postgres
with Postgres(pathlib.Path(sys.argv[1]), durable=False) as server:
    server.sql("create table kept(value int); insert into kept values (42)")
    print(server.pid, flush=True)
    signal.pause()
"""


def private(folder: Path) -> Path:
    """A folder below which only its owner gets."""
    (folder / "private").mkdir(mode=0o700, exist_ok=True)
    return folder / "private"


@contextmanager
def owner(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that owns a server in `home`: the process, and its postmaster's number."""
    command = [sys.executable, "-c", OWNER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def kept(server: Postgres) -> str:
    return server.sql("select value from kept")


def test_a_server_comes_from_nothing_and_keeps_its_data_for_the_next(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg") as server:
        server.sql("create table kept(value int); insert into kept values (42)")
        assert (server.home.path.stat().st_mode & 0o777) == 0o700
    with Postgres(tmp_path / "pg") as server:
        assert kept(server) == "42"
    assert server.pid is None


async def test_the_url_serves_the_driver_of_the_services(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", durable=False) as server:
        server.create_role("points")
        server.create_database("points", owner="points")
        engine = create_async_engine(server.url("points", "points"))
        async with engine.connect() as connection:
            row = (await connection.execute(text("select current_user, current_database()"))).one()
        await engine.dispose()
        assert tuple(row) == ("points", "points")
        assert int(server.sql("show max_connections")) >= 300


def test_making_a_role_and_a_database_again_changes_nothing(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", durable=False) as server:
        for _ in range(2):
            server.create_role('o"dd')
            server.create_database("o'dd", owner='o"dd')
        assert server.sql("select current_database()", "o'dd") == "o'dd"


def test_a_role_cannot_enter_a_database_that_is_not_its_own(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", durable=False) as server:
        for name in ("points", "hours"):
            server.create_role(name)
            server.create_database(name, owner=name)
        psql: list[str | Path] = [
            server._tool("psql"),
            "-X",
            "-d",
            server.url("points", "hours", scheme="postgresql"),
            "-c",
            "",
        ]
        refused = subprocess.run(psql, capture_output=True, text=True, check=False)
        assert 'permission denied for database "points"' in refused.stderr


def test_a_statement_that_fails_says_the_servers_words(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", durable=False) as server, pytest.raises(ServerError, match="nowhere"):
        server.sql("select * from nowhere")


def test_a_port_listens_on_loopback_and_settings_reach_the_server(tmp_path: Path, free_port: int) -> None:
    with Postgres(tmp_path / "pg", port=free_port, settings={"work_mem": "7MB"}, durable=False) as server:
        assert server.sql("show listen_addresses") == "127.0.0.1"
        assert server.sql("show port") == str(free_port)
        assert server.sql("show work_mem") == "7MB"
        assert server.sql("show fsync") == "off"


def test_a_path_too_long_for_a_socket_gets_a_short_folder_that_goes_with_the_server(tmp_path: Path) -> None:
    with Postgres(tmp_path / ("long" * 25) / "pg", durable=False) as server:
        assert len(str(server.socket)) < 80 < len(str(server.home.path))
        assert server.sql("select 1") == "1"
        socket = server.socket
        assert socket != server.home.path
    assert not socket.exists()


def test_two_servers_run_at_once_and_one_folder_has_one_owner(tmp_path: Path) -> None:
    with Postgres(tmp_path / "a", durable=False) as one, Postgres(tmp_path / "b", durable=False) as two:
        one.sql("create table here(x int)")
        assert two.sql("select to_regclass('here') is null") == "t"
        with pytest.raises(ServerError, match=f"in use by process {os.getpid()}"):
            Postgres(tmp_path / "a", durable=False).start()
        assert one.sql("select count(*) from here") == "0"


def test_after_the_owner_was_killed_the_orphan_is_stopped(tmp_path: Path) -> None:
    with owner(tmp_path / "pg") as (process, postmaster):
        process.kill()
        process.wait()
        assert child.command_line(postmaster)
        with Postgres(tmp_path / "pg", durable=False) as server:
            assert server.pid != postmaster
            assert not child.command_line(postmaster)
            assert kept(server) == "42"


def test_after_owner_and_postmaster_were_killed_the_data_recover(tmp_path: Path) -> None:
    with owner(tmp_path / "pg") as (process, postmaster):
        process.kill()
        os.kill(postmaster, signal.SIGKILL)
        process.wait()
        with Postgres(tmp_path / "pg", durable=False) as server:
            assert kept(server) == "42"


def test_after_only_the_postmaster_was_killed_the_owner_starts_it_again(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "pg")
    with server:
        server.sql("create table kept(value int); insert into kept values (42)")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
    with server:
        assert kept(server) == "42"


def test_a_process_number_given_to_a_stranger_is_not_touched(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "600"]) as stranger:
        server = Postgres(tmp_path / "pg")
        with server:
            note = (server.data / "postmaster.pid").read_text().splitlines()
        (server.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *note[1:]]) + "\n")
        with server:
            assert server.sql("select 1") == "1"
        assert stranger.poll() is None
        stranger.kill()


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pg" / "data.new").mkdir(parents=True)
    with Postgres(tmp_path / "pg", durable=False) as server:
        assert server.sql("select 1") == "1"
        assert not (tmp_path / "pg" / "data.new").exists()


def test_data_of_another_version_are_refused_with_its_number(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", durable=False) as server:
        pass
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerError, match=r"written by PostgreSQL 17"):
        server.start()


def test_settings_it_does_not_know_stop_the_start_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.postgres.RETRY", 0.0)
    with pytest.raises(ServerError, match="no_such_setting"):
        Postgres(tmp_path / "pg", settings={"no_such_setting": "1"}, durable=False).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_without_namespaces_it_runs_as_nobody_also_below_a_private_folder(tmp_path: Path) -> None:
    home = private(tmp_path) / "pg"
    with Postgres(home, account=account.nobody()) as server:
        assert server.sql("select 1") == "1"
        assert server.place.stat().st_uid == account.nobody().uid
        server.sql("create table kept(value int); insert into kept values (42)")
    assert account.suitable(home) == account.nobody(), "a cluster stays with the account that made it"
    with Postgres(home, durable=False) as again:
        assert kept(again) == "42"
    assert (private(tmp_path).stat().st_mode & 0o777) == 0o700
    assert not again.place.exists(), "what is not durable leaves nothing outside of its home"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root chooses")
def test_a_cluster_made_in_a_namespace_is_opened_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Postgres(tmp_path / "pg", durable=False, account=account.namespaced()):
        pass
    monkeypatch.setattr(account, "_may_make_namespaces", lambda: False)
    assert account.suitable(tmp_path / "pg") == account.namespaced()
    assert account.suitable(tmp_path / "other") == account.nobody()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_programs_that_nobody_cannot_reach_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = programs.installed()
    libraries = wheel.parents[1] / f"{programs.PACKAGE}.libs"
    unreachable = private(tmp_path) / programs.PACKAGE / wheel.name
    shutil.copytree(wheel, unreachable)
    shutil.copytree(libraries, private(tmp_path) / libraries.name)
    monkeypatch.setattr(programs, "installed", lambda: unreachable)
    home = Path(tempfile.mkdtemp(prefix="hb-"))
    home.chmod(0o755)
    with Postgres(home / "pg", durable=False, account=account.nobody()) as server:
        assert server.sql("select 1") == "1"
        assert (home / "pg.programs").is_dir()
    shutil.rmtree(home)
