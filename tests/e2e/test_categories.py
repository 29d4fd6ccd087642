"""A pack with other categories, one of which contains two, from the registration to the certificate."""

from pathlib import Path

import pytest

from shared.policy import loader
from tests.support.city import SERVICES, City
from tests.support.deeds import person, record
from tests.support.world import World

CORE = '[[categories]]\nid = "core"\nname = "core"\nname_zh = "必修"\n\n'
YEAR = 2024


def elsewhere(folder: Path) -> str:
    """Guangzhou's rules as a place has them where public and subject hours are the core of what is asked."""
    text = Path(loader.__file__).with_name("packs").joinpath("guangzhou.toml").read_text(encoding="utf-8")
    for name, other in (("professional", "subject"), ("elective", "school_based")):
        text = text.replace(f'id = "{name}"', f'id = "{other}"').replace(f'= "{name}"', f'= "{other}"')
        text = text.replace(f"{name} = ", f"{other} = ")
    for name in ("public", "subject"):
        text = text.replace(f'id = "{name}"\n', f'id = "{name}"\nwithin = "core"\n', 1)
    text = text.replace("[[categories]]", CORE + "[[categories]]", 1)
    text = text.replace("minima = { public = 30,", "minima = { core = 72, public = 30,")
    file = folder / "elsewhere.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.fixture
async def city(world: World, tmp_path: Path) -> City:
    pack = elsewhere(tmp_path)
    return await City.serve(world, **{f"{service.upper()}_PACK": pack for service in SERVICES})


async def hold(city: City, teacher: str, public: str, subject: str, school_based: str) -> None:
    """Hours of a year, by the rules that give them."""
    for rule, category, hours in (
        ("GZ-HR-1.01", "public", public),
        ("GZ-HR-2.01", "subject", subject),
        ("GZ-HR-3.01", "school_based", school_based),
    ):
        await city.register(record(f"{teacher}-{category}", teacher, rule, hours, YEAR, category=category))


async def test_hours_count_in_what_contains_their_category_until_they_are_printed(
    city: City, world: World
) -> None:
    await city.enrol(person("T1"), person("T2"))
    await hold(city, "T1", "30", "50", "18")
    await hold(city, "T2", "30", "40", "18")
    asked = f"/v1/outlook?year={YEAR}&category=subject"
    behind = (await city.hours.get(asked)).json()["items"]
    assert [(one["teacher"], one["missing"]["subject"], one["missing"]["hours"]) for one in behind] == [
        ("T2", "2.00", "2.00")
    ]
    for name in ("sports", "core", "teacher", "school", "hours"):
        refused = await city.hours.get("/v1/outlook", params={"year": YEAR, "category": name})
        assert (refused.status_code, refused.json()["code"]) == (422, "category.unknown"), name
    run = await city.verify(YEAR)
    assert (run["passed"], run["failed"]) == (1, 1)
    failed = await city.result("T2", YEAR)
    assert failed["shortfall"] == {"core": "2.00", "subject": "2.00", "total": "2.00"}
    why = (
        await city.verification.get(f"/v1/teachers/T2/years/{YEAR}/why", headers={"Accept-Language": "zh"})
    ).json()
    assert why["words"].endswith("必修缺 2.00 学时，专业科目缺 2.00 学时，年度总学时缺 2.00 学时。")
    certificate = await city.certificate("T1", YEAR)
    assert certificate["hours"] == {
        "public": "30.00",
        "subject": "50.00",
        "school_based": "18.00",
        "carried_in": "0.00",
        "total": "98.00",
    }
    page = await city.certificates.get(
        f"/verify/{certificate['number']}", headers={"Accept": "text/html", "Accept-Language": "zh"}
    )
    assert "<b>80</b>必修" in page.text
    sums = await city.totals("T1", YEAR + 1)
    assert sums["carried_in"] == "8.00"
    statement = await city.hours.get("/v1/teachers/T1/statement", params={"year": YEAR, "format": "csv"})
    assert '"balance, public","balance, subject","balance, school_based","carried in"' in statement.text
    for service in SERVICES:
        assert await world.rebuild(service) == []
