"""What stops a command from starting: one line with the file and key of a wrong pack, or a setting's name."""

import subprocess
import sys
from pathlib import Path

import pytest

import shared.policy

SERVICES = ("points", "hours", "verification", "certificates")
PACK = Path(shared.policy.__file__).parent / "packs" / "guangzhou.toml"
NOWHERE = {f"{service.upper()}_URL": "http://127.0.0.1:1" for service in SERVICES}


def said(service: str, *command: str, **settings: str) -> str:
    """The one line on standard error with which the command refuses to start."""
    done = subprocess.run(
        [sys.executable, "-m", service, *command],
        env={"NATS_URL": "nats://127.0.0.1:1", **NOWHERE, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line


def database(service: str) -> dict[str, str]:
    return {f"{service.upper()}_DATABASE_URL": f"postgresql+asyncpg://{service}@127.0.0.1:1/{service}"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_pack_stops_the_start_up_with_file_and_key(service: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        PACK.read_text(encoding="utf-8").replace("cap = 100", 'cap = "many"', 1), encoding="utf-8"
    )
    pack = {f"{service.upper()}_PACK": str(wrong)}
    line = said(service, "serve", "--port", "1", **database(service), **pack)
    assert line.startswith(f"{service}: wrong.toml: points[0].cap: ")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_missing_setting_stops_the_start_up_by_its_name(service: str, command: str) -> None:
    assert said(service, command) == f"{service}: {service.upper()}_DATABASE_URL is not set"


def test_a_duty_that_is_none_stops_the_start_up_with_those_there_are() -> None:
    line = said("points", "serve", **database("points"), DUTY="worker")
    assert line == "points: DUTY is not one of both, requests, work"


def test_a_migration_without_its_owner_names_the_setting() -> None:
    assert said("points", "migrate", **database("points")) == "points: POINTS_OWNER_URL is not set"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("secret", "is not a URL"),
        ("postgresql://points:secret@db/points", "is not of the form postgresql+asyncpg://"),
        ("postgresql+asyncpg://db/secret", "is not of the form postgresql+asyncpg://"),
    ],
)
def test_a_url_that_is_no_database_is_named_and_not_shown(url: str, words: str) -> None:
    line = said("points", "serve", POINTS_DATABASE_URL=url)
    assert line.startswith(f"points: POINTS_DATABASE_URL {words}")
    assert "secret" not in line


@pytest.mark.parametrize("rate", ["often", "60", "sixty/minute", "60/fortnight"])
def test_a_rate_that_is_none_is_named_and_shown(rate: str) -> None:
    given = {**database("certificates"), "CERTIFICATES_LOOKUPS": rate}
    line = said("certificates", "serve", **given)
    assert line == f"certificates: CERTIFICATES_LOOKUPS: {rate!r} is not of the form 60/minute"
