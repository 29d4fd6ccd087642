"""A statement of points as it was known at a past instant, page by page."""

from datetime import UTC, datetime, timedelta

import httpx

from tests.integration.points.reading import ask, everything
from tests.support.deeds import shared, withdrawal, workshop
from tests.support.past_answers import Then
from tests.support.world import World

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
STATEMENT = "/v1/teachers/T1/statement"


async def test_a_statement_is_asked_again_as_of_then_and_never_changes(
    points: httpx.AsyncClient, world: World
) -> None:
    then = Then(world, "points", points, (f"{STATEMENT}?limit=200", f"{STATEMENT}?limit=1"))
    steps = [
        workshop("w1", "T1", "2024-05-01"),
        [shared(name, "T1", "2024-05-02") for name in "ab"],
        [withdrawal("share-a", "T1", "2024-05-03T09:00:00+08:00")],
    ]
    for day, rows in enumerate(steps):
        then.moves_to(START + day * DAY)
        assert (await points.post("/v1/activities", json=rows)).json()["refused"] == 0
        await then.keeps(START + day * DAY)
    then.moves_to(START + 3 * DAY)
    assert (await ask(points, "x", 3)).is_success
    await then.answers_alike()
    paged = await everything(points, STATEMENT, known_at=(START + DAY).isoformat())
    assert [line["points"] for line in paged] == [50, 500, 20, 20]
    by_day = (await points.get(STATEMENT, params={"effective_on": "2024-05-01"})).json()["items"]
    assert [line["points"] for line in by_day] == [50, 500]
    refused = await points.get(STATEMENT, params={"known_at": "2199-01-01T00:00:00Z"})
    assert (refused.status_code, refused.json()["code"]) == (422, "known_at.not_past")
