"""When the local issuer refuses to work, and which roles a client gets of it."""

from pathlib import Path
from stat import S_IMODE

import pytest

from deploy.local.issuer import clients
from deploy.local.issuer.settings import IssuerSettings
from deploy.local.order import state_folder
from shared.access.matrix import is_binding
from shared.startup import StartUpError

HERE = "http://127.0.0.1:8105"


def told(folder: Path, issuer: str = HERE) -> dict[str, str]:
    return {"DEPLOYMENT": "development", "TOKEN_ISSUER": issuer, "ISSUER_FOLDER": str(folder)}


def test_it_works_for_development(tmp_path: Path) -> None:
    settings = IssuerSettings.read(told(tmp_path))
    assert (settings.issuer, settings.audience, settings.folder) == (HERE, "hourbank", tmp_path)
    assert (settings.host, settings.port) == ("127.0.0.1", 8105)
    assert IssuerSettings.read(told(tmp_path) | {"TOKEN_AUDIENCE": "elsewhere"}).audience == "elsewhere"


@pytest.mark.parametrize("deployment", ["production", "", "Development", "staging"])
def test_under_any_other_deployment_it_refuses(tmp_path: Path, deployment: str) -> None:
    with pytest.raises(StartUpError, match="this issuer is for development only"):
        IssuerSettings.read(told(tmp_path) | {"DEPLOYMENT": deployment})


@pytest.mark.parametrize("issuer", ["http://localhost:1", "https://127.0.0.1:8443", "http://[::1]:8105"])
def test_it_signs_in_the_name_of_this_machine(tmp_path: Path, issuer: str) -> None:
    assert IssuerSettings.read(told(tmp_path, issuer)).issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        "https://id.example.org:8105",
        "http://10.0.0.7:8105",
        "http://0.0.0.0:8105",
        "ftp://127.0.0.1:8105",
        "127.0.0.1:8105",
        "http://127.0.0.1",
        "http://127.0.0.1:8105/",
        "http://127.0.0.1:8105/realms/a",
        "http://127.0.0.1:8105?a=b",
        "http://me@127.0.0.1:8105",
        "http://127.0.0.1:99999",
        "http://[::1:8105",
    ],
)
def test_in_the_name_of_nobody_else(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(StartUpError, match=r"TOKEN_ISSUER is .*, not a port on loopback"):
        IssuerSettings.read(told(tmp_path, issuer))


def test_without_an_address_it_is_where_it_served_last(tmp_path: Path) -> None:
    nameless = told(tmp_path, issuer="")
    with pytest.raises(StartUpError, match="no issuer has served from"):
        IssuerSettings.read(nameless)
    IssuerSettings.read(told(tmp_path, issuer="http://127.0.0.1:8209")).note()
    assert IssuerSettings.read(nameless).issuer == "http://127.0.0.1:8209"


def test_without_a_folder_it_is_that_of_the_run(tmp_path: Path) -> None:
    run = {"DATA": str(tmp_path / "my year"), "STATE": str(tmp_path)}
    settings = IssuerSettings.read({"DEPLOYMENT": "development", "TOKEN_ISSUER": HERE, **run})
    assert settings.folder == state_folder(run) / "issuer"


@pytest.mark.parametrize(
    "text", ["school_administrator@school:S12", "teacher@person:T0372", "district_centre@district:越秀区"]
)
def test_a_role_has_a_level_and_a_place(text: str) -> None:
    assert is_binding(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "operator",
        "operator@deployment",
        "operator@planet:earth",
        "@school:S1",
        "a@school:S1 2",
        "king@deployment:x",
        "operator@school:S1",
    ],
)
def test_what_has_not_is_no_role(text: str) -> None:
    assert not is_binding(text)


def test_a_service_is_itself_and_nothing_else(tmp_path: Path) -> None:
    hours = clients.kept(tmp_path)["hours"]
    own = "service@deployment:hours"
    assert [hours.get_allowed_scope(scope) for scope in (None, "", own)] == [own] * 3
    assert hours.get_allowed_scope("operator@deployment:local") is None
    assert hours.get_allowed_scope(f"{own} operator@deployment:local") is None


def test_a_developer_is_whatever_has_the_form_of_a_role(tmp_path: Path) -> None:
    developer = clients.kept(tmp_path)["developer"]
    assert developer.get_allowed_scope(None) == "operator@deployment:local"
    asked = "city_department@city:C4401 teacher@person:T1"
    assert developer.get_allowed_scope(asked) == asked
    assert developer.get_allowed_scope(f"{asked} everything") is None


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    first, again = clients.kept(tmp_path), clients.kept(tmp_path)
    assert first == again
    assert set(first) == {"points", "hours", "verification", "certificates", "platform", "developer"}
    files = sorted((tmp_path / "secrets").iterdir())
    assert {file.name: file.read_text() for file in files} == {
        name: client.secret for name, client in first.items() if name != "developer"
    }
    assert {S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len({client.secret for client in first.values()}) == 6
    given = {"HOURS_CLIENT_SECRET": "told", "POINTS_CLIENT_SECRET": ""}
    told = clients.kept(tmp_path / "other", given)
    assert told["hours"].secret == clients.kept(tmp_path / "other")["hours"].secret == "told"
    assert len(told["points"].secret) > len("told")
    assert first["developer"].secret == "development"
