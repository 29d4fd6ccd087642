"""A statement as it was known at a past instant, and of what had taken effect by a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.policy.calendar import day_of
from shared.runtime import clock
from tests.integration.hours.acts import decide, enrol, exchange, key, recall, record, register
from tests.integration.hours.conftest import Town
from tests.support.past_answers import Then

START = datetime(2025, 1, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)
FIGURES = {"public": "30", "professional": "52", "elective": "10", "carried_in": "0"}


async def statement(town: Town, **params: str) -> Any:
    answer = await town.hours.get("/v1/teachers/T1/statement", params={"year": "2024", **params})
    return answer.json()


async def test_a_statement_is_asked_again_as_of_then_and_never_changes(town: Town) -> None:
    paths = (
        "/v1/teachers/T1/statement?year=2024&limit=200",
        "/v1/teachers/T1/statement?year=2024&limit=2",
        "/v1/teachers/T1/statement?year=2025",
    )
    then = Then(town.world, "hours", town.hours, paths)
    then.moves_to(START)
    await enrol(town.hours, "T1")
    await then.keeps(START)
    then.moves_to(START + DAY)
    await register(town.hours, record("R1", "T1", "GZ-HR-2.02", "8"), record("R2", "T1", "GZ-HR-3.01", "9"))
    await then.keeps(START + DAY)
    then.moves_to(START + 2 * DAY)
    await exchange(town.points, "X1", "T1", "professional", 5)
    await town.heard()
    await then.keeps(START + 2 * DAY)
    then.moves_to(START + 3 * DAY)
    await recall(town.points, "X1", "T1", 2)
    await town.hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    await town.heard()
    await then.keeps(START + 3 * DAY)
    then.moves_to(START + 4 * DAY)
    await decide(town.verification, "T1", 2024, "passed", FIGURES)
    await town.heard()
    await then.answers_alike()
    before = await statement(town, known_at=(START - DAY).isoformat())
    assert (before["items"], before["totals"]["professional"]) == ([], "0.00")


async def test_on_no_day_counts_what_was_taken_back_beside_what_took_its_place(town: Town) -> None:
    await enrol(town.hours, "T1")
    first = record("R1", "T1", "GZ-HR-2.02", "8")
    capped = [record(number, "T1", "GZ-HR-2.04", "8") for number in ("R2", "R3")]
    await register(town.hours, first, *capped)
    await exchange(town.points, "X1", "T1", "professional", 5)
    await town.heard()
    right = {**first, "record": "R4", "hours": "6", "reason": "登记有误"}
    assert (await town.hours.post("/v1/records/R1/correction", json=right, headers=key())).status_code == 201
    await town.hours.post("/v1/records/R2/reversal", json={"reason": "登记有误"}, headers=key())
    await recall(town.points, "X1", "T1", 2)
    await town.heard()
    now = await statement(town)
    assert now["totals"]["professional"] == "17.00", "6 + 8 + 3"
    days = {datetime.fromisoformat(line["effective_at"]) for line in now["items"]}
    for day in (max(days), sorted(days)[-2], clock.now() - DAY):
        on = await statement(town, effective_on=day_of(day).isoformat())
        assert (on["items"], on["totals"]) == (now["items"], now["totals"])
    assert (await statement(town, effective_on="2024-05-09"))["totals"]["professional"] == "0.00"


async def test_what_takes_effect_later_is_left_out_by_day_and_an_instant_has_to_be_past(town: Town) -> None:
    await enrol(town.hours, "T1")
    await register(town.hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    await town.hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    whole = await statement(town)
    assert [line["hours"] for line in whole["items"]] == ["8.00", "-8.00"]
    registered = day_of(datetime.fromisoformat(whole["items"][0]["effective_at"]))
    on = await statement(town, effective_on=registered.isoformat())
    assert on["items"] == whole["items"], "what was taken back was so from its own day on"
    assert on["totals"]["professional"] == "0.00"
    before = await statement(town, effective_on=(registered - DAY).isoformat())
    assert before["items"] == []
    now = clock.now()
    for young in (now, now + DAY):
        refused = await statement(town, known_at=young.isoformat())
        assert refused["code"] == "known_at.not_past"
        assert [fault["path"] for fault in refused["errors"]] == ["/known_at"]
    assert (await statement(town, known_at=(now - timedelta(minutes=2)).isoformat()))["items"] == []
