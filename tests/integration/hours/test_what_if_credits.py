"""What would count of a cycle's years under a draft of a pack that counts credits, counted by hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.integration.hours.acts import enrol
from tests.integration.hours.test_credits import pack
from tests.support.cycles import earlier
from tests.support.sample import drafted
from tests.support.world import World

TEACHERS = ("T1", "T2", "T3")
Sums = dict[str, dict[int, dict[str, Decimal]]]
"""By teacher, year and category."""


@dataclass(frozen=True)
class Row:
    """A record as it is handed in, and what its clause makes of it in plain words."""

    number: str
    teacher: str
    year: int
    rule: str
    category: str
    hours: Decimal
    mode: str = ""
    level: str = ""
    grade: str = ""

    @property
    def body(self) -> dict[str, Any]:
        details = {"mode": self.mode, "level": self.level, "grade": self.grade}
        return {
            "record": self.number,
            "teacher": self.teacher,
            "year": self.year,
            "source_rule": self.rule,
            "category": self.category,
            "hours": str(self.hours),
            "activity": f"activity {self.number}",
            "from": f"{self.year}-05-06",
            "to": f"{self.year}-05-20",
            "evidence": "佐证材料",
            **({"details": {name: said for name, said in details.items() if said}} if self.mode else {}),
        }


def half_up(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


async def registered(hours: httpx.AsyncClient, rows: Iterable[Row]) -> None:
    answer = await hours.post("/v1/records", json=[row.body for row in rows])
    assert (answer.status_code, answer.json()["refused"]) == (200, 0), answer.text


async def told(hours: httpx.AsyncClient, text: str, **body: Any) -> dict[str, Any]:
    asked = {"pack": text, "scope": {"kind": "everyone"}, **body}
    answer = await hours.post("/v1/what-if", json=asked, params={"limit": 1000})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amounts(shown: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in shown.items()}


def held(found: dict[str, Any], before: Sums, after: Sums) -> None:
    """Each year of each teacher says what comes out by hand, and the sums are those of the years."""
    assert any(before[teacher] != after[teacher] for teacher in before), "the draft makes a difference"
    for item in found["items"]:
        teacher = item["teacher"]
        assert item["differs"] == bool(item["lines"])
        assert item["differs"] or before[teacher] == after[teacher]
        for side, by_hand in (("in_force", before[teacher]), ("draft", after[teacher])):
            assert {row["year"]: amounts(row[side]) for row in item["years"]} == by_hand
            every: dict[str, Decimal] = defaultdict(Decimal)
            for year in by_hand.values():
                for category, amount in year.items():
                    every[category] += amount
            assert amounts(item[side]) == every
        moved = sum(Decimal(line["draft"]) - Decimal(line["in_force"]) for line in item["lines"])
        sums = [sum(amounts(item[side]).values(), Decimal(0)) for side in ("in_force", "draft")]
        assert moved == sums[1] - sums[0], "the lines say where the difference comes from"


# --- Wuhan: a study gives a credit for 20 hours, five a year, twenty a cycle -----------------------------

WUHAN = range(2018, 2023)


@dataclass(frozen=True)
class Study:
    """What Wuhan's clause says of degree studies."""

    hours: int = 20
    year: int = 5
    cycle: int = 20

    def counted(self, rows: Iterable[Row]) -> Sums:
        """In order of registration, under both caps."""
        found: Sums = {name: {year: {} for year in WUHAN} for name in TEACHERS}
        for row in rows:
            made = half_up(Fraction(row.hours) / (self.hours if row.rule == "WH-06.1" else 10))
            years = found[row.teacher]
            if row.rule == "WH-06.1":
                so_far = {year: years[year].get("study", Decimal(0)) for year in WUHAN}
                room = min(self.year - so_far[row.year], self.cycle - sum(so_far.values(), Decimal(0)))
                made = max(min(made, room), Decimal(0))
            name = "study" if row.rule == "WH-06.1" else "online"
            years[row.year][name] = years[row.year].get(name, Decimal(0)) + made
        return {
            teacher: {
                year: {"non_concentrated": total} if (total := sum(of.values(), Decimal(0))) else {}
                for year, of in years.items()
            }
            for teacher, years in found.items()
        }


def studies() -> list[Row]:
    dice = Random(6)
    rows = []
    for number in range(60):
        rule = dice.choice(("WH-06.1", "WH-06.1", "WH-02.1"))
        hours = Decimal(dice.randrange(4, 160)) / 2
        person, year = dice.choice(TEACHERS), dice.choice(WUHAN)
        rows.append(Row(f"R{number}", person, year, rule, "non_concentrated", hours))
    return rows


