"""What a caller sees of teachers and does about them ends where the reach ends, at every route of points."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from tests.integration.hours.acts import enrol
from tests.integration.hours.test_organisations import CITY, DISTRICT, SCHOOL, post
from tests.integration.places.town import TREE, Town
from tests.support.deeds import SOURCE, act, shared, topic, withdrawal, workshop
from tests.support.signing import OPERATOR, signed
from tests.support.world import World, until

YEAR = 2025
HERE = (
    *TREE,
    {**CITY, "organisation": "B", "name": "广州市", "division": "440100"},
    {**DISTRICT, "organisation": "G", "name": "天河区", "parent": "B", "division": "440106"},
    {"organisation": "H", "level": "school", "name": "第三小学", "parent": "G"},
)
"""Beside city C with its districts D and E, city B with district G and school H."""
SCHOOLS = {"T1": ("S", "福田区"), "T2": ("F", "罗湖区"), "T3": ("H", "天河区")}
UNLISTED = "T4"
"""Platforms know this teacher, no roster does."""
EVERYBODY = (*SCHOOLS, UNLISTED)
REACHES = {
    "school_administrator@school:S": {"T1"},
    "district_centre@district:E": {"T2"},
    "city_department@city:C": {"T1", "T2"},
    "platform@city:B": {"T3"},
    "auditor@province:P": {"T1", "T2", "T3"},
    OPERATOR: set(EVERYBODY),
}
TEACHER = "teacher@person:T1"
CITY_PLATFORM = "platform@city:B"
LISTS = ("accounts", "awards", "exchanges")
UNKNOWN = 404


@dataclass(frozen=True, slots=True)
class Place:
    """Points, those from whom it hears who lies where, and the address of why for each teacher's entries."""

    points: httpx.AsyncClient
    town: Town
    whys: Mapping[str, list[str]]

    async def get(self, role: str, path: str, **params: Any) -> httpx.Response:
        """What somebody sees."""
        return await self.points.get(path, params=params, headers=signed(role))

    async def seen(self, role: str, teacher: str) -> bool:
        """Whether somebody sees a teacher's balance."""
        return (await self.get(role, f"/v1/teachers/{teacher}/balance")).status_code != UNKNOWN

    async def listed(self, role: str, name: str, **params: Any) -> list[dict[str, Any]]:
        """All pages of a list, an item each."""
        path, found = f"/v1/{name}", []
        cursor: dict[str, str] = {}
        while True:
            answer = await self.get(role, path, year=YEAR, limit=1, **cursor, **params)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            if answer.json()["next"] is None:
                return found
            cursor = {"cursor": answer.json()["next"]}

    async def send(self, role: str, path: str, body: Any) -> httpx.Response:
        """What somebody is answered for what they hand in."""
        return await self.points.post(path, json=body, headers=signed(role))


async def settle(world: World) -> Place:
    """Four teachers with the same year each, three of them on the roster; T1's reply dates an award of T3."""
    hours, points = await world.serve("hours"), await world.serve("points")
    await post(hours, *HERE)
    for teacher, (school, district) in SCHOOLS.items():
        await enrol(hours, teacher, school=school, district=district)
    deeds = [deed for teacher in EVERYBODY for deed in workshop(f"w-{teacher}", teacher, f"{YEAR}-03-01")]
    talk = topic("talk", "T3", f"{YEAR}-03-02T09:00:00+08:00", 9)
    last = act("topic.replied", "T1", f"{YEAR}-03-03T09:00:00+08:00", "last", topic="talk")
    taken = await points.post("/v1/activities", json=[*deeds, *talk, last])
    assert taken.json()["refused"] == 0, taken.text
    answer = await points.post("/v1/exchanges", json=[asking(f"x-{one}", one) for one in EVERYBODY])
    assert answer.json()["refused"] == 0, answer.text
    await world.heard("hours", "points")
    await world.heard("points", "hours")
    whys = {
        one: [await _why(points, f"/v1/exchanges/x-{one}"), *await _lines(points, one)] for one in EVERYBODY
    }
    return Place(points, Town(world, hours), whys)


async def _why(points: httpx.AsyncClient, path: str) -> str:
    why: str = (await points.get(path)).json()["why"]
    return why


async def _lines(points: httpx.AsyncClient, teacher: str) -> list[str]:
    return [line["why"] for line in (await points.get(f"/v1/teachers/{teacher}/statement")).json()["items"]]


def asking(request: str, teacher: str, hours: int = 1) -> dict[str, Any]:
    """An hour for 100 points."""
    at = f"{YEAR}-06-01T10:00:00+08:00"
    return {"request": request, "teacher": teacher, "category": "professional", "hours": hours, "at": at}


