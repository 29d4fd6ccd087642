"""A rule changes in mid-year: what was posted stays under its version, what comes later is under the next."""

from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.city import SERVICES, City
from tests.support.deeds import person, record, shared, withdrawal
from tests.support.versions import as_version
from tests.support.world import World, until

YEAR = 2024
FIRST = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
RESEARCH = 'registrars = ["research_department"]\nthrough = "declaration"\ncap = '
CHANGES = (
    ("points = 20\ncap = 100", "points = 20\ncap = 60"),
    ('title = "Shared resource"', 'title = "Resource for others"'),
    (f"{RESEARCH}10", f"{RESEARCH}6"),
    ('title = "City or district research activity"', 'title = "Research activity"'),
    ("rate = 100", "rate = 80"),
    ("elective = 18 }\ntotal = 90", "elective = 20 }\ntotal = 92"),
    ('name_zh = "个人选修科目"', 'name_zh = "自选科目"'),
    ('issuer = "广州市教育局"', 'issuer = "广州市教育局新署"'),
)


def second() -> str:
    """The next version: lower caps, more to be met, other words."""
    text = as_version(FIRST, "2")
    for before, after in CHANGES:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


@pytest.fixture
async def city(world: World) -> City:
    """A year under the first version: T1 is cut and passes, T2 passes, T3 has shared twice."""
    city = await City.serve(world)
    await city.enrol(*(person(name) for name in ("T1", "T2", "T3")))
    await city.do(
        *(shared(f"r{n}", "T1", f"{YEAR}-02-0{n + 1}") for n in range(6)),
        *(shared(f"s{n}", "T3", f"{YEAR}-02-0{n + 1}") for n in range(2)),
    )
    await city.exchange("hour", "T1", "professional", 1, f"{YEAR}-05-01T09:00:00+08:00")
    for who in ("T1", "T2"):
        await city.register(
            record(f"{who}-public", who, "GZ-HR-1.01", "30"),
            record(f"{who}-online", who, "GZ-HR-2.01", "40"),
            record(f"{who}-own", who, "GZ-HR-3.01", "18", category="elective"),
            record(f"{who}-early", who, "GZ-HR-2.04", "12"),
        )
    await city.verify(YEAR)
    for who in ("T1", "T2"):
        await city.certificate(who, YEAR)
    return city


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def statement(client: httpx.AsyncClient, who: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = (await get(client, f"/v1/teachers/{who}/statement", year=YEAR))["items"]
    return lines


async def addresses(city: City) -> list[tuple[str, str]]:
    """Where what was decided so far is explained, by service."""
    found = [("points", line["why"]) for who in ("T1", "T3") for line in await statement(city.points, who)]
    found += [("hours", line["why"]) for who in ("T1", "T2") for line in await statement(city.hours, who)]
    for who in ("T1", "T2"):
        predicted = (await get(city.verification, f"/v1/teachers/{who}/years/{YEAR}/why"))["because"][0]
        place = predicted["entry"].removeprefix("verification/")
        found.append(("verification", f"/v1/entries/{place}/why"))
    number = (await city.certificate("T2", YEAR))["number"]
    found += [("verification", f"/v1/teachers/T2/years/{YEAR}/why"), ("certificates", f"/verify/{number}")]
    return [*found, ("certificates", f"/v1/certificates/{number}/why")]


async def told(city: City, asked: list[tuple[str, str]]) -> list[Any]:
    """The explanations there, in both languages."""
    answers = []
    for service, path in asked:
        for language in ("en", "zh"):
            answer = await getattr(city, service).get(path, headers={"Accept-Language": language})
            assert answer.status_code == 200, answer.text
            answers.append(answer.json())
    return answers


async def changed(world: World, folder: Path) -> City:
    """The four services, stopped and started under the next version."""
    pack = folder / "guangzhou-2.toml"
    pack.write_text(second(), encoding="utf-8")
    for service in SERVICES:
        await world.stop(service)
    return await City.serve(world, **{f"{service.upper()}_PACK": str(pack) for service in SERVICES})


async def last_words(client: httpx.AsyncClient, who: str, count: int) -> list[tuple[str, str, str]]:
    """Version, title of the rule and last figure of what was posted last."""
    whys = [await get(client, line["why"]) for line in (await statement(client, who))[-count:]]
    return [(why["policy"], why["rules"][0]["title"], why["arithmetic"][-1]) for why in whys]


@pytest.mark.long
async def test_a_change_in_mid_year_leaves_what_was_decided_under_its_version(
    city: City, world: World, tmp_path: Path
) -> None:
    asked = await addresses(city)
    lines = {who: await statement(city.hours, who) for who in ("T1", "T2")}
    before = await told(city, asked)
    city = await changed(world, tmp_path)
    await listed(city)

    await city.do(*(shared(f"t{n}", "T3", f"{YEAR}-07-0{n + 1}") for n in range(2)))
    await city.do(shared("late", "T1", f"{YEAR}-07-01"))
    await city.register(record("T3-2", "T3", "GZ-HR-2.04", "8"), record("T1-2", "T1", "GZ-HR-2.04", "1"))
    given, activity = "Resource for others", "Research activity"
    assert await last_words(city.points, "T3", 2) == [
        ("guangzhou@2", given, "max(0, min(20, 60 − 40)) = 20"),
        ("guangzhou@2", given, "max(0, min(20, 60 − 60)) = 0"),
    ]
    assert await last_words(city.points, "T1", 1) == [("guangzhou@2", given, "max(0, min(20, 60 − 100)) = 0")]
    assert await last_words(city.hours, "T3", 1) == [("guangzhou@2", activity, "8.00 − 6.00 = 2.00")]
    assert await last_words(city.hours, "T1", 1) == [("guangzhou@2", activity, "1.00 − 0.00 = 1.00")]

    assert (await city.verify(YEAR, "again", kind="teacher", id="T1"))["failed"] == 1
    judged = await get(city.verification, f"/v1/teachers/T1/years/{YEAR}/why")
    assert {reason["policy"] for reason in judged["because"]} == {"guangzhou@2"}
    elective = next(check for check in judged["because"][0]["checks"] if check["item"] == "elective")
    assert elective["arithmetic"] == "18.00 < 20.00; 20.00 − 18.00 = 2.00"
    await city.certificate("T1", YEAR, "suspended")

    assert await told(city, asked) == before
    for who, known in lines.items():
        assert (await statement(city.hours, who))[: len(known)] == known
    await city.do(withdrawal("share-r0", "T1", f"{YEAR}-08-01T09:00:00+08:00"))
    assert (await last_words(city.points, "T1", 1))[0] == (
        ("guangzhou@1", "Shared resource", "max(0, min(20, 100 − 80)) = 20")
    ), "what moves up does so under its own version"
    await city.do(withdrawal("share-r1", "T1", f"{YEAR}-08-02T09:00:00+08:00"))
    await until(lambda: refunded(city, "T1", 100))
    for service in SERVICES:
        assert await world.rebuild(service) == []


async def refunded(city: City, who: str, points: int) -> bool:
    """Whether a recalled exchange has given back what it cost."""
    lines = await statement(city.points, who)
    given = [line["points"] for line in lines if line["type"] == "points.exchange_refunded.v1"]
    assert given in ([], [points])
    return bool(given)


async def listed(city: City) -> None:
    """Each service lists both versions, with their texts and when they were in force."""
    for service in SERVICES:
        client = getattr(city, service)
        first, now = (await get(client, "/v1/policies"))["items"]
        for one, text, reference in ((first, FIRST, "guangzhou@1"), (now, second(), "guangzhou@2")):
            assert (one["reference"], one["in_force"]) == (reference, one is now)
            assert one["digest"] == sha256(text.encode()).hexdigest()
            assert (await client.get(f"/v1/policies/{reference}")).text == text
        (was,), (is_,) = first["periods"], now["periods"]
        assert (was["until"], is_["until"]) == (is_["since"], None)
