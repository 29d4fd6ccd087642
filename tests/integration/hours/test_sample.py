"""The sample year that the project ships, taken as its files stand: plain hours and a text of evidence."""

import httpx

from tests.integration.hours.acts import register
from tests.support import sample


async def test_every_record_of_the_sample_year_is_taken(hours: httpx.AsyncClient) -> None:
    await sample.enrol(hours)
    records = sample.rows("hours.csv")
    results = await register(hours, *records)
    assert [result["problem"] for result in results if result["status"] != 201] == []
    again = await register(hours, *reversed(records))
    assert all(result["replayed"] for result in again)
