"""Who passes or fails otherwise under a draft, held to plain sums over what was said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.policy.__main__ import main
from shared.contracts.hours import WaiverGranted
from shared.runtime.journal import Draft
from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import JUNE, judge
from tests.support.sample import drafted
from tests.support.signing import calling, signed

YEAR = 2024
ASKED = {
    90: {"public": 30, "professional": 42, "elective": 18},
    72: {"public": 18, "professional": 42, "elective": 12},
}
"""Minima by total, as the pack has them for two spans of years."""
FEWER = (
    "minima = { public = 30, professional = 42, elective = 18 }\ntotal = 90",
    "minima = { public = 18, professional = 42, elective = 12 }\ntotal = 72",
)
"""Requirement 90 → 72."""
COUNTED: dict[str, dict[str, str]] = {
    "T01": {"public": "30", "professional": "42", "elective": "18"},
    "T02": {"public": "18", "professional": "42", "elective": "12"},
    "T03": {"public": "18", "professional": "42", "elective": "11.99"},
    "T04": {"public": "17.5", "professional": "60", "elective": "30"},
    "T05": {"public": "29", "professional": "42.5", "elective": "18"},
    "T06": {"public": "30", "professional": "41.5", "elective": "18.5"},
    "T07": {"public": "18", "professional": "40", "elective": "12"},
    "T08": {},
}
CARRIED = {"T07": "2"}
"""Of the year before, in the professional category."""


def missing(teacher: str, total: int, **supposed: str) -> dict[str, Decimal]:
    """What a teacher lacks of a total and its minima, from the table alone."""
    have = {name: Decimal(0) for name in ASKED[total]}
    have |= {name: Decimal(hours) for name, hours in (COUNTED[teacher] | supposed).items()}
    have["professional"] += Decimal(CARRIED.get(teacher, 0))
    wanted = {**ASKED[total], "total": total}
    have["total"] = sum(have.values(), Decimal(0))
    return {item: hours - have[item] for item, hours in wanted.items() if have[item] < hours}


@pytest.fixture
async def year(local: Office) -> Office:
    """A year of eight teachers, judged."""
    await local.ledger.enrol(*COUNTED)
    for teacher, hours in COUNTED.items():
        await local.ledger.post(teacher, hours, YEAR)
    for teacher, carried in CARRIED.items():
        await local.ledger.carry(teacher, YEAR - 1, carried)
    await local.ledger.heard()
    await judge(local.client, "k1", YEAR)
    return local


async def ask(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    everyone = {"year": YEAR, "scope": {"kind": "everyone"}}
    answer = await client.post("/v1/what-if", json=everyone | body, params={"limit": 1000})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def lacking(side: dict[str, Any]) -> dict[str, Decimal]:
    assert side["outcome"] == ("fail" if side["missing"] else "pass")
    return {item: Decimal(hours) for item, hours in side["missing"].items()}


async def fewer(client: httpx.AsyncClient) -> None:
    """Requirement 90 → 72: the difference is that of the table."""
    told = await ask(client, pack=drafted(FEWER))
    assert [one["teacher"] for one in told["items"]] == sorted(COUNTED)
    for one in told["items"]:
        before, after = missing(one["teacher"], 90), missing(one["teacher"], 72)
        assert (lacking(one["in_force"]), lacking(one["draft"])) == (before, after)
        assert one["differs"] == (before != after)
        assert one["verdict"] == ("fail" if before else "pass")
        checks = {check["item"]: check for check in one["checks"]}
        assert checks.keys() == {"public", "elective", "total"}, "what asks for something else"
        total = checks["total"]
        assert (total["in_force"]["required"], total["draft"]["required"]) == ("90.00", "72.00")
        assert total["draft"]["missing"] == f"{after.get('total', Decimal(0)):.2f}"
        assert "72.00 h required" in total["words"]
    failed = [sum(bool(missing(teacher, total)) for teacher in COUNTED) for total in (90, 72)]
    assert told["totals"] == {
        "teachers": 8,
        "differing": 6,  # all but T01 and T06
        "in_force": {"passed": 8 - failed[0], "failed": failed[0]},
        "draft": {"passed": 8 - failed[1], "failed": failed[1]},
        "to_pass": 3,
        "to_fail": 0,
    }


async def supposed(client: httpx.AsyncClient) -> None:
    """Other hours under the rules in force, and under a draft."""
    instead = {"T05": {"public": "30"}, "T01": {"elective": "17.99"}}
    more = [{"teacher": teacher, "hours": hours} for teacher, hours in instead.items()]
    for pack, total in ((None, 90), (drafted(FEWER), 72)):
        told = await ask(client, pack=pack, supposed=more)
        for one in told["items"]:
            hours = instead.get(one["teacher"], {})
            assert lacking(one["draft"]) == missing(one["teacher"], total, **hours)
            assert lacking(one["in_force"]) == missing(one["teacher"], 90)
    told = await ask(client, supposed=more)
    assert (told["totals"]["to_pass"], told["totals"]["to_fail"], told["totals"]["differing"]) == (1, 1, 2)
    assert told["draft"] == told["in_force"]
    [first] = [one for one in told["items"] if one["teacher"] == "T01"]
    assert [check["item"] for check in first["checks"]] == ["elective", "total"]
    assert first["draft"]["words"] == "Not met: elective short 0.01 h, total short 0.01 h."


async def whoever_may(client: httpx.AsyncClient) -> None:
    """Nobody out of reach is shown, and nobody below a city asks."""
    body = {"year": YEAR, "scope": {"kind": "everyone"}}
    for caller, status in (
        (signed("city_department@city:C9"), 200),
        (calling("school:S01"), 403),
        (signed("teacher@person:T01"), 403),
    ):
        answer = await client.post("/v1/what-if", json=body, headers=caller)
        assert answer.status_code == status
        assert answer.json().get("items", []) == []
    seen = (await client.get("/v1/teachers/T01/reads")).json()["items"]
    assert "what_if.ask" in {read["act"] for read in seen}


async def refused(client: httpx.AsyncClient) -> None:
    """Whatever cannot be evaluated says why."""
    body = {"year": YEAR, "scope": {"kind": "everyone"}}
    sports = [{"teacher": "T01", "hours": {"sports": "1"}}]
    for changes, code in (
        ({"year": 2000}, "year.without_requirement"),
        ({"year": 2018}, "year.not_recorded"),
        ({"pack": drafted(("first = 2021", "first = 2031"))}, "pack.invalid"),
        ({"pack": drafted(("public", "common"), every=True)}, "pack.other_categories"),
        ({"supposed": sports}, "category.unknown"),
    ):
        answer = await client.post("/v1/what-if", json=body | changes)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_a_draft_over_a_year_of_everyone(year: Office) -> None:
    database = year.world.apps["verification"].state.database
    heads = text("select partition, seq, head from part order by 1")
    async with database.transaction(reading=True) as tx:
        before = (await tx.execute(heads)).all()
    await fewer(year.client)
    await supposed(year.client)
    await whoever_may(year.client)
    await refused(year.client)
    async with database.transaction(reading=True) as tx:
        assert (await tx.execute(heads)).all() == before


async def test_what_is_waived_is_waived_under_a_draft_as_well(year: Office) -> None:
    waiver = WaiverGranted(
        waiver="w1", teacher="T02", first=YEAR, last=YEAR, hours={"public": Decimal(12)}, whole=False
    )
    draft = Draft(
        type="waiver.granted.v1", subject="teacher:T02", effective_at=JUNE, policy="test@1", data=waiver
    )
    await year.ledger.say([draft])
    await year.ledger.heard()
    scope = {"kind": "teachers", "teachers": ["T02"]}
    [one] = (await ask(year.client, pack=drafted(FEWER), scope=scope))["items"]
    assert one["in_force"]["missing"] == {"elective": "6.00", "total": "6.00"}
    assert one["draft"]["outcome"] == "pass"
    required = {check["item"]: check["draft"]["required"] for check in one["checks"]}
    assert required == {"public": "6.00", "elective": "12.00", "total": "60.00"}


async def test_a_draft_is_refused_as_its_author_is_told(
    local: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line, key and words are those of `make policy-check`."""
    for broken in (
        drafted(("total = 90", "total = 89")),
        drafted(("min_people = 10", "min_people = -10")),
        drafted(("first = 2021", "frist = 2021")),
    ):
        file = tmp_path / "draft.toml"
        file.write_text(broken, encoding="utf-8")
        assert main(["check", str(file)]) == 1
        told = capsys.readouterr().err.strip().removeprefix(f"{file}:")
        body = {"pack": broken, "year": YEAR, "scope": {"kind": "everyone"}}
        problem = (await local.client.post("/v1/what-if", json=body)).json()
        assert problem["code"] == "pack.invalid"
        assert f"{problem['line']}: {problem['key']}: {problem['wrong']}" == told
