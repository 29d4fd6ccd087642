"""The sample year that the project ships, taken as its files stand: plain hours and a text of evidence."""

import csv
from pathlib import Path
from typing import Any

import httpx

from tests.integration.hours.acts import key, register

FOLDER = Path(__file__).parents[3] / "deploy" / "local" / "sample"


def rows(file: str) -> list[dict[str, Any]]:
    with (FOLDER / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


async def test_every_record_of_the_sample_year_is_taken(hours: httpx.AsyncClient) -> None:
    tree = {"organisations": rows("organisations.csv")}
    answer = await hours.post("/v1/organisations", json=tree, headers=key())
    assert answer.json()["refused"] == 0, answer.text
    answer = await hours.post("/v1/roster", json={"teachers": rows("roster.csv")}, headers=key())
    assert answer.json()["refused"] == 0, answer.text
    records = rows("hours.csv")
    results = await register(hours, *records)
    assert [result["problem"] for result in results if result["status"] != 201] == []
    again = await register(hours, *reversed(records))
    assert all(result["replayed"] for result in again)
