"""What a person can order of a run, and which servers of their own they can name."""

from pathlib import Path

import pytest

from deploy.local.child import ServerError
from deploy.local.intake import FolderError
from deploy.local.order import Order
from deploy.local.sampling.folder import FOLDER
from deploy.local.settings import OwnServers


def test_without_anything_it_is_the_sample_with_servers_of_its_own() -> None:
    order = Order.read({})
    assert (order.data, order.year, order.out, order.exit) == (FOLDER, None, None, False)
    assert order.own.databases == {}
    assert order.own.nats_url is None
    assert order.state.parent.name == "var"
    assert order.state.name.startswith("sample-")


def test_everything_can_be_said(tmp_path: Path) -> None:
    data = tmp_path / "my data"
    environment = {"DATA": str(data), "YEAR": "2024", "OUT": "out", "EXIT": "1", "STATE": str(tmp_path)}
    order = Order.read(environment)
    assert (order.year, order.out, order.exit) == (2024, Path("out"), True)
    assert order.state.parent == tmp_path
    assert order.state.name.startswith("my data-")


def test_two_folders_of_one_name_keep_two_states(tmp_path: Path) -> None:
    states = {Order.read({"DATA": str(tmp_path / place / "year")}).state for place in ("a", "b")}
    assert len(states) == 2


@pytest.mark.parametrize("year", ["25", "20255", "２０２５", "next"])
def test_a_year_that_is_none_is_refused(year: str) -> None:
    with pytest.raises(FolderError, match=f"YEAR={year} is not a year"):
        Order.read({"YEAR": year})


def test_databases_and_a_broker_of_ones_own_are_taken() -> None:
    own = OwnServers.read(
        {
            "POINTS_DATABASE_URL": "postgresql+asyncpg://p@db/points",
            "POINTS_OWNER_URL": "postgresql+asyncpg://o@db/points",
            "NATS_URL": "nats://bus:4222",
            "SUBJECT_PREFIX": "gz",
        }
    )
    assert own.databases["points"].owner == "postgresql+asyncpg://o@db/points"
    assert set(own.databases) == {"points"}
    assert (own.nats_url, own.subject_prefix) == ("nats://bus:4222", "gz")


@pytest.mark.parametrize(
    ("given", "missing"),
    [("HOURS_DATABASE_URL", "HOURS_OWNER_URL"), ("HOURS_OWNER_URL", "HOURS_DATABASE_URL")],
)
def test_half_a_database_is_refused(given: str, missing: str) -> None:
    with pytest.raises(ServerError, match=f"{given} is set, {missing} is not"):
        OwnServers.read({given: "postgresql+asyncpg://x@db/hours"})
