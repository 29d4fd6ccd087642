"""Who passes or fails a cycle otherwise under a draft, held to plain sums over what was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import Ledger, ask, finish
from tests.support.cycles import HORGOS_ASKED, HORGOS_WITHIN, earlier
from tests.support.sample import drafted
from tests.support.world import World

YEARS = range(2019, 2024)
"""The cycle of 2024 to 2028, five years earlier: one that is not over is not decided on."""
LEAVES = (*HORGOS_WITHIN["required"], "elective", "school_based")
Years = Mapping[int, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Asked:
    """A cycle as a pack says it, in plain words of this test."""

    total: int = 90
    minima: Mapping[str, int] = field(default_factory=lambda: HORGOS_ASKED)
    fills: bool = True
    binding: bool = False
    years: range = YEARS
    yearly: int = 18

    def lacking(self, years: Years) -> dict[str, Decimal]:
        """What is short of each item after what stands in for it."""
        have = {name: Decimal(0) for name in LEAVES}
        for year in self.years:
            for name, amount in years.get(year, {}).items():
                have[name] += amount
        wanted = self.minima
        found = {name: least - summed(have, name) for name, least in wanted.items()}
        found["total"] = self.total - sum(have.values(), Decimal(0))
        has_surplus = all(found[name] <= 0 for name in ("required", *inner()))
        surplus = -found["required"] if has_surplus else Decimal(0)
        for name in ("elective", "school_based") if self.fills else ():
            moved = min(max(found[name], Decimal(0)), surplus)
            found[name] -= moved
            surplus -= moved
        return {name: amount for name, amount in found.items() if amount > 0}

    def short(self, years: Years) -> dict[int, dict[str, Decimal]]:
        """What each year misses by itself."""
        wanted = {"required": 12, "elective": 2, "school_based": self.yearly - 14}
        found: dict[int, dict[str, Decimal]] = {}
        for year in self.years:
            have = {**dict.fromkeys(LEAVES, Decimal(0)), **years.get(year, {})}
            lacks = {name: least - summed(have, name) for name, least in wanted.items()}
            lacks["total"] = self.yearly - sum(have.values(), Decimal(0))
            if any(amount > 0 for amount in lacks.values()):
                found[year] = {name: amount for name, amount in lacks.items() if amount > 0}
        return found

    def outcome(self, years: Years) -> str:
        """Whether everything is there."""
        return "fail" if self.lacking(years) or (self.binding and self.short(years)) else "pass"


def inner() -> list[str]:
    """What lies within the required credits."""
    return [name for name in HORGOS_ASKED if name not in ("required", "elective", "school_based")]


def summed(have: Mapping[str, Decimal], name: str) -> Decimal:
    """A category, or what lies in it."""
    return sum((have[one] for one in HORGOS_WITHIN.get(name, (name,))), Decimal(0))


NOW = Asked()
LESS = replace(NOW, total=80, minima={**HORGOS_ASKED, "school_based": 10})
DRAFTS = {
    "total and minimum": (("school_based = 20", "school_based = 10"), ("total = 90", "total = 80")),
    "no substitutes": (
        ('[[cycles.substitutes]]\nsurplus = "required"\nfills = ["elective", "school_based"]\n', ""),
    ),
    "binding": (("binding = false\n\n# --- 五(二)1", "binding = true\n\n# --- 五(二)1"),),
    "yearly": (("school_based = 4 }\ntotal = 18", "school_based = 6 }\ntotal = 20"),),
    "six years": (("years = 5\nfirst = 2024", "years = 6\nfirst = 2018"),),
}
BY_HAND = {
    "total and minimum": LESS,
    "no substitutes": replace(NOW, fills=False),
    "binding": replace(NOW, binding=True),
    "yearly": replace(NOW, yearly=20),
    "six years": replace(NOW, years=range(2018, 2024)),
}


def draft(*changes: tuple[str, str], every: bool = False) -> str:
    """The shipped pack, as it would have been, with other words in some places, and no examples of these."""
    rules, _, _ = drafted(*changes, every=every, pack="horgos").partition("\n[[examples]]\n")
    return earlier(rules)


def drawn(number: int) -> dict[str, Years]:
    """Credits of some teachers, each five years around what is asked."""
    dice = Random(number)
    around = {"prefecture_public": 1, "prefecture_professional": 3, "county_public": 2}
    around |= {"county_professional": 5, "digital_literacy": 2, "elective": 2, "school_based": 4}
    return {
        f"T{turn:02}": {
            year: {
                name: Decimal(least) + Decimal(dice.choice((0, 0, 0, 0, 0, 0, 25, 50, 150, -25))) / 100
                for name, least in around.items()
            }
            for year in (2018, *YEARS)
        }
        for turn in range(number)
    }


PEOPLE = drawn(24)


@pytest.fixture
async def horgos(world: World, tmp_path: Path) -> Office:
    """The five years of a cycle of Horgos."""
    pack = tmp_path / "pack.toml"
    pack.write_text(draft().replace("2-draft", "1"), encoding="utf-8")
    publisher = await world.publisher("hours")
    client = await world.serve("verification", VERIFICATION_AUTHORITY="local", VERIFICATION_PACK=str(pack))
    here = Office(client=client, ledger=Ledger(publisher, world), world=world)
    await here.ledger.enrol(*PEOPLE)
    for teacher, years in PEOPLE.items():
        for year, hours in years.items():
            await here.ledger.post(teacher, {name: str(amount) for name, amount in hours.items()}, year)
    await here.ledger.heard()
    return here


async def told(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    asked = {"year": 2023, "cycle": "HG-01", "scope": {"kind": "everyone"}, **body}
    answer = await client.post("/v1/what-if", json=asked, params={"limit": 1000})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amounts(shown: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in shown.items()}


def held(side: dict[str, Any], asked: Asked, years: Years) -> None:
    """One side says what comes out by hand."""
    assert (side["outcome"], amounts(side["missing"])) == (asked.outcome(years), asked.lacking(years))
    assert side["short_years"] == list(asked.short(years))


async def each_draft(client: httpx.AsyncClient) -> None:
    """Every draft by hand, for everyone: outcomes, what is missing, which year, and how many go over."""
    before = {teacher: NOW.outcome(years) for teacher, years in PEOPLE.items()}
    assert set(before.values()) == {"pass", "fail"}, "some pass and some do not"
    for name, changes in DRAFTS.items():
        found = await told(client, pack=draft(*changes))
        asked = BY_HAND[name]
        after = {teacher: asked.outcome(years) for teacher, years in PEOPLE.items()}
        for one in found["items"]:
            years = PEOPLE[one["teacher"]]
            held(one["in_force"], NOW, years)
            held(one["draft"], asked, years)
            sides = [(side.outcome(years), side.lacking(years), side.short(years)) for side in (NOW, asked)]
            assert one["differs"] == (sides[0] != sides[1])
            assert one["verdict"] == before[one["teacher"]], "the one that stands"
            short = {year: [side[2].get(year, {}) for side in sides] for year in years}
            assert {
                row["year"]: [amounts(row["in_force"]), amounts(row["draft"])] for row in one["years"]
            } == {year: pair for year, pair in short.items() if pair[0] != pair[1]}
        pairs = [(before[teacher], after[teacher]) for teacher in PEOPLE]
        totals = found["totals"]
        assert (totals["to_pass"], totals["to_fail"]) == (
            pairs.count(("fail", "pass")),
            pairs.count(("pass", "fail")),
        )
        assert totals["draft"]["passed"] == list(after.values()).count("pass")
        assert any(one["differs"] for one in found["items"]), name
        first = 2018 if name == "six years" else 2019
        assert found["spans"] == {
            "in_force": {"first": 2019, "last": 2023},
            "draft": {"first": first, "last": 2023},
        }
    same = await told(client, pack=draft())
    assert (same["totals"]["differing"], [one["checks"] for one in same["items"]]) == (0, [[]] * len(PEOPLE))


async def items_and_words(client: httpx.AsyncClient) -> None:
    """Item by item, with what stands in, in the words of a cycle."""
    found = await told(client, pack=draft(*DRAFTS["no substitutes"]))
    filled = [
        (one, check)
        for one in found["items"]
        for check in one["checks"]
        if check["in_force"]["filled"] != "0.00"
    ]
    assert filled, "something stood in for something"
    for one, check in filled:
        assert check["draft"]["filled"] == "0.00"
        more = Decimal(check["draft"]["missing"]) - Decimal(check["in_force"]["missing"])
        assert more == Decimal(check["in_force"]["filled"])
        assert f"short {check['draft']['missing']} credits" in check["words"]
        assert one["draft"]["words"].startswith("2019 to 2023: ")


async def supposed(client: httpx.AsyncClient) -> None:
    """Credits of several years are supposed, under the rules in force and as the cycle stands in between."""
    teacher = "T00"
    more = {2020: {"elective": Decimal(30)}, 2023: {"school_based": Decimal(0)}}
    rows = [
        {"teacher": teacher, "year": 2020, "hours": {"elective": "30"}},
        {"teacher": teacher, "hours": {"school_based": "0"}},
    ]
    scope = {"kind": "teachers", "teachers": [teacher]}
    [one] = (await told(client, supposed=rows, scope=scope))["items"]
    other = {year: {**hours, **more.get(year, {})} for year, hours in PEOPLE[teacher].items()}
    held(one["draft"], NOW, other)
    held(one["in_force"], NOW, PEOPLE[teacher])
    half = await told(client, supposed=rows[:1], scope=scope, year=2021)
    asked = replace(NOW, years=range(2019, 2022))
    held(half["items"][0]["draft"], asked, other)
    assert half["spans"]["draft"] == {"first": 2019, "last": 2023}


async def refused(client: httpx.AsyncClient) -> None:
    """What is no cycle of both, or a year outside it, says so."""
    gone = draft(('id = "HG-01"', 'id = "HG-99"'), ('diploma_within = "HG-01"', 'diploma_within = "HG-99"'),
        ('cycle = "HG-01"', 'cycle = "HG-99"'), every=True)  # fmt: skip
    earlier = [{"teacher": "T00", "year": 2018, "hours": {"elective": "1"}}]
    for body, status, code, path in (
        ({"cycle": "HG-98"}, 404, "cycle.unknown", "/cycle"),
        ({"year": 2018}, 404, "cycle.unknown", "/cycle"),
        ({"pack": gone}, 404, "cycle.unknown", "/pack"),
        ({"cycle": None}, 422, "year.without_requirement", "/year"),
        ({"supposed": earlier}, 422, "year.not_looked_at", "/supposed/0/year"),
    ):
        asked = {"year": 2023, "cycle": "HG-01", "scope": {"kind": "everyone"}, **body}
        answer = await client.post("/v1/what-if", json=asked)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), answer.text
        assert [fault["path"] for fault in problem["errors"]] == [path]


async def test_hg_01_a_draft_over_the_cycle_of_everyone(horgos: Office) -> None:
    run = await ask(horgos.client, "k1", 2023, None, "HG-01")
    assert run.status_code == 202, run.text
    await finish(horgos.client, run.json()["run"])
    before = (await horgos.client.get("/v1/journal/heads")).json()
    await each_draft(horgos.client)
    await items_and_words(horgos.client)
    await supposed(horgos.client)
    await refused(horgos.client)
    assert (await horgos.client.get("/v1/journal/heads")).json() == before, "nothing is written"