def things(teacher: str) -> Iterator[str]:
    """What may be seen of a teacher by a name."""
    yield f"/v1/exchanges/x-{teacher}"
    yield f"/v1/activities/{SOURCE}/found-w-{teacher}"
    yield from accounts(teacher)


def accounts(teacher: str) -> Iterator[str]:
    for name in ("balance", "forecast", "statement"):
        yield f"/v1/teachers/{teacher}/{name}"


async def test_who_is_out_of_reach_is_answered_like_who_does_not_exist(world: World) -> None:
    place = await settle(world)
    for role, reach in REACHES.items():
        nothing = await place.get(role, f"{place.whys['T1'][0].removesuffix('/why')}999999/why")
        for teacher in EVERYBODY:
            for path, absent in zip(things(teacher), things("nobody"), strict=True):
                answer = await place.get(role, path)
                if teacher in reach:
                    assert answer.status_code == 200, (role, path, answer.text)
                else:
                    missing = await place.get(role, absent)
                    same = missing.text.replace("nobody", teacher)
                    assert (answer.status_code, answer.text) == (UNKNOWN, same), (role, path)
            for path in place.whys[teacher]:
                answer = await place.get(role, path)
                if teacher in reach:
                    assert answer.status_code == 200, (role, path, answer.text)
                else:
                    assert (answer.status_code, answer.text) == (UNKNOWN, nothing.text), (role, path)


async def test_teachers_see_themselves_only(world: World) -> None:
    place = await settle(world)
    mine = ["/v1/exchanges/x-T1", *accounts("T1"), *place.whys["T1"]]
    theirs = ["/v1/exchanges/x-T2", *accounts("T2"), *place.whys["T2"]]
    assert {(await place.get(TEACHER, path)).status_code for path in mine} == {200}
    assert {(await place.get(TEACHER, path)).status_code for path in theirs} == {UNKNOWN}
    assert (await place.send(TEACHER, "/v1/exchanges", asking("mine", "T1"))).status_code == 202
    refused = await place.send(TEACHER, "/v1/exchanges", asking("theirs", "T2"))
    assert (refused.status_code, refused.json()["code"]) == (UNKNOWN, "teacher.out_of_reach")


async def test_lists_hold_exactly_the_reach_page_by_page(world: World) -> None:
    place = await settle(world)
    for name in LISTS:
        whole = await place.listed(OPERATOR, name)
        for role, reach in REACHES.items():
            expected = [item for item in whole if item["teacher"] in reach]
            assert {item["teacher"] for item in expected} == reach
            assert await place.listed(role, name) == expected, (role, name)
    for name in ("awards", "exchanges"):
        for role, reach in REACHES.items():
            for teacher in EVERYBODY:
                found = await place.listed(role, name, teacher=teacher)
                assert {item["teacher"] for item in found} == {teacher} & reach, (role, name)


async def test_an_activity_shows_no_awards_of_teachers_out_of_reach(world: World) -> None:
    place = await settle(world)

    async def awarded(role: str) -> tuple[set[str], set[str]]:
        shown = (await place.get(role, f"/v1/activities/{SOURCE}/last")).json()
        return _teachers(shown["dates"]), _teachers(shown["awards_on_object"])

    assert await awarded("auditor@province:P") == ({"T3"}, {"T3"})
    assert await awarded("school_administrator@school:S") == (set(), set())


def _teachers(awards: Iterable[Mapping[str, str]]) -> set[str]:
    return {award["teacher"] for award in awards}


async def test_marks_of_no_teacher_are_for_who_reaches_everything(world: World) -> None:
    place = await settle(world)
    assert (await place.points.post(f"/v1/years/{YEAR}/close", headers={"Idempotency-Key": "1"})).is_success
    marks = "select partition, seq from journal where type = 'points.year_closed.v1' limit 1"

    async def marked() -> str:
        return world.cluster.postgres.sql(marks, world.databases["points"])

    await until(marked)
    partition, seq = (await marked()).strip().split("|")
    path = f"/v1/entries/{partition}/{seq}/why"
    assert (await place.get(OPERATOR, path)).status_code == 200
    assert (await place.get("auditor@deployment:local", path)).status_code == 200
    for role in REACHES.keys() - {OPERATOR}:
        assert (await place.get(role, path)).json()["code"] == "entry.unknown", role


