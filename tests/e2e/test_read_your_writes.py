"""What a platform was just told is in the next answer of another service, or that one says: not yet."""

from typing import Any

from tests.support.city import City
from tests.support.deeds import person, workshop
from tests.support.world import World, until

AT = "2025-11-20T10:00:00+08:00"


async def test_hours_answer_with_an_exchange_in_them_once_they_answer_at_all(world: World) -> None:
    points, hours = await world.serve("points"), await world.serve("hours")
    city = City(points=points, hours=hours, verification=hours, certificates=hours)
    await city.enrol(person("T01"))
    await city.do(*workshop("w", "T01", "2025-03-01"))
    for count in range(1, 4):
        answer = await city.ask(f"x-{count}", "T01", "professional", 1, AT)
        event = answer.json()["event"]
        said: list[dict[str, Any]] = []

        async def answered(event: str = event, said: list[dict[str, Any]] = said) -> bool:
            statement = await hours.get(
                "/v1/teachers/T01/statement", params={"year": 2025}, headers={"Min-Seq": event}
            )
            assert statement.is_success or statement.json()["code"] == "min_seq.not_applied"
            said[:] = [statement.json()]
            return statement.is_success

        await until(answered)
        assert said[0]["totals"]["professional"] == f"{count}.00"
