"""PostgreSQL from the binaries of its wheel: one private server for one folder, with nothing else installed.

The folder is locked by its owner; whatever an owner that was killed left behind is stopped or repaired at the
next start. Clients come by a Unix socket in a private folder, which needs no password and no free port.
"""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from deploy.local import account as accounts
from deploy.local import child, programs
from deploy.local.account import Account
from deploy.local.child import ServerError
from deploy.local.environment import for_children
from deploy.local.server import Server

SUPERUSER = "postgres"
SOCKET_PORT = 5432  # names the socket file; no port of the machine is taken
SOCKET_ROOM = 80  # a socket's path has about 107 bytes, its file name included
RETRY = 10.0  # a killed postmaster may stay a zombie, and its backends alive, for a moment
RECOVERY = 300.0
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
SETTINGS = MappingProxyType(
    {
        "max_connections": "400",
        "shared_buffers": "128MB",
        "max_wal_size": "2GB",
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
    }
)
# Commits stay synchronous: without fsync they cost nothing, and a killed server then loses none of them.
NOT_DURABLE = MappingProxyType({"fsync": "off", "full_page_writes": "off"})


class Postgres(Server):
    """A PostgreSQL server.

    `port` makes it listen on 127.0.0.1 too (roles with a password only); `durable=False` is for tests: a
    killed process loses nothing by it, a power cut everything.
    """

    name = "postgres"

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] = NO_SETTINGS,
        durable: bool = True,
        account: Account | None = None,
    ) -> None:
        super().__init__(home)
        self.port = port or SOCKET_PORT
        self._account = account or accounts.suitable(self.home.path)
        self._listens = port is not None
        self._durable = durable
        self._settings = {**SETTINGS, **({} if durable else NOT_DURABLE), **settings}
        self._program = Path()
        self.place = self.home.path  # where the data are: the home, unless the account cannot enter it
        self.socket = self.home.path

    # -- life ------------------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.place / "data"

    def revive(self) -> None:
        """Start the server, also again after it died under its owner.

        Raises: ServerError where it does not come up.
        """
        end = time.monotonic() + RETRY
        while True:
            self._clear_remains()
            process = self._spawn()
            if self._wait_until_ready(process):
                return
            if time.monotonic() > end:
                raise ServerError(f"PostgreSQL does not start:\n{child.tail(self.log)}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server; sessions are cut, what is committed is on disk."""
        if self._process is not None:
            child.stop(self._process, first=signal.SIGINT)
            self._process = None
        if self.socket != self.place:
            shutil.rmtree(self.socket, ignore_errors=True)
            self.socket = self.place
        if self.place != self.home.path and not self._durable:
            shutil.rmtree(self.place, ignore_errors=True)
        self.home.release()

    def _prepare(self) -> None:
        self._program = programs.installed()
        if not self._account.reaches(self.home.path):
            self.place = programs.public_place(self.home.path, self._account)
        if not self._account.reaches(self._program / "bin"):
            self._program = programs.copied(self._program, self.place)
        self._account.give(self.place)
        self.socket = self.place
        if len(str(self.place)) > SOCKET_ROOM:
            self.socket = Path(tempfile.mkdtemp(prefix="hb-"))
            self._account.give(self.socket)
        if not self.data.exists():
            self._create_cluster()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != programs.VERSION:
            raise ServerError(f"{self.data} was written by PostgreSQL {found}; this is {programs.VERSION}.")

    def _create_cluster(self) -> None:
        for left in self.place.glob("data.new*"):
            shutil.rmtree(left)
        new = self.place / "data.new"
        command: list[str | Path] = [
            self._tool("initdb"),
            "-D",
            new,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--no-instructions",
        ]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--auth-local=trust", "--auth-host=scram-sha-256"]
        made = child.start(
            [*command, *([] if self._durable else ["--no-sync"])],
            log=self.log,
            account=self._account,
            environment=for_children(LC_ALL="C"),
        )
        if made.wait() != 0:
            raise ServerError(f"initdb failed:\n{child.tail(self.log)}")
        new.rename(self.data)

    def _clear_remains(self) -> None:
        """Stop an orphan; forget a number that now belongs to nobody or to a stranger.

        Backends that outlive a killed postmaster still hold the shared memory that is named after the data
        folder, and PostgreSQL refuses to start beside them: removing the file takes no protection away.
        """
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        if not child.stop_orphan(pid, f"-D {self.data} "):
            note.unlink(missing_ok=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        given = {
            "listen_addresses": "127.0.0.1" if self._listens else "",
            "port": str(self.port),
            "unix_socket_directories": str(self.socket),
            **self._settings,
        }
        options = [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
        self._process = child.start(
            [self._tool("postgres"), "-D", self.data, *options],
            log=self.log,
            account=self._account,
            environment=for_children(LC_ALL="C"),
        )
        return self._process

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        ask: list[str | Path] = [
            self._tool("pg_isready"),
            "-q",
            "-h",
            self.socket,
            "-p",
            str(self.port),
            "-t",
            "5",
        ]
        end = time.monotonic() + RECOVERY
        while process.poll() is None:
            if subprocess.run(ask, env=for_children(), check=False).returncode == 0:
                return True
            if time.monotonic() > end:
                raise ServerError(
                    f"PostgreSQL does not answer after {RECOVERY:.0f} s:\n{child.tail(self.log)}"
                )
            time.sleep(child.STEP)
        return False

    def _tool(self, name: str) -> Path:
        return self._program / "bin" / name

    # -- use -------------------------------------------------------------------------------------------------

    def url(self, database: str, user: str = SUPERUSER, *, scheme: str = "postgresql+asyncpg") -> str:
        """Return the address of a database for a role, through the socket."""
        return f"{scheme}://{quote(user)}@/{quote(database)}?host={quote(str(self.socket))}&port={self.port}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run statements as the superuser and return what they print, one row a line, fields split by `|`.

        Raises: ServerError with the server's words.
        """
        command: list[str | Path] = [self._tool("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += ["-d", self.url(database, scheme="postgresql"), "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, env=for_children(), check=False)
        if done.returncode != 0:
            raise ServerError(done.stderr.strip())
        return done.stdout.strip()

    def create_role(self, name: str) -> None:
        """Make a role that may log in, unless there is one."""
        if not self.sql(f"select 1 from pg_roles where rolname = {_literal(name)}"):  # noqa: S608 - quoted
            self.sql(f"create role {_name(name)} login")

    def create_database(self, name: str, *, owner: str = SUPERUSER, template: str = "template0") -> None:
        """Make a database that only its owner (and whom it lets in) may enter, unless there is one."""
        if not self.sql(f"select 1 from pg_database where datname = {_literal(name)}"):  # noqa: S608 - quoted
            # A copy of files wants checkpoints, which cost nothing where nothing is synchronised.
            strategy = "wal_log" if self._durable else "file_copy"
            made = f"create database {_name(name)} owner {_name(owner)}"
            self.sql(f"{made} template {_name(template)} strategy {strategy}")
            self.sql(f"revoke all on database {_name(name)} from public")


def _name(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
