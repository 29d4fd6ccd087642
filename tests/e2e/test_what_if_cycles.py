"""A draft through the services over the cycles of two samples, held to plain sums over their files."""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.order import SAMPLES
from shared.policy import loader
from tests.e2e.test_what_if import Desk, Rows
from tests.support import sample
from tests.support.city import SERVICES, City
from tests.support.cycles import HORGOS_ASKED, HORGOS_WITHIN, earlier
from tests.support.sample import drafted
from tests.support.world import World

pytestmark = pytest.mark.long
Value = Callable[[Mapping[str, str]], Decimal]
"""What a row of a sample gives before caps."""


def details(row: Mapping[str, str]) -> dict[str, str]:
    """What a row says of its form, level and grade, and what its class or its school's plan adds."""
    said = {name.removeprefix("details."): cell for name, cell in row.items() if name.startswith("details.")}
    told = {name: cell for name, cell in said.items() if cell}
    if row["source_rule"] == "WH-09.1":
        return {"mode": "concentrated"}
    if row["source_rule"] == "HG-16.3":
        return {"plan_approved_at": f"{row['year']}-01-20T09:00:00+08:00"}
    return {"level": "district", **told} if told.get("grade") else told


async def register(hours: httpx.AsyncClient, rows: Iterable[Mapping[str, str]]) -> None:
    """Hand the records of a sample in."""
    records: list[dict[str, Any]] = []
    for row in rows:
        plain = {name: cell for name, cell in row.items() if not name.startswith("details.")}
        records.append({**plain, "year": int(row["year"]), "details": details(row) or None})
    answer = await hours.post("/v1/records", json=records)
    assert [one["problem"] for one in answer.json()["results"] if "problem" in one] == []


async def serve(world: World, pack: str, file: Path, rows: Iterable[Mapping[str, str]]) -> City:
    """A place with its sample, recorded and heard."""
    city = await City.serve(world, **{f"{service.upper()}_PACK": str(file) for service in SERVICES})
    await sample.enrol(city.hours, SAMPLES / pack)
    await register(city.hours, rows)
    await world.heard("points", "hours")
    await world.heard("verification", "hours")
    return city


def half_up(amount: Fraction) -> Decimal:
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def summed(rows: Iterable[Mapping[str, str]], value: Value) -> dict[str, dict[str, Decimal]]:
    """By teacher and category."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        of = found.setdefault(row["teacher"], {})
        of[row["category"]] = of.get(row["category"], Decimal(0)) + value(row)
    return found


def told(missing: Mapping[str, Decimal]) -> str:
    return " ".join(f"{item} {amount:.2f}" for item, amount in missing.items())


def compare(rows: Rows, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Every row has what is missing on both sides by hand, and says why where that differs."""
    assert before != after, "the draft makes a difference"
    assert set(rows) == set(before)
    for teacher, row in rows.items():
        assert (row["missing_in_force"], row["missing_draft"]) == (before[teacher], after[teacher])
        for side, missing in (("in_force", before[teacher]), ("draft", after[teacher])):
            assert row[side] == ("fail" if missing else "pass")
        assert bool(row["why"]) or before[teacher] == after[teacher]


# --- Wuhan ---------------------------------------------------------------------------------------------


def wuhan(concentrated: int = 20, hours: int = 8, cap: int = 5) -> dict[str, str]:
    """What is missing of twenty and twenty: each study 20 hours a credit, five a year, twenty a cycle."""
    rows = sample.rows("hours.csv", SAMPLES / "wuhan")
    forms = {"WH-09.1": hours, "WH-06.1": 20}

    def value(row: Mapping[str, str]) -> Decimal:
        made = half_up(Fraction(row["hours"]) / forms.get(row["source_rule"], 10))
        return min(made, Decimal(cap)) if row["source_rule"] == "WH-06.1" else made

    found = {}
    for teacher, have in summed(rows, value).items():
        asked = {"concentrated": concentrated, "non_concentrated": 20, "total": concentrated + 20}
        sums = {**have, "total": sum(have.values(), Decimal(0))}
        found[teacher] = told(
            {item: least - sums[item] for item, least in asked.items() if sums[item] < least}
        )
    return found


