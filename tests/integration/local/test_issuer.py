"""The local issuer as a process, over real HTTP: its description, its grant, its refusals, its commands."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local import ports

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "deploy.local.issuer")
DEVELOPER = ("developer", "development")
GRANT = {"grant_type": "client_credentials"}


def told(
    folder: Path, issuer: str = "http://127.0.0.1:8105", deployment: str = "development"
) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "DEPLOYMENT": deployment,
        "TOKEN_ISSUER": issuer,
        "ISSUER_FOLDER": str(folder),
    }


@contextmanager
def served(folder: Path) -> Iterator[httpx.Client]:
    """An issuer on a socket that is handed down: requests wait at it until they are answered."""
    with socket.create_server((ports.HOST, 0)) as listening:
        url = f"http://{ports.HOST}:{ports.number(listening)}"
        number = listening.fileno()
        process = subprocess.Popen(
            [*COMMAND, "serve", "--fd", str(number)],
            cwd=ROOT,
            env=told(folder, url),
            pass_fds=[number],
            stderr=subprocess.PIPE,
        )
    try:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            yield client
    finally:
        process.terminate()
        _, said = process.communicate()
        assert b'"level":"error"' not in said, said.decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "issuer"


@pytest.fixture(scope="module")
def issuer(folder: Path) -> Iterator[httpx.Client]:
    with served(folder) as client:
        yield client


def read(issuer: httpx.Client, token: str) -> dict[str, Any]:
    """What a token says, checked with the key that the issuer shows."""
    keys = KeySet.import_key_set(issuer.get("/jwks.json").json())
    decoded = jwt.decode(token, keys, algorithms=["ES256"])
    assert decoded.header["typ"] == "at+jwt"
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": str(issuer.base_url).rstrip("/")},
        aud={"essential": True, "value": "hourbank"},
        exp={"essential": True},
    ).validate(decoded.claims)
    return decoded.claims


def test_it_describes_itself(issuer: httpx.Client) -> None:
    said = issuer.get("/.well-known/oauth-authorization-server").json()
    described = AuthorizationServerMetadata(said)
    described.validate_token_endpoint()
    described.validate_grant_types_supported()
    described.validate_token_endpoint_auth_methods_supported()
    assert httpx.URL(said["issuer"]) == issuer.base_url
    assert said["jwks_uri"] == f"{said['issuer']}/jwks.json"
    assert said["response_types_supported"] == [], "it has to be said, and there is no page for people"
    assert issuer.get(said["jwks_uri"]).json()["keys"][0]["kty"] == "EC"
    assert issuer.post(said["token_endpoint"], data=GRANT, auth=DEVELOPER).is_success


def test_a_developer_gets_the_roles_asked_for(issuer: httpx.Client) -> None:
    scope = "school_administrator@school:S12 district_centre@district:越秀区"
    answer = issuer.post("/token", data={**GRANT, "scope": scope}, auth=DEVELOPER)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, scope)
    claims = read(issuer, body["access_token"])
    assert claims["roles"] == scope.split()
    assert (claims["sub"], claims["client_id"]) == ("school_administrator@school:S12", "developer")
    assert claims["exp"] - claims["iat"] == body["expires_in"]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("points", "service@deployment:points"),
        ("certificates", "service@deployment:certificates"),
        ("platform", "platform@deployment:platform"),
        ("developer", "operator@deployment:local"),
    ],
)
def test_a_client_that_asks_for_nothing_is_what_it_is(
    issuer: httpx.Client, folder: Path, name: str, role: str
) -> None:
    issuer.get("/readyz")
    secret = DEVELOPER[1] if name == "developer" else (folder / "secrets" / name).read_text()
    answer = issuer.post("/token", data=GRANT, auth=(name, secret))
    claims = read(issuer, answer.json()["access_token"])
    assert (claims["roles"], claims["client_id"]) == ([role], name)


@pytest.mark.parametrize(
    "credentials",
    [
        ("developer", "wrong"),
        ("developer", ""),
        ("points", "development"),
        ("nobody", "development"),
        ("developer", "ключ"),
    ],
)
def test_who_does_not_prove_to_be_a_client_gets_nothing(
    issuer: httpx.Client, credentials: tuple[str, str]
) -> None:
    answer = issuer.post("/token", data=GRANT, auth=credentials)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("header", ["", "Bearer abc", "Basic", "Basic !!!", "Basic //79", "Basic ZGV2"])
def test_credentials_that_cannot_be_read_are_none(issuer: httpx.Client, header: str) -> None:
    answer = issuer.post("/token", data=GRANT, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_secret_in_the_body_proves_nothing(issuer: httpx.Client) -> None:
    name, secret = DEVELOPER
    answer = issuer.post("/token", data={**GRANT, "client_id": name, "client_secret": secret})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("grant", ["password", "authorization_code", "密码"])
def test_no_other_grant_is_known(issuer: httpx.Client, grant: str) -> None:
    answer = issuer.post("/token", data={"grant_type": grant}, auth=DEVELOPER)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("name", "scope"),
    [("developer", "everything"), ("developer", "operator@deployment:local root"), ("hours", "a@city:C1")],
)
def test_a_scope_beyond_a_client_is_refused(
    issuer: httpx.Client, folder: Path, name: str, scope: str
) -> None:
    issuer.get("/readyz")
    secret = DEVELOPER[1] if name == "developer" else (folder / "secrets" / name).read_text()
    answer = issuer.post("/token", data={**GRANT, "scope": scope}, auth=(name, secret))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"grant_type=client_credentials"),
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"scope=operator%40deployment%3Alocal"),
        ("application/x-www-form-urlencoded", b"grant_type=client_credentials&grant_type=password"),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
    ],
)
def test_a_request_that_is_none_is_refused(issuer: httpx.Client, kind: str, body: bytes) -> None:
    answer = issuer.post("/token", content=body, headers={"Content-Type": kind}, auth=DEVELOPER)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_after_a_restart_tokens_and_secrets_are_as_before(tmp_path: Path) -> None:
    with served(tmp_path) as before:
        key = before.get("/jwks.json").json()
        secret = (tmp_path / "secrets" / "platform").read_text()
    with served(tmp_path) as after:
        assert after.get("/jwks.json").json() == key
        assert after.post("/token", data=GRANT, auth=("platform", secret)).is_success


def test_a_token_of_make_is_one_of_the_issuer_that_serves(issuer: httpx.Client, folder: Path) -> None:
    issuer.get("/readyz")
    order = ["ROLES=teacher@person:T0372 platform@city:C4401", "SUBJECT=王 芳", "SECONDS=60"]
    command = ["make", "-s", "-o", f"{sys.prefix}/.ready", "token", f"VENV={sys.prefix}", *order]
    settings = told(folder, issuer="", deployment="production")
    refused = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=60
    )
    assert (refused.returncode, refused.stdout) == (2, ""), "with production settings it mints nothing"
    del settings["DEPLOYMENT"]
    made = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True, timeout=60
    )
    claims = read(issuer, made.stdout.removesuffix("\n"))
    assert claims["roles"] == ["teacher@person:T0372", "platform@city:C4401"]
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("王 芳", 60)


def run(*words: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", ["serve", "mint operator@deployment:local"])
@pytest.mark.parametrize("deployment", ["production", ""])
def test_with_production_settings_it_neither_serves_nor_mints(
    tmp_path: Path, command: str, deployment: str
) -> None:
    settings = told(tmp_path / "issuer", deployment=deployment)
    code, said, why = run(*command.split(), **settings)
    assert (code, said) == (2, "")
    assert why == "issuer: DEPLOYMENT is production: this issuer is for development only\n"
    assert not (tmp_path / "issuer").exists()


@pytest.mark.parametrize("words", [("operator",), ("a@city:C1", "--seconds", "0"), ()])
def test_what_is_no_order_for_a_token_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, said, _ = run("mint", *words, **told(tmp_path))
    assert (code, said) == (2, "")
