"""What stops a service from starting: a wrong pack with file and key, a missing setting by its name."""

import subprocess
import sys
from pathlib import Path

import pytest

import shared.policy

SERVICES = ("points", "hours", "verification", "certificates")
PACK = Path(shared.policy.__file__).parent / "packs" / "guangzhou.toml"
NOWHERE = {f"{service.upper()}_URL": "http://127.0.0.1:1" for service in SERVICES}


def serve(service: str, **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", service, "serve", "--port", "1"],
        env={"NATS_URL": "nats://127.0.0.1:1", **NOWHERE, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_pack_stops_the_start_up_with_file_and_key(service: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        PACK.read_text(encoding="utf-8").replace("cap = 100", 'cap = "many"', 1), encoding="utf-8"
    )
    name = service.upper()
    code, said = serve(
        service,
        **{
            f"{name}_DATABASE_URL": f"postgresql+asyncpg://{service}@127.0.0.1:1/{service}",
            f"{name}_PACK": str(wrong),
        },
    )
    assert code != 0
    assert "wrong.toml: points[0].cap" in said.splitlines()[-1]


@pytest.mark.parametrize("service", SERVICES)
def test_a_missing_setting_stops_the_start_up_by_its_name(service: str) -> None:
    code, said = serve(service)
    assert code != 0
    assert f"{service.upper()}_DATABASE_URL is not set" in said.splitlines()[-1]
