"""What a draft would have done to the points of the sample year, held to plain sums over its files."""

from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.support import sample
from tests.support.sample import YEAR, drafted, evaluated
from tests.support.signing import calling, signed
from tests.support.world import World, until

CHINA = timezone(timedelta(hours=8))
FEWER = ("min_people = 10", "min_people = 8")
"""A topic earns its points from eight repliers on."""


def by_topics(people: int) -> dict[str, int]:
    """Points of the first rule on topics under a threshold, from the file alone: at most 100 a teacher."""
    acts = {(act.get("source"), act.get("id")): act for act in sample.activities()}
    withdrawn = {
        (act["source"], act["object"]["activity"])
        for act in acts.values()
        if act.get("type") == "activity.withdrawn"
    }
    started: dict[str, tuple[datetime, str]] = {}
    replied: dict[str, dict[str, datetime]] = defaultdict(dict)
    for key, act in acts.items():
        if key in withdrawn or act.get("type") not in {"topic.started", "topic.replied"}:
            continue
        at, name = datetime.fromisoformat(act["occurred_at"]), act["object"].get("topic")
        if at.tzinfo is None or not name or at.year > YEAR:
            continue
        if act["type"] == "topic.started":
            started[name] = min(started.get(name, (at, act["teacher"])), (at, act["teacher"]))
        else:
            replied[name][act["teacher"]] = min(replied[name].get(act["teacher"], at), at)
    points: dict[str, int] = defaultdict(int)
    for name, (founded, author) in started.items():
        others = sorted(at for who, at in replied[name].items() if who != author)
        if len(others) >= people and max(others[people - 1], founded).astimezone(CHINA).year == YEAR:
            points[author] = min(points[author] + 10, 100)
    return points


@pytest.fixture
async def year(world: World) -> httpx.AsyncClient:
    """The sample year in points, its roster heard."""
    points, hours = await world.serve("points"), await world.serve("hours")
    await sample.enrol(hours)
    await sample.earn(points)
    await sample.known(points, len(sample.rows("roster.csv")))
    await until(lambda: settled(points))
    return points


async def settled(points: httpx.AsyncClient) -> bool:
    """Whether every exchange was answered."""
    asked = (await points.get(f"/v1/exchanges?year={YEAR}")).json()["items"]
    return all(one["state"] != "pending" for one in asked)


async def written(world: World) -> list[Any]:
    """The heads of the journal, and how many rows every table has."""
    database = world.apps["points"].state.database
    async with database.transaction(reading=True) as tx:
        heads = (await tx.execute(text("select partition, seq, head from part order by 1"))).all()
        names = "select table_name from information_schema.tables where table_schema = 'public' order by 1"
        tables = (await tx.execute(text(names))).scalars().all()
        left = {"reading", "shown"}  # reads are logged
        counts = [
            (await tx.execute(text(f'select count(*) from "{name}"'))).scalar_one()  # noqa: S608 - names of ours
            for name in tables
            if name not in left
        ]
    return [heads, counts]


async def topics(year: httpx.AsyncClient, world: World) -> None:
    """A lower threshold, which differs as plain sums say; nothing is written."""
    before = await written(world)
    same = await evaluated(year, drafted())
    assert [item["teacher"] for item in same if item["differs"]] == [], "the rules in force"
    accounts = {
        row["teacher"]: row for row in (await year.get("/v1/accounts?year=2025&limit=1000")).json()["items"]
    }
    for item in same:
        stands = accounts.get(item["teacher"], {"earned": 0, "exchanged": 0})
        assert item["draft"]["awarded"] == stands["earned"]
        assert sum(item["draft"]["exchanged"].values()) * 100 == stands["exchanged"]
    ten, eight = by_topics(10), by_topics(8)
    assert ten != eight
    found = {item["teacher"]: item for item in await evaluated(year, drafted(FEWER))}
    for teacher, item in found.items():
        gain = eight.get(teacher, 0) - ten.get(teacher, 0)
        assert item["draft"]["awarded"] - item["in_force"]["awarded"] == gain
        ruled = [(one["rule"], one["draft"] - one["in_force"]) for one in item["rules"]]
        assert ruled == ([("GZ-BP-06", gain)] if gain else [])
    assert await written(world) == before


def replayed(awards: list[dict[str, Any]], rate: int, cap: int) -> dict[str, int]:
    """Hours by request, each asked in turn of what its teacher had earned by then and not spent before.

    Who is not on the roster is nobody's teacher, and nobody evaluates anything for them.
    """
    listed = {row["teacher"] for row in sample.rows("roster.csv")}
    hours: dict[str, int] = {}
    spent: dict[tuple[str, str], int] = defaultdict(int)
    for row in [row for row in sample.rows("exchanges.csv") if row["teacher"] in listed]:
        teacher, category, asked = row["teacher"], row["category"], int(row["hours"])
        at = datetime.fromisoformat(row["at"])
        held = sum(one["points"] for one in awards if one["teacher"] == teacher and moment(one) <= at)
        used = sum(hours for (who, _), hours in spent.items() if who == teacher)
        enough = held >= (used + asked) * rate and spent[teacher, category] + asked <= cap
        hours[row["request"]] = asked if enough else 0
        spent[teacher, category] += hours[row["request"]]
    return hours


