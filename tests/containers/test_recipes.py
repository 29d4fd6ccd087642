"""What the recipes promise, read from their files: these tests need no engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.containers import NATS, POSTGRES, ROOT
from tests.support.world import SERVICES

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
RECIPES = [ROOT / "deploy" / name for name in ("Dockerfile", "gateway/Dockerfile", "local/issuer/Dockerfile")]


def part(name: str) -> dict[str, Any]:
    found: dict[str, Any] = COMPOSE["services"][name]
    return found


def test_only_gateway_and_issuer_are_reached_from_outside_and_from_this_machine_only() -> None:
    published = {name: part(name)["ports"] for name in COMPOSE["services"] if "ports" in part(name)}
    assert set(published) == {"gateway", "issuer"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_services_and_issuer_are_told_the_same_names_and_secrets() -> None:
    issuer = part("issuer")["environment"]
    assert issuer["DEPLOYMENT"] == "${DEPLOYMENT:-development}"
    for service in SERVICES:
        told = part(service)["environment"]
        assert told["CLIENT_SECRET"] == issuer[f"{service.upper()}_CLIENT_SECRET"]
        assert (told["TOKEN_ISSUER"], told["DEPLOYMENT"]) == (issuer["TOKEN_ISSUER"], issuer["DEPLOYMENT"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_its_migration_and_never_learns_its_owner(service: str) -> None:
    serving, migrating = part(service), part(f"{service}-migrate")
    assert serving["depends_on"][f"{service}-migrate"] == {"condition": "service_completed_successfully"}
    assert serving["image"] == migrating["image"]
    assert serving["build"]["args"]["SERVICE"] == service
    databases = {name for name in serving["environment"] if name.endswith(("_DATABASE_URL", "_OWNER_URL"))}
    assert databases == {f"{service.upper()}_DATABASE_URL"}
    assert f"{service.upper()}_OWNER_URL" in migrating["environment"]


@pytest.mark.parametrize("service", SERVICES)
def test_requests_and_work_have_a_container_each_that_differ_in_nothing_else(service: str) -> None:
    serving, working = part(service), part(f"{service}-work")
    assert (serving["environment"]["DUTY"], working["environment"]["DUTY"]) == ("requests", "work")
    assert working == serving | {"environment": serving["environment"] | {"DUTY": "work"}}


CONTAINERS = [f"{service}{part}" for service in SERVICES for part in ("", "-work", "-migrate")]


@pytest.mark.parametrize("name", [*CONTAINERS, "gateway", "issuer"])
def test_what_we_build_runs_confined(name: str) -> None:
    confined = part(name)
    assert confined["read_only"] is True
    assert confined["cap_drop"] == ["ALL"]
    assert confined["security_opt"] == ["no-new-privileges:true"]


def test_the_servers_are_those_that_the_tests_run_on() -> None:
    assert (part("postgres")["image"], part("nats")["image"]) == (POSTGRES, NATS)


def test_every_password_that_the_databases_are_made_with_has_a_place_in_compose() -> None:
    asked = re.findall(r"\\getenv \w+ (\w+)", (ROOT / "deploy/postgres/init.sql").read_text())
    assert len(asked) == 2 * len(SERVICES)
    assert set(asked) <= part("postgres")["environment"].keys()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.parent.name)
def test_a_recipe_names_its_base_exactly_and_no_registry_and_ends_as_nobody_special(recipe: Path) -> None:
    text = recipe.read_text()
    stages = set(re.findall(r"^FROM \S+ AS (\w+)", text, re.MULTILINE))
    bases = set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) - stages
    assert bases == {"python:3.11-slim-bookworm"}
    user = re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1]
    assert user.partition(":")[0] not in {"root", "0"}
    assert "HEALTHCHECK" in text


def test_a_build_sees_what_it_needs_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    needed = {"requirements.lock", "shared", "services", "deploy/__init__.py", "deploy/local"}
    assert {rule for rule in rules if rule.startswith("!")} == {f"!{path}" for path in needed}