async def test_requests_for_teachers_out_of_reach_are_refused_alone(world: World) -> None:
    place = await settle(world)
    rows = [asking("a", "T3"), asking("b", "T1"), {"request": "c"}, asking("d", UNLISTED), asking("e", "T3")]
    answer = (await place.send(CITY_PLATFORM, "/v1/exchanges", rows)).json()
    assert [row["status"] for row in answer["results"]] == [202, UNKNOWN, 422, UNKNOWN, 202]
    problem = answer["results"][1]["problem"]
    assert (problem["code"], problem["teacher"]) == ("teacher.out_of_reach", "T1")
    assert [fault["path"] for fault in problem["errors"]] == ["/teacher"]
    alone = await place.send(CITY_PLATFORM, "/v1/exchanges", asking("b", "T1"))
    assert (alone.status_code, alone.json()) == (UNKNOWN, problem)
    for request in "bd":
        assert (await place.get(OPERATOR, f"/v1/exchanges/{request}")).json()["code"] == "exchange.unknown"
    anew = await place.send(OPERATOR, "/v1/exchanges", [asking("b", "T1", hours=2)])
    assert (anew.json()["accepted"], anew.json()["replayed"]) == (1, 0), "the name was not used up"


async def test_a_platform_of_a_city_hands_in_for_its_city_only(world: World) -> None:
    place = await settle(world)
    deeds = [shared(f"r-{one}", one, f"{YEAR}-04-01") for one in ("T3", "T1", UNLISTED, "nobody", "T3")]
    deeds[-1] = shared("r-again", "T3", f"{YEAR}-04-02")
    expected = [201, UNKNOWN, UNKNOWN, UNKNOWN, 201]
    lines = b"\n".join(map(msgspec.json.encode, deeds))
    several = (await place.send(CITY_PLATFORM, "/v1/activities", deeds)).json()
    assert [row["status"] for row in several["results"]] == expected
    assert several["results"][1]["problem"]["code"] == "teacher.out_of_reach"
    spoilt = (await place.send(CITY_PLATFORM, "/v1/activities", [{}, *deeds])).json()
    assert [row["status"] for row in spoilt["results"]] == [422, *expected]
    headers = {"Content-Type": "application/x-ndjson", **signed(CITY_PLATFORM)}
    stream = (await place.points.post("/v1/activities", content=lines, headers=headers)).text.splitlines()
    assert [msgspec.json.decode(line)["status"] for line in stream] == expected
    one = await place.send(CITY_PLATFORM, "/v1/activities", deeds[1])
    assert (one.status_code, one.json()["code"]) == (UNKNOWN, "teacher.out_of_reach")
    for name in ("T1", UNLISTED, "nobody"):
        path = f"/v1/activities/{SOURCE}/share-r-{name}"
        assert (await place.get(OPERATOR, path)).json()["code"] == "activity.unknown"
    whole = await place.send("platform@deployment:local", "/v1/activities", deeds)
    assert (whole.json()["accepted"], whole.json()["replayed"]) == (3, 2)


async def test_a_platform_of_a_city_withdraws_no_acts_of_other_cities(world: World) -> None:
    place = await settle(world)
    rulings = [
        withdrawal(f"found-w-{one}", "T3", f"{YEAR}-05-01T09:00:00+08:00") for one in ("T1", "T3", "T5")
    ]
    answer = (await place.send(CITY_PLATFORM, "/v1/activities", rulings)).json()
    assert [row["status"] for row in answer["results"]] == [UNKNOWN, 201, 201]
    problem = answer["results"][0]["problem"]
    assert [(fault["path"], fault["code"]) for fault in problem["errors"]] == [
        ("/object/activity", "activity.unknown")
    ]
    states = [
        (await place.get(OPERATOR, f"/v1/activities/{SOURCE}/found-w-{one}")).json()["state"]
        for one in ("T1", "T3")
    ]
    assert states == ["stands", "withdrawn"]


async def test_whoever_moves_leaves_one_reach_and_enters_another(world: World) -> None:
    place = await settle(world)
    near, far = "district_centre@district:D", "district_centre@district:E"

    async def seen() -> list[list[str]]:
        await world.heard("points", "hours")
        return [
            [one for one in SCHOOLS if await place.seen(role, one)] for role in (near, far, CITY_PLATFORM)
        ]

    assert await seen() == [["T1"], ["T2"], ["T3"]]
    await place.town.transfer("T2", "N", "1")
    assert await seen() == [["T1", "T2"], [], ["T3"]]
    await enrol(place.town.hours, "T3", school="S", district="福田区")
    assert await seen() == [["T1", "T2", "T3"], [], []]
    assert (await place.send(CITY_PLATFORM, "/v1/exchanges", asking("gone", "T3"))).status_code == UNKNOWN
    await post(place.town.hours, {**SCHOOL, "parent": "E"})
    assert await seen() == [["T2"], ["T1", "T3"], []], "a school takes its teachers along"
    assert {item["teacher"] for item in await place.listed(far, "accounts")} == {"T1", "T3"}
