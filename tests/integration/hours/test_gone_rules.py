"""What stands, or is under way, by a rule that the next version of the pack has no longer."""

from importlib import resources
from pathlib import Path

import httpx

from tests.integration.hours import classes, plans
from tests.integration.hours import test_courses as courses
from tests.integration.hours.acts import enrol, key, paper, record, register, total
from tests.integration.hours.classes import valley
from tests.integration.hours.test_declarations import TEACHER, decide, declaration, declare, queue
from tests.support.signing import calling
from tests.support.versions import as_version
from tests.support.world import World

GUANGZHOU = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")


async def without(world: World, folder: Path, *rules: str) -> httpx.AsyncClient:
    """The service again, under a version that calls some rules otherwise."""
    text = GUANGZHOU
    for rule in rules:
        text = text.replace(rule, f"{rule}9")
    file = folder / "pack.toml"
    file.write_text(as_version(text, "2"), encoding="utf-8")
    await world.stop("hours")
    return await world.serve("hours", HOURS_PACK=str(file))


async def twelve_hours(world: World, folder: Path) -> httpx.AsyncClient:
    """Twelve hours of research activities, of which ten count, and a version without their rule."""
    hours = await world.serve("hours")
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.04", "8"), record("R2", "T1", "GZ-HR-2.04", "4"))
    later = await without(world, folder, "GZ-HR-2.04")
    assert (await total(later, "T1", 2024))["professional"] == "10.00"
    return later


async def test_what_is_taken_back_lets_the_others_move_up_under_their_own_caps(
    world: World, tmp_path: Path
) -> None:
    later = await twelve_hours(world, tmp_path)
    taken = await later.post("/v1/records/R1/reversal", json={"reason": "重复"}, headers=key())
    assert taken.is_success, taken.text
    sums = await total(later, "T1", 2024)
    assert (sums["professional"], sums["over_cap"]) == ("4.00", "0.00")
    assert await world.rebuild("hours") == []


async def test_whoever_might_register_it_then_takes_it_back_and_nobody_else(
    world: World, tmp_path: Path
) -> None:
    later = await twelve_hours(world, tmp_path)
    for who, status in (("school:S01", 403), ("operator:local", 201)):
        headers = {**key(), **calling(who)}
        answer = await later.post("/v1/records/R1/reversal", json={"reason": "重复"}, headers=headers)
        assert answer.status_code == status, answer.text


async def test_nothing_is_registered_by_it_any_more_in_place_of_another_either(
    world: World, tmp_path: Path
) -> None:
    later = await twelve_hours(world, tmp_path)
    right = {**record("R3", "T1", "GZ-HR-2.04", "6"), "reason": "登记有误"}
    refused = await later.post("/v1/records/R1/correction", json=right, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (422, "rule.unknown"), refused.text
    moved = {**right, "source_rule": "GZ-HR-2.049"}
    corrected = await later.post("/v1/records/R1/correction", json=moved, headers=key())
    assert corrected.status_code == 201, corrected.text
    assert (await total(later, "T1", 2024))["professional"] == "10.00", "4 and 6, each under its own cap"


async def test_what_is_under_way_is_shown_and_goes_no_further(world: World, tmp_path: Path) -> None:
    hours = await valley(world)
    await classes.approved(hours, "K1", **classes.later())
    assert await classes.propose(hours, classes.CENTRE, "K2", **classes.later()) == (201, "proposed")
    assert await plans.draft(hours, plans.plan("P1")) == (201, "P1")
    row = declaration("Z1", files=[await paper(hours, "证书", TEACHER)])
    assert await declare(hours, row) == (201, "declared")
    await courses.apply(hours, "C1", rule="GZ-CR-02", form={**courses.FORM, "qualification": "培训资质证书"})
    for step in ("selection", "report"):
        await courses.decide(hours, "C1", step)
    later = await without(world, tmp_path, "GZ-HR-2.02", "GZ-HR-2.03", "GZ-HR-3.02", "GZ-CR-02")
    for address in ("/v1/classes/K1", "/v1/classes", "/v1/plans/P1", "/v1/declarations/Z1"):
        assert (await later.get(address)).status_code == 200, address
    assert (await later.get("/v1/courses/C1")).json()["open_for_enrolment"] is True
    assert await queue(later, calling("school:S")) == ["Z1"]
    assert await classes.seat(later, classes.CENTRE, "K1", "T1") == (422, "rule.unknown")
    assert await classes.decide(later, classes.CITY, "K2") == (422, "rule.unknown")
    assert await plans.do(later, "P1", "submission", at=plans.SUBMITTED) == (422, "rule.unknown")
    assert await decide(later, calling("school:S"), "Z1") == "reviewed", "reviewers are in the declaration"
    assert await decide(later, calling("centre:D"), "Z1") == "rule.unknown"
    assert await decide(later, calling("centre:D"), "Z1", "return", reason="规则已变更") == "returned"
