"""Where else a deduction shows: as it was, in the outlook, in what-ifs, in transcripts, in tables."""

import csv
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import enrol, key, record, register
from tests.integration.hours.test_deductions import deduct, statement, withdraw
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_outlook import get
from tests.integration.hours.test_persons import KEYS
from tests.integration.hours.test_transcripts import issue, shown
from tests.support.deductions import with_deductions
from tests.support.past_answers import Then
from tests.support.transcripts import signing_as
from tests.support.world import World

pytestmark = pytest.mark.long

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
EAST = {**signing_as("east"), "HOURS_PERSON_KEYS": KEYS}


@pytest.fixture
async def hours(world: World, tmp_path: Path) -> httpx.AsyncClient:
    hours = await world.serve("hours", HOURS_PACK=with_deductions(tmp_path), **EAST)
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="", citizen_id="11010519491231002X")
    return hours


async def test_what_was_deducted_is_asked_again_as_of_then(world: World, tmp_path: Path) -> None:
    hours = await world.serve("hours", HOURS_PACK=with_deductions(tmp_path))
    then = Then(world, "hours", hours, ("/v1/teachers/T1/statement?year=2024&limit=200",))
    then.moves_to(START)
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="")
    acts: tuple[Callable[[], Awaitable[Any]], ...] = (
        lambda: register(hours, record("R1", "T1", "GZ-HR-2.02", "3")),
        lambda: deduct(hours, "D1"),
        lambda: register(hours, record("R2", "T1", "GZ-HR-2.02", "8")),
        lambda: hours.post("/v1/records/R1/reversal", json={"reason": "重复"}, headers=key()),
        lambda: withdraw(hours, "D1"),
    )
    for number, act in enumerate(acts):
        then.moves_to(START + number * DAY)
        await act()
        await then.keeps(START + number * DAY)
    then.moves_to(START + len(acts) * DAY)
    await register(hours, record("R3", "T1", "GZ-HR-3.01", "1"))
    await then.answers_alike()
    sums = [kept[0]["totals"]["professional"] for kept in then.kept.values()]
    assert sums == ["3.00", "0.00", "8.00", "5.00", "8.00"]


async def test_on_no_day_is_a_year_below_none(hours: httpx.AsyncClient) -> None:
    early = {"from": "2024-05-06", "to": "2024-05-10"}
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "3", **early))
    await deduct(hours, "D1")
    await register(hours, record("R2", "T1", "GZ-HR-2.02", "8", **early))
    await hours.post("/v1/records/R1/reversal", json={"reason": "重复"}, headers=key())
    await hours.post("/v1/records/R2/reversal", json={"reason": "重复"}, headers=key())
    today = (await statement(hours))["items"][-1]["recorded_at"][:10]
    on = await statement(hours, effective_on=today)
    assert (on["totals"]["professional"], on["totals"]["deducted"]) == ("0.00", "0.00")
    before = await statement(hours, effective_on="2024-05-11")
    assert (before["totals"]["professional"], before["totals"]["deducted"]) == ("0.00", "0.00")
    await register(hours, record("R3", "T1", "GZ-HR-2.02", "8", **early))
    await withdraw(hours, "D1")
    for day in (today, (await statement(hours))["items"][-1]["recorded_at"][:10]):
        on = await statement(hours, effective_on=day)
        assert (on["totals"]["professional"], on["totals"]["deducted"]) == ("8.00", "0.00"), (
            "from its own day on"
        )


async def test_the_outlook_misses_what_was_deducted_and_says_so(hours: httpx.AsyncClient) -> None:
    await register(
        hours,
        record("R1", "T1", "GZ-HR-1.01", "30"),
        record("R2", "T1", "GZ-HR-2.01", "45"),
        record("R3", "T1", "GZ-HR-3.01", "18"),
    )
    await deduct(hours, "D1")
    found = await get(hours, "/v1/teachers/T1/outlook", "teacher:T1")
    assert found["missing"]["professional"] == "1.00", "45 − 4 of 42"
    assert found["words"][:2] == [
        "An inspection was failed (SCH-01): 4.00 h are to be deducted and 4.00 h are.",
        "2024 does not pass while that stands, whatever else is there.",
    ]
    (one,) = found["deductions"]
    assert (one["hours"], one["short"], one["withholds"]) == ({"professional": "4.00"}, "0.00", True)
    assert (await hours.get(one["href"])).json()["deduction"] == "D1"
    (behind,) = (await get(hours, "/v1/outlook"))["items"]
    assert (behind["teacher"], behind["missing"]["professional"]) == ("T1", "1.00")
    supposed = await get(hours, "/v1/teachers/T1/what-if", "teacher:T1", earn="GZ-HR-2.01:1")
    assert (supposed["as_it_stands"]["met"], supposed["supposed"]["met"]) == (False, True)


def text_of(file: str) -> str:
    return Path(file).read_text(encoding="utf-8")


async def test_a_draft_leaves_what_is_deducted_and_takes_no_more_than_it_counts(
    hours: httpx.AsyncClient, tmp_path: Path
) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.04", "6"), record("R2", "T1", "GZ-HR-2.04", "6"))
    await deduct(hours, "D1")
    pack = text_of(with_deductions(tmp_path, version="9"))

    async def sums(draft: str) -> tuple[dict[str, str], dict[str, str]]:
        body = {"pack": draft, "year": 2024, "scope": {"kind": "everyone"}}
        answer = await hours.post("/v1/what-if", json=body)
        assert answer.status_code == 200, answer.text
        (row,) = answer.json()["items"]
        return row["in_force"], row["draft"]

    assert await sums(pack) == ({"professional": "6.00"}, {"professional": "6.00"})
    rule = pack.index('id = "GZ-HR-2.04"')
    end = pack.index("\n\n", rule)
    assert "cap = 10" in pack[rule:end]
    tight = pack[:rule] + pack[rule:end].replace("cap = 10", "cap = 3") + pack[end:]
    assert await sums(tight) == ({"professional": "6.00"}, {}), "three count, and no more can be deducted"


async def test_a_transcript_and_the_table_of_a_year_say_what_was_deducted(hours: httpx.AsyncClient) -> None:
    await register(hours, record("R1", "T1", "GZ-HR-2.01", "12"))
    await deduct(hours, "D1")
    assert (await issue(hours, "T1-1")).status_code == 201
    (year,) = (await shown(hours, "T1-1"))["content"]["years"]
    assert (year["counted"], year["deducted"]) == ({"professional": "8.00"}, {"professional": "4.00"})
    assert await last_of(hours, "en", ["movement", "hours", "not there to be deducted"]) == [
        "deducted",
        "-4.00",
        "0.00",
    ]
    assert await last_of(hours, "zh", ["变动", "计入学时", "不足扣减学时"]) == ["扣减", "-4.00", "0.00"]


async def last_of(hours: httpx.AsyncClient, language: str, heads: list[str]) -> list[str]:
    """Some columns of the last row of the office's table."""
    headers = {"Accept": "text/csv", "Accept-Language": language}
    answer = await hours.get("/v1/teachers/T1/statement", params={"year": 2024}, headers=headers)
    first, *_, last = csv.reader(answer.text.lstrip("\ufeff").splitlines())
    return [last[first.index(head)] for head in heads]