def moment(award: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(award["at"])


async def requests(year: httpx.AsyncClient) -> None:
    """Dearer hours, or cheaper ones under a higher cap: some are granted no more, one is that was refused."""
    awards = (await year.get("/v1/awards?year=2025&limit=1000")).json()["items"]
    caps = "professional = 10, elective = 10 }"
    in_force = replayed(awards, 100, 10)
    for changes, expected in (
        ([("rate = 100", "rate = 400")], replayed(awards, 400, 10)),
        (
            [("rate = 100", "rate = 50"), (caps, "professional = 11, elective = 11 }")],
            replayed(awards, 50, 11),
        ),
    ):
        items = await evaluated(year, drafted(*changes))
        found = [one for item in items for one in item["exchanges"]]
        told = {one["request"]: (one["in_force"], one["draft"]) for one in found}
        wanted = {
            name: (in_force[name], hours) for name, hours in expected.items() if in_force[name] != hours
        }
        assert wanted, changes
        assert told == wanted
        assert all(bool(one["code"]) == bool(one["words"]) == (one["draft"] == 0) for one in found)
        assert not any("{" in one["words"] for one in found)
        for item in items:
            moved = sum(one["draft"] - one["in_force"] for one in item["exchanges"])
            sides = [sum(item[side]["exchanged"].values()) for side in ("draft", "in_force")]
            assert sides[0] - sides[1] == moved
    ended = await evaluated(year, drafted(("rate = 100", "rate = 400")))
    for item in ended:
        cost = 400 * sum(item["draft"]["exchanged"].values())
        assert item["draft"]["expired"] == item["draft"]["awarded"] - cost, "the year is over"


async def scopes(year: httpx.AsyncClient) -> None:
    """Paged, drawn, and narrowed to the reach."""
    roster = sample.rows("roster.csv")
    everyone = sorted(row["teacher"] for row in roster)
    body = {"pack": drafted(), "year": YEAR, "scope": {"kind": "everyone"}}
    first = (await year.post("/v1/what-if", json=body, params={"limit": 40})).json()
    rest = (await year.post("/v1/what-if", json=body, params={"limit": 40, "cursor": first["next"]})).json()
    assert [item["teacher"] for item in first["items"] + rest["items"]] == everyone
    assert (first["totals"]["teachers"], rest["totals"]["teachers"], rest["next"]) == (
        40,
        len(everyone) - 40,
        None,
    )
    drawn = {"kind": "everyone", "draw": {"number": 7, "seed": "ab" * 16}}
    seven, again = [
        [one["teacher"] for one in await evaluated(year, drafted(), scope=drawn)] for _ in range(2)
    ]
    assert (seven, len(seven), seven == sorted(seven)) == (again, 7, True)
    other = {**drawn, "draw": {"number": 7, "seed": "cd" * 16}}
    assert [one["teacher"] for one in await evaluated(year, drafted(), scope=other)] != seven
    school = roster[0]["school"]
    there = sorted(row["teacher"] for row in roster if row["school"] == school)
    assert [
        one["teacher"] for one in await evaluated(year, drafted(), scope={"kind": "school", "id": school})
    ] == there
    for nobody in (
        {"kind": "school", "id": "S99"},
        {"kind": "teachers"},
        {"kind": "teachers", "teachers": ["N"]},
    ):
        assert await evaluated(year, drafted(), scope=nobody) == []
    for caller, status, names in (
        (calling("city:C4401"), 200, everyone),
        (signed("city_department@city:C9"), 200, []),
        (calling("school:S01"), 403, None),
        (signed("teacher@person:T0101"), 403, None),
    ):
        answer = await year.post("/v1/what-if", json=body, params={"limit": 1000}, headers=caller)
        assert answer.status_code == status
        assert names is None or [item["teacher"] for item in answer.json()["items"]] == names
    seen = (await year.get("/v1/teachers/T0101/reads")).json()["items"]
    assert "what_if.ask" in {read["act"] for read in seen}


async def test_a_draft_over_the_sample_year(year: httpx.AsyncClient, world: World) -> None:
    await topics(year, world)
    await requests(year)
    await scopes(year)


async def test_a_broken_draft_is_refused_with_the_line_of_what_is_wrong(points: httpx.AsyncClient) -> None:
    whole = drafted()
    negative = drafted(("min_people = 10", "min_people = -10"))
    line = negative.splitlines().index("min_people = -10") + 1
    other = drafted(("public", "common"), every=True)
    for pack, code, figures in (
        (negative, "pack.invalid", {"line": line, "key": "points[1].min_people"}),
        ("[pack\n", "pack.invalid", {"line": 1}),
        (whole + "\n[[points]]\nkind = 1\n", "pack.invalid", {}),
        (other, "pack.other_categories", {}),
    ):
        body = {"pack": pack, "year": YEAR, "scope": {"kind": "everyone"}}
        answer = await points.post("/v1/what-if", json=body)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, code), told
        assert {name: told[name] for name in figures} == figures
    nobody = {"pack": whole, "year": YEAR, "scope": {"kind": "school"}}
    refused = await points.post("/v1/what-if", json=nobody)
    assert refused.json()["errors"][0]["code"] == "scope.id_missing"


async def test_a_read_could_not_write(world: World) -> None:
    """The transaction that evaluates refuses every write by itself."""
    await world.serve("points")
    reader = world.apps["points"].state.reader
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with reader.transaction() as (tx, _):
            await tx.execute(text("update part set seq = seq + 1"))
