"""A draft through the services over the sample year, held to plain sums over its files and over totals."""

import asyncio
import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deploy.what_if.__main__ import main
from tests.integration.points.test_what_if import FEWER as FEWER_PEOPLE
from tests.integration.points.test_what_if import by_topics, replayed
from tests.integration.verification.test_what_if import ASKED
from tests.integration.verification.test_what_if import FEWER as FEWER_HOURS
from tests.support import sample
from tests.support.city import City
from tests.support.sample import YEAR, drafted
from tests.support.signing import signed
from tests.support.world import World, until

Rows = dict[str, dict[str, str]]
DEARER = ("rate = 100", "rate = 400")


@pytest.fixture
async def city(world: World) -> City:
    """The sample year, recorded and heard."""
    city = await City.serve(world)
    await sample.enrol(city.hours)
    records = await city.hours.post("/v1/records", json=sample.rows("hours.csv"))
    assert records.json()["refused"] == 0, records.text
    await sample.earn(city.points)
    await sample.known(city.points, len(sample.rows("roster.csv")))

    async def answered() -> bool:
        asked = (await city.points.get(f"/v1/exchanges?year={YEAR}")).json()["items"]
        return all(one["state"] != "pending" for one in asked)

    await until(answered)
    await world.heard("verification", "hours")
    return city


class Desk:
    """Whoever runs `make what-if`."""

    def __init__(self, world: World, folder: Path, pack: Callable[..., str] = drafted) -> None:
        self.folder, self.pack = folder, pack
        self.environment = {
            **{f"{name.upper()}_URL": world.url(name) for name in ("points", "hours", "verification")},
            "TOKEN": signed("operator@deployment:local")["Authorization"].removeprefix("Bearer "),
            "YEAR": str(YEAR),
        }

    async def ask(self, *changes: tuple[str, str], **more: str) -> Rows:
        """The rows that it writes, by teacher."""
        pack, out = self.folder / "draft.toml", self.folder / "out.csv"
        pack.write_text(self.pack(*changes), encoding="utf-8")
        asked = {**self.environment, "PACK": str(pack), "OUT": str(out), **more}
        assert await asyncio.to_thread(main, asked) == 0
        with out.open(encoding="utf-8-sig", newline="") as lines:
            return {row["teacher"]: row for row in csv.DictReader(lines)}

    async def refused(self, **asked: str) -> int:
        """The exit code of a question that is refused."""
        return await asyncio.to_thread(main, {**self.environment, **asked})


def outcome(hours: dict[str, Decimal], carried: Decimal, asked: int) -> str:
    """By hand: every minimum, carried hours in the professional one, and the total."""
    have = {**hours, "professional": hours.get("professional", Decimal(0)) + carried}
    short = [name for name, least in ASKED[asked].items() if have.get(name, 0) < least]
    return "fail" if short or sum(have.values()) < asked else "pass"


async def over_five_years(desk: Desk, totals: dict[str, Any], moved: dict[str, dict[str, Decimal]]) -> None:
    """The cycle that ends with the year, where hours cost more: exchanges of its years count in it."""
    rows = await desk.ask(DEARER, CYCLE="NAT-02")
    assert rows.keys() == totals.keys()
    for teacher, row in rows.items():
        own = {} if totals[teacher] is None else totals[teacher]["hours"]
        have = sum((Decimal(amount) for amount in own.values()), Decimal(0))
        less = have + sum(moved.get(teacher, {}).values(), Decimal(0))
        assert row["missing_in_force"] == f"total {360 - have:.2f}"
        assert row["missing_draft"] == f"total {360 - less:.2f}"