async def test_wh_03_a_draft_over_five_years_of_wuhan(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows_of = sample.rows("hours.csv", SAMPLES / "wuhan")
    city = await serve(world, "wuhan", Path(loader.__file__).with_name("packs") / "wuhan.toml", rows_of)
    desk = Desk(world, tmp_path, partial(drafted, pack="wuhan"))
    before, asked = wuhan(), {"YEAR": "2022", "CYCLE": "WH-03"}
    fewer = ("minima = { concentrated = 20, non_concentrated = 20 }\ntotal = 40",
        "minima = { concentrated = 15, non_concentrated = 20 }\ntotal = 35")  # fmt: skip
    compare(await desk.ask(fewer, **asked), before, wuhan(concentrated=15))
    said = capsys.readouterr().out
    assert "years 年度 2018–2022 → 2018–2022\n" in said
    assert "fail → pass 不通过转通过 1\n" in said
    assert "积分" not in said, "nobody is given points"

    dearer = ('name_zh = "集中培训"\nhours = 8', 'name_zh = "集中培训"\nhours = 10')
    rows = await desk.ask(dearer, **asked)
    compare(rows, before, wuhan(hours=10))
    assert "pass → fail 通过转不通过 1\n" in capsys.readouterr().out
    assert "2018 record:W001-2018-1 WH-09.1 4.00 → 3.20" in rows["W001"]["why"]
    rows = await desk.ask(("cap = 5\n", "cap = 2\n"), **asked)
    assert "record:W003-2019-4 WH-06.1 5.00 → 2.00" in rows["W003"]["why"]
    assert rows["W003"]["missing_draft"] == wuhan(cap=2)["W003"]

    verdicts = await city.verify(2022, cycle="WH-03")
    assert (verdicts["passed"], verdicts["failed"]) == (1, 2)
    rows = await desk.ask(fewer, **asked)
    assert {teacher: row["verdict"] for teacher, row in rows.items()} == {
        teacher: "fail" if missing else "pass" for teacher, missing in before.items()
    }


# --- Horgos --------------------------------------------------------------------------------------------

REWARDS = {
    ("province", "good"): "0.10",
    ("province", "excellent"): "0.15",
    ("district", "good"): "0.05",
    ("district", "excellent"): "0.10",
}


def draft(*changes: tuple[str, str]) -> str:
    """The shipped pack, as it would have been five years earlier, with other words in some places."""
    return earlier(drafted(*changes, pack="horgos"))


def past() -> list[dict[str, str]]:
    """The rows of the sample, five years earlier: some of its years are still to come."""
    return [
        {name: earlier(cell) for name, cell in row.items()}
        for row in sample.rows("hours.csv", SAMPLES / "horgos")
    ]


def horgos(concentrated: int = 4, school_based: int = 20) -> dict[str, str]:
    """What is missing of ninety: basic credits and rewards, required ones above sixty stand in for others."""

    def value(row: Mapping[str, str]) -> Decimal:
        said = details(row)
        basic = Fraction(row["hours"]) / (concentrated if said.get("mode") == "concentrated" else 5)
        times = REWARDS.get((said.get("level", ""), said.get("grade", "")), "0")
        return half_up(basic * (1 + (2 if row["source_rule"] == "HG-16.2" else Fraction(times))))

    found = {}
    for teacher, have in summed(past(), value).items():
        asked = {**HORGOS_ASKED, "school_based": school_based}
        sums = {
            item: sum((have.get(one, Decimal(0)) for one in HORGOS_WITHIN.get(item, (item,))), Decimal(0))
            for item in asked
        }
        lacks = {item: least - sums[item] for item, least in asked.items()}
        over = -lacks["required"] if all(lacks[item] <= 0 for item in list(asked)[:-2]) else Decimal(0)
        for item in ("elective", "school_based"):
            filled = min(max(lacks[item], Decimal(0)), over)
            lacks[item], over = lacks[item] - filled, over - filled
        lacks["total"] = 70 + school_based - sum(have.values(), Decimal(0))
        found[teacher] = told({item: amount for item, amount in lacks.items() if amount > 0})
    return found


async def test_hg_01_a_draft_over_the_cycle_of_horgos(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(draft().replace("2-draft", "1"), encoding="utf-8")
    city = await serve(world, "horgos", file, past())
    desk = Desk(world, tmp_path, draft)
    heads = (await city.hours.get("/v1/journal/heads")).json()
    for teacher in ("G001", "G002", "G003"):
        path = f"/v1/teachers/{teacher}"
        ahead = (await city.hours.get(f"{path}/outlook", params={"year": 2023})).json()
        heard = (await city.verification.get(f"{path}/cycles", params={"year": 2023})).json()
        assert ahead["cycles"] == heard, "who posts and who hears tell a cycle alike"
    before, asked = horgos(), {"YEAR": "2023", "CYCLE": "HG-01"}
    five = ('name_zh = "集中培训"\nhours = 4', 'name_zh = "集中培训"\nhours = 5')
    compare(await desk.ask(five, **asked), before, horgos(concentrated=5))
    assert "pass → fail 通过转不通过 1\n" in capsys.readouterr().out
    less = (("school_based = 20", "school_based = 10"), ("total = 90", "total = 80"))
    rows = await desk.ask(*less, **asked)
    compare(rows, before, horgos(school_based=10))
    warned = await desk.ask(("school_based = 4 }\ntotal = 18", "school_based = 20 }\ntotal = 34"), **asked)
    assert "2020 short 缺 " in warned["G001"]["why"]
    assert (await city.hours.get("/v1/journal/heads")).json() == heads, "nothing is written"

    capsys.readouterr()
    for wrong, code in (({"CYCLE": ""}, "year.without_requirement"), ({"CYCLE": "HG-98"}, "cycle.unknown")):
        assert await desk.refused(PACK=str(tmp_path / "draft.toml"), YEAR="2023", **wrong) == 1
        assert code in capsys.readouterr().err
