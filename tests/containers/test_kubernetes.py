"""What Kubernetes is told, rendered as `kubectl apply -k` would."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.containers import ROOT
from tests.support.world import SERVICES

BASE = ROOT / "deploy/kubernetes"
JURISDICTIONS = [*sorted((ROOT / "deploy/jurisdictions").iterdir()), BASE]
Thing = dict[str, Any]


def rendered(folder: Path) -> dict[tuple[str, str], Thing]:
    """Everything that would be applied, by kind and name."""
    command = next(
        (c for c in (["kubectl", "kustomize"], ["kustomize", "build"]) if shutil.which(c[0])), None
    )
    if command is None:
        pytest.skip("neither kubectl nor kustomize is installed")
    done = subprocess.run([*command, folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {(t["kind"], t["metadata"]["name"]): t for t in yaml.safe_load_all(done.stdout)}


@pytest.fixture(scope="module")
def things() -> dict[tuple[str, str], Thing]:
    return rendered(BASE)


def pods(things: dict[tuple[str, str], Thing]) -> Iterator[tuple[str, Thing]]:
    for (kind, name), thing in things.items():
        if kind in {"Deployment", "Job"}:
            yield name, thing["spec"]["template"]


def secrets(pod: Thing) -> set[str]:
    (container,) = pod["spec"]["containers"]
    return {source["secretRef"]["name"] for source in container["envFrom"] if "secretRef" in source}


def test_every_service_is_deployed_reached_migrated_and_kept(things: dict[tuple[str, str], Thing]) -> None:
    for service in SERVICES:
        kinds = {kind for kind, name in things if name in {service, f"{service}-migrate"}}
        assert kinds == {"Deployment", "Service", "Job", "PodDisruptionBudget"}
        assert [kind for kind, name in things if name == f"{service}-work"] == ["Deployment"]
    assert all(t["metadata"].get("namespace") == "hourbank" for k, t in things.items() if k[0] != "Namespace")


def test_a_service_is_found_by_its_own_copies_only(things: dict[tuple[str, str], Thing]) -> None:
    for service in SERVICES:
        selector = things["Service", service]["spec"]["selector"].items()
        assert things["Deployment", service]["spec"]["selector"]["matchLabels"].items() == selector
        assert things["PodDisruptionBudget", service]["spec"]["selector"]["matchLabels"].items() == selector
        found = [name for name, pod in pods(things) if selector <= pod["metadata"]["labels"].items()]
        assert found == [service]


def test_requests_and_work_have_pods_of_their_own_that_differ_in_nothing_else(
    things: dict[tuple[str, str], Thing],
) -> None:
    for service in SERVICES:
        (serving,), (working,) = (
            things["Deployment", name]["spec"]["template"]["spec"]["containers"]
            for name in (service, f"{service}-work")
        )
        assert serving.pop("env") == [{"name": "DUTY", "value": "requests"}]
        assert working.pop("env") == [{"name": "DUTY", "value": "work"}]
        assert serving | {"name": None, "lifecycle": None} == working | {"name": None, "lifecycle": None}


def test_only_the_migration_knows_the_owner(things: dict[tuple[str, str], Thing]) -> None:
    for service in SERVICES:
        serving = things["Deployment", service]["spec"]["template"]
        migrating = things["Job", f"{service}-migrate"]["spec"]["template"]
        assert secrets(serving) == {"bus", f"{service}-database", f"{service}-client"}
        assert secrets(migrating) == {"bus", f"{service}-database", f"{service}-owner"}
        images = {pod["spec"]["containers"][0]["image"] for pod in (serving, migrating)}
        assert images == {f"hourbank-{service}"}


def test_every_pod_is_confined_and_says_what_it_needs(things: dict[tuple[str, str], Thing]) -> None:
    seen = 0
    for _, pod in pods(things):
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        assert pod["spec"]["automountServiceAccountToken"] is False
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]
        seen += 1
    assert seen == 3 * len(SERVICES)


def test_probes_ask_what_the_services_answer(things: dict[tuple[str, str], Thing]) -> None:
    for service in SERVICES:
        (container,) = things["Deployment", service]["spec"]["template"]["spec"]["containers"]
        asked = {probe: container[probe]["httpGet"]["path"] for probe in container if probe.endswith("Probe")}
        assert asked == {"readinessProbe": "/readyz", "livenessProbe": "/livez", "startupProbe": "/livez"}


def test_services_call_each_other_where_they_are(things: dict[tuple[str, str], Thing]) -> None:
    (addresses,) = [t["data"] for (kind, _), t in things.items() if kind == "ConfigMap"]
    for service in SERVICES:
        (port,) = things["Service", service]["spec"]["ports"]
        assert addresses[f"{service.upper()}_URL"] == f"http://{service}:{port['port']}"


def test_nobody_outside_reaches_the_services(things: dict[tuple[str, str], Thing]) -> None:
    assert {kind for kind, _ in things}.isdisjoint({"Ingress", "HTTPRoute", "Gateway"})
    assert all(
        things["Service", service]["spec"].get("type", "ClusterIP") == "ClusterIP" for service in SERVICES
    )
    policy = things["NetworkPolicy", "services"]["spec"]
    assert (policy["podSelector"], policy["ingress"]) == ({}, [{"from": [{"podSelector": {}}]}])


def test_jurisdictions_on_one_cluster_share_images_and_nothing_else() -> None:
    """Neither a namespace, and with it secrets, nor a word on the bus, nor a public address."""
    seen: set[str] = set()
    for folder in JURISDICTIONS:
        things = rendered(folder)
        (namespace,) = [name for kind, name in things if kind == "Namespace"]
        (addresses,) = [name for kind, name in things if kind == "ConfigMap"]
        told = things["ConfigMap", addresses]["data"]
        own = {namespace, told["SUBJECT_PREFIX"], told["CERTIFICATES_PUBLIC_URL"]}
        assert seen.isdisjoint(own)
        seen |= own
        within = {t["metadata"].get("namespace") for (kind, _), t in things.items() if kind != "Namespace"}
        assert within == {namespace}
        read = {
            c["envFrom"][0]["configMapRef"]["name"] for _, p in pods(things) for c in p["spec"]["containers"]
        }
        assert read == {addresses}
