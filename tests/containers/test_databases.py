"""The script that makes the four databases, run on a server of its own."""

import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from deploy.local import programs
from deploy.local.environment import for_children
from deploy.local.postgres import Postgres
from tests.support.containers import ROOT
from tests.support.world import SERVICES

PASSWORDS = {f"{s.upper()}{kind}_PASSWORD": f"of'{s}" for s in SERVICES for kind in ("", "_OWNER")}


def run_script(server: Postgres, **environment: str) -> subprocess.CompletedProcess[str]:
    address = server.url("postgres", scheme="postgresql")
    return subprocess.run(
        [
            programs.installed() / "bin/psql",
            "-X",
            "-q",
            "-d",
            address,
            "-f",
            ROOT / "deploy/postgres/init.sql",
        ],
        env=for_children(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("init") / "pg", durable=False) as made:
        done = run_script(made, **PASSWORDS)
        assert (done.returncode, done.stderr) == (0, "")
        yield made


def test_a_role_enters_its_own_database_and_no_other(server: Postgres) -> None:
    databases = [*SERVICES, "postgres", "template1"]
    roles = [f"{service}{kind}" for service in SERVICES for kind in ("", "_owner")]
    for database, role in product(databases, roles):
        may = server.sql(f"select has_database_privilege('{role}', '{database}', 'connect')")
        assert may == ("t" if role.removesuffix("_owner") == database else "f"), (role, database)


def test_the_owner_makes_tables_and_the_service_cannot(server: Postgres) -> None:
    for service in SERVICES:
        right = "has_schema_privilege('{}', 'public', 'create')"
        owner, serving = right.format(f"{service}_owner"), right.format(service)
        assert server.sql(f"select {owner}, {serving}", service) == "t|f"


def test_no_role_may_make_roles_or_databases(server: Postgres) -> None:
    powers = "rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls"
    mighty = server.sql(f"select rolname from pg_roles where {powers}")  # noqa: S608 - a constant
    assert mighty == "postgres"


def test_text_is_compared_by_code_point(server: Postgres) -> None:
    words = "(values ('b'), ('A'), ('中'), ('a'), ('B')) as words (word)"
    ordered = f"select string_agg(word, ' ' order by word) from {words}"  # noqa: S608 - a constant
    for service in SERVICES:
        assert server.sql(ordered, service) == "A B a b 中"


def test_without_a_password_nothing_is_made(tmp_path: Path) -> None:
    for name in ("HOURS_OWNER_PASSWORD", "POINTS_PASSWORD"):
        with Postgres(tmp_path / name, durable=False) as server:
            given = {k: v for k, v in PASSWORDS.items() if k != name}
            assert run_script(server, **given).returncode != 0
            assert run_script(server, **given, **{name: ""}).returncode != 0
            assert server.sql("select count(*) from pg_database where datname = 'points'") == "0"