@pytest.mark.long
async def test_a_draft_over_the_sample_year(
    city: City, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(world, tmp_path)
    totals = {
        row["teacher"]: row
        for row in (await city.hours.get(f"/v1/totals?year={YEAR}&limit=1000")).json()["items"]
    }
    awards = (await city.points.get(f"/v1/awards?year={YEAR}&limit=1000")).json()["items"]
    everyone = sorted(row["teacher"] for row in sample.rows("roster.csv"))

    def judged(teacher: str, asked: int, moved: dict[str, Decimal] | None = None) -> str:
        row: dict[str, Any] = totals.get(teacher, {"hours": {}, "carried_in": "0"})
        hours = {name: Decimal(amount) for name, amount in row["hours"].items()}
        for name, more in (moved or {}).items():
            hours[name] = hours.get(name, Decimal(0)) + more
        return outcome(hours, Decimal(row["carried_in"]), asked)

    before = {teacher: judged(teacher, 90) for teacher in everyone}
    assert set(before.values()) == {"pass", "fail"}

    rows = await desk.ask(FEWER_HOURS)
    assert list(rows) == everyone
    after = {teacher: judged(teacher, 72) for teacher in everyone}
    over = sum(before[teacher] != after[teacher] for teacher in everyone)
    assert over
    for teacher, row in rows.items():
        assert (row["in_force"], row["draft"]) == (before[teacher], after[teacher])
        assert row["points_in_force"] == row["points_draft"]
    assert f"fail → pass 不通过转通过 {over}\n" in capsys.readouterr().out

    rows = await desk.ask(FEWER_PEOPLE)
    ten, eight = by_topics(10), by_topics(8)
    for teacher, row in rows.items():
        gain = eight.get(teacher, 0) - ten.get(teacher, 0)
        assert int(row["points_draft"]) - int(row["points_in_force"]) == gain
        assert ("GZ-BP-06" in row["why"]) == bool(gain)
        assert row["in_force"] == row["draft"] == before[teacher]

    asked = {row["request"]: row for row in sample.rows("exchanges.csv") if row["teacher"] in everyone}
    now, then = replayed(awards, 100, 10), replayed(awards, 400, 10)
    moved: dict[str, dict[str, Decimal]] = {}
    for request, row in asked.items():
        sums = moved.setdefault(row["teacher"], {})
        more = Decimal(then[request] - now[request])
        sums[row["category"]] = sums.get(row["category"], Decimal(0)) + more
    rows = await desk.ask(DEARER)
    lost = {teacher: judged(teacher, 90, moved.get(teacher)) for teacher in everyone}
    assert lost != before, "hours that cost more are missing"
    assert {teacher: row["draft"] for teacher, row in rows.items()} == lost

    await over_five_years(desk, {teacher: totals.get(teacher) for teacher in everyone}, moved)
    assert "years 年度 2021–2025 → 2021–2025\n" in capsys.readouterr().out

    few = await desk.ask(FEWER_HOURS, SAMPLE="5", SEED="ab" * 16)
    assert (len(few), set(few) <= set(everyone)) == (5, True)
    assert few == await desk.ask(FEWER_HOURS, SAMPLE="5", SEED="ab" * 16)
    school = sample.rows("roster.csv")[0]["school"]
    there = await desk.ask(FEWER_HOURS, SCHOOL=school)
    assert sorted(there) == sorted(
        one["teacher"] for one in sample.rows("roster.csv") if one["school"] == school
    )

    await wrong_questions(desk, capsys)


async def wrong_questions(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be asked ends with the line and key, or with what is missing."""
    draft, wrong = desk.folder / "draft.toml", desk.folder / "broken.toml"
    broken = drafted(("total = 90", "total = 89"))
    wrong.write_text(broken, encoding="utf-8")
    capsys.readouterr()
    assert await desk.refused(PACK=str(wrong)) == 1
    place = broken[: broken.index("total = 89")].count("\n") + 1
    assert f"pack.invalid: /pack Line {place}, requirements[2].total: " in capsys.readouterr().err
    for nonsense in ({"YEAR": ""}, {"PACK": str(desk.folder / "nothing.toml")}, {"YEAR": "2012"}):
        assert await desk.refused(**{"PACK": str(draft), **nonsense}) == 1
