"""The sample year that the project ships, as its files stand, and drafts of its rules."""

import csv
import json
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from tests.support.world import until

FOLDER = Path(__file__).parents[2] / "deploy" / "local" / "sample"
YEAR = 2025


def rows(file: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """A table of the sample, or of that of another pack."""
    with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def activities() -> list[dict[str, Any]]:
    """The activities of the sample, in the order of their file; some come twice, some are wrong."""
    with (FOLDER / "activities.ndjson").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def drafted(*changes: tuple[str, str], every: bool = False, pack: str = "guangzhou") -> str:
    """A shipped pack with other words in some places, each of them the first of its kind, or everywhere."""
    shipped = resources.files("shared.policy").joinpath("packs", f"{pack}.toml").read_text(encoding="utf-8")
    text = shipped.replace('version = "1"', 'version = "2-draft"', 1)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, -1 if every else 1)
    return text


async def enrol(hours: httpx.AsyncClient, folder: Path = FOLDER) -> None:
    """Register the tree and the roster."""
    for path, name, file in (
        ("/v1/organisations", "organisations", "organisations.csv"),
        ("/v1/roster", "teachers", "roster.csv"),
    ):
        headers = {"Idempotency-Key": f"sample-{name}"}
        answer = await hours.post(path, json={name: rows(file, folder)}, headers=headers)
        assert answer.json()["refused"] == 0, answer.text


async def earn(points: httpx.AsyncClient) -> None:
    """Hand all activities in, and ask for every exchange."""
    content = (FOLDER / "activities.ndjson").read_bytes()
    headers = {"content-type": "application/x-ndjson"}
    (await points.post("/v1/activities", content=content, headers=headers)).raise_for_status()
    for row in rows("exchanges.csv"):
        await points.post("/v1/exchanges", json=row)


async def evaluated(client: httpx.AsyncClient, pack: str, **more: Any) -> list[dict[str, Any]]:
    """What a service says of a draft, all pages."""
    body = {"pack": pack, "year": YEAR, "scope": {"kind": "everyone"}, **more}
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.post("/v1/what-if", json=body, params={"limit": 1000, **cursor})
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        if answer.json()["next"] is None:
            return items
        cursor = {"cursor": answer.json()["next"]}


async def known(client: httpx.AsyncClient, teachers: int) -> None:
    """Wait until a service has heard of so many teachers."""

    async def heard() -> bool:
        return len(await evaluated(client, drafted())) == teachers

    await until(heard)