async def test_wh_06_other_caps_of_a_year_and_of_a_cycle(world: World) -> None:
    hours = await world.serve("hours", **pack("wuhan"))
    await enrol(hours, *TEACHERS)
    rows = studies()
    await registered(hours, rows)
    before = (await hours.get("/v1/journal/heads")).json()
    asked = {"year": 2022, "cycle": "WH-03"}
    now = Study()
    cheaper = ('name_zh = "学历教育等学习"\nhours = 20', 'name_zh = "学历教育等学习"\nhours = 10')
    for change, other in (
        (("cap = 5\n", "cap = 4\n"), replace(now, year=4)),
        (("most = 20", "most = 12"), replace(now, cycle=12)),
        (cheaper, replace(now, hours=10)),
    ):
        text = drafted(change, pack="wuhan")
        found = await told(hours, text, **asked)
        held(found, now.counted(rows), other.counted(rows))
        assert found["spans"]["draft"] == {"first": 2018, "last": 2022}
        for year in WUHAN:
            alone = await told(hours, text, year=year)
            for one, whole in zip(alone["items"], found["items"], strict=True):
                [of_year] = [row for row in whole["years"] if row["year"] == year]
                assert (one["in_force"], one["draft"]) == (of_year["in_force"], of_year["draft"])
                assert one["lines"] == [line for line in whole["lines"] if line["year"] == year]
    half = await told(hours, drafted(("cap = 5\n", "cap = 4\n"), pack="wuhan"), year=2020, cycle="WH-03")
    assert [row["year"] for row in half["items"][0]["years"]] == [2018, 2019, 2020]
    same = await told(hours, drafted(pack="wuhan"), **asked)
    assert same["totals"] == {"teachers": 3, "differing": 0}
    assert (await hours.get("/v1/journal/heads")).json() == before, "nothing is written"


async def test_a_longer_cycle_of_a_draft_looks_at_its_own_years(world: World) -> None:
    hours = await world.serve("hours", **pack("wuhan"))
    await enrol(hours, *TEACHERS)
    await registered(hours, [Row("R1", "T1", 2017, "WH-02.1", "non_concentrated", Decimal(25))])
    back = drafted(("years = 5\nfirst = 2008", "years = 7\nfirst = 2008"), pack="wuhan")
    found = await told(hours, back, year=2019, cycle="WH-03")
    assert found["spans"] == {
        "in_force": {"first": 2018, "last": 2022},
        "draft": {"first": 2015, "last": 2021},
    }
    assert [row["year"] for row in found["items"][0]["years"]] == [2015, 2016, 2017, 2018, 2019]
    assert found["items"][0]["years"][2]["draft"] == {"non_concentrated": "2.50"}
    over = drafted(("first = 2008\n", "first = 2008\nlast = 2017\n"), pack="wuhan")
    exchange = {"request": "X", "teacher": "T1", "category": "concentrated", "hours": "1", "year": 2014}
    for body, status, code, path in (
        ({"cycle": "WH-99"}, 404, "cycle.unknown", "/cycle"),
        ({"pack": over}, 404, "cycle.unknown", "/pack"),
        ({"year": 2014}, 422, "year.not_recorded", "/year"),
        ({"exchanged": [exchange]}, 422, "year.not_looked_at", "/exchanged/0/year"),
    ):
        asked = {"pack": back, "year": 2019, "cycle": "WH-03", "scope": {"kind": "everyone"}, **body}
        answer = await hours.post("/v1/what-if", json=asked)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), answer.text
        assert [fault["path"] for fault in problem["errors"]] == [path]


# --- Horgos: four concentrated hours are a credit, five of anything else; good results give more ----------

HORGOS = range(2019, 2024)
FORMS = {"concentrated": 4, "online": 5}
TIMES = {
    ("province", "good"): "0.10",
    ("province", "excellent"): "0.15",
    ("district", "good"): "0.05",
    ("district", "excellent"): "0.10",
}
RULES = {
    "HG-02.2": "prefecture_professional",
    "HG-02.4": "county_professional",
    "HG-02.5": "digital_literacy",
    "HG-16.1": "elective",
}


def valued(rows: Iterable[Row], forms: Mapping[str, int], times: Mapping[tuple[str, str], str]) -> Sums:
    """Basic credits, and one reward on top, rounded once."""
    found: Sums = {name: {year: {} for year in HORGOS} for name in TEACHERS}
    for row in rows:
        more = Fraction(times.get((row.level, row.grade), "0"))
        made = half_up(Fraction(row.hours) / forms[row.mode] * (1 + more))
        of = found[row.teacher][row.year]
        if row.grade != "failed":
            of[row.category] = of.get(row.category, Decimal(0)) + made
    return found


def training() -> list[Row]:
    dice = Random(16)
    return [
        Row(
            f"R{number}",
            dice.choice(TEACHERS[:2]),
            dice.choice(HORGOS),
            rule := dice.choice(tuple(RULES)),
            RULES[rule],
            Decimal(dice.randrange(2, 90)) / 2,
            mode=dice.choice(tuple(FORMS)),
            level=dice.choice(("province", "district")),
            grade=dice.choice(("passed", "good", "excellent", "failed")),
        )
        for number in range(60)
    ]


async def test_hg_06_and_hg_07_another_conversion_and_another_reward(world: World, tmp_path: Path) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(earlier(drafted(pack="horgos")).replace("2-draft", "1"), encoding="utf-8")
    hours = await world.serve("hours", HOURS_PACK=str(file))
    await enrol(hours, *TEACHERS)
    rows = training()
    await registered(hours, rows)
    before = valued(rows, FORMS, TIMES)
    five = ('name_zh = "集中培训"\nhours = 4', 'name_zh = "集中培训"\nhours = 5')
    more = ('levels = ["nation", "province"]\ngrade = "good"\ntimes = 0.10',
        'levels = ["nation", "province"]\ngrade = "good"\ntimes = 0.20')  # fmt: skip
    for change, forms, times in (
        (five, {**FORMS, "concentrated": 5}, TIMES),
        (more, FORMS, {**TIMES, ("province", "good"): "0.20"}),
    ):
        text = earlier(drafted(change, pack="horgos"))
        found = await told(hours, text, year=2023, cycle="HG-01")
        held(found, before, valued(rows, forms, times))
        assert found["totals"]["differing"] == 2, "nothing was registered of the third"
