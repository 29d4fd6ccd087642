"""Courses over HTTP: applied for, reviewed within terms of working days, listed, renewed or dropped."""

from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import key
from tests.integration.hours.test_organisations import CITY, DISTRICT, PROVINCE, post
from tests.support.signing import account, calling
from tests.support.versions import as_version
from tests.support.world import World

Answer = tuple[int, Any]

FORM = {"category": "专业科目", "hours": "12", "audience": "小学语文教师", "outline": "三章十二讲"}
FINISHED = {"address": "资源库/2024/1"}
PROVIDER = calling("provider:C")
CENTRE, CITY_DEPARTMENT = calling("distance_centre:C"), calling("city:C")
DISTRICT_CENTRE = calling("district:D")
BOTH = account("provider@city:C", "distance_centre@city:C")
"""The account of the provider, signed in at the centre."""
OTHER = account("another provider", "provider@city:C")
"""Another account of the same role at the same place."""


def said(answer: httpx.Response) -> Answer:
    told = answer.json()
    return answer.status_code, told.get("code") or told.get("step") or told["state"]


async def apply(
    hours: httpx.AsyncClient, course: str, who: dict[str, str] | None = None, **changed: Any
) -> httpx.Response:
    body = {"rule": "GZ-CR-01", "organisation": "C", "title": "大单元教学设计", "form": FORM, **changed}
    return await hours.post("/v1/courses", json=body, headers={"Idempotency-Key": course, **(who or {})})


async def submit(
    hours: httpx.AsyncClient, course: str, who: dict[str, str] | None = None, **changed: Any
) -> Answer:
    body = {"form": FINISHED, **changed}
    return said(await hours.post(f"/v1/courses/{course}/submission", json=body, headers=key() | (who or {})))


async def decide(
    hours: httpx.AsyncClient,
    course: str,
    step: str,
    who: dict[str, str] | None = None,
    outcome: str = "pass",
    **changed: Any,
) -> Answer:
    body = {"step": step, "outcome": outcome, "reason": "专家意见", **changed}
    return said(await hours.post(f"/v1/courses/{course}/decision", json=body, headers=key() | (who or {})))


async def listed(hours: httpx.AsyncClient, who: dict[str, str] | None = None, **of: str) -> list[str]:
    answer = await hours.get("/v1/courses", params=of, headers=who or {})
    assert answer.status_code == 200, answer.text
    return [one["course"] for one in answer.json()["items"]]


def at(day: str) -> dict[str, Any]:
    return {"at": f"{day}T10:00:00+08:00"}


@pytest.fixture
async def hours(world: World) -> httpx.AsyncClient:
    hours = await world.serve("hours")
    await post(hours, PROVINCE, CITY, DISTRICT)
    return hours


async def test_gz_cr_01_a_city_course_goes_through_two_reviews_production_and_a_report(
    world: World, hours: httpx.AsyncClient
) -> None:
    begun = (await apply(hours, "K1", **at("2024-09-27"))).json()
    assert (begun["state"], begun["step"], begun["awaits"]) == (
        "pending",
        "framework_review",
        "distance_centre:C",
    )
    assert begun["clock"]["due_on"] == "2024-10-23"
    assert begun["clock"]["overdue"] is True, "as of now"
    seen = (await hours.get("/v1/courses/K1", params={"overdue_at": "2024-10-23T23:00:00+08:00"})).json()
    assert (seen["clock"]["used"], seen["clock"]["overdue"], seen["form"]) == (15, False, FORM)
    late: dict[str, Any] = {"overdue_at": "2024-10-24T00:00:00+08:00"}
    assert await listed(hours, overdue_at="2024-10-23T23:59:59+08:00") == []
    assert await listed(hours, **late) == ["K1"]

    assert await decide(hours, "K1", "framework_review", **at("2024-10-11")) == (200, "project_review")
    shared = (await hours.get("/v1/courses/K1")).json()["clock"]
    assert (shared["received_on"], shared["due_on"]) == ("2024-09-27", "2024-10-23"), "one term for both"
    assert await decide(hours, "K1", "project_review", **at("2024-10-25")) == (200, "production")
    assert await listed(hours, **late) == [], "production has no term"
    assert await submit(hours, "K1", **at("2024-12-20")) == (200, "final_review")
    assert await decide(hours, "K1", "final_review", **at("2025-01-02")) == (200, "report")
    assert await listed(hours, state="listed") == []
    assert await decide(hours, "K1", "report", **at("2025-01-03")) == (200, "renewal")

    course = (await hours.get("/v1/courses/K1")).json()
    assert (course["state"], course["awaits"], course["open_for_enrolment"]) == (
        "listed",
        "distance_centre:C",
        True,
    )
    assert [(one["step"], one["due_on"], one["used"], one["overdue"]) for one in course["done"]] == [
        ("framework_review", "2024-10-23", 6, False),
        ("project_review", "2024-10-23", 15, True),
        ("production", None, None, False),
        ("final_review", "2025-01-13", 8, False),
        ("report", None, None, False),
    ]
    assert await world.rebuild("hours") == []


async def test_who_applies_hands_in_and_whose_step_it_is_decides(
    world: World, hours: httpx.AsyncClient
) -> None:
    assert said(await apply(hours, "K1", CENTRE)) == (403, "access.forbidden")
    assert said(await apply(hours, "K1", DISTRICT_CENTRE, rule="GZ-CR-02")) == (403, "course.not_applicant")
    assert said(await apply(hours, "K1", PROVIDER)) == (201, "framework_review")
    assert said(await apply(hours, "K1", OTHER, title="另一门课程")) == (409, "idempotency.conflict")
    assert await decide(hours, "K1", "framework_review", CITY_DEPARTMENT) == (403, "course.not_awaited")
    assert await decide(hours, "K1", "framework_review", BOTH) == (403, "course.own_review")
    assert await decide(hours, "K1", "project_review", CENTRE) == (409, "course.step_not_awaited")
    back: dict[str, Any] = {"outcome": "return", "reason": "补充评价方案"}
    assert await decide(hours, "K1", "framework_review", CENTRE, **{**back, "reason": " "}) == (
        422,
        "course.reason_missing",
    )
    assert await submit(hours, "K1", PROVIDER) == (409, "course.nothing_to_submit")
    assert await decide(hours, "K1", "framework_review", CENTRE, **back) == (200, "framework_review")
    assert await listed(hours, awaits="provider:C") == ["K1"]
    assert await decide(hours, "K1", "framework_review", CENTRE) == (409, "course.step_not_awaited")
    assert await submit(hours, "K1", OTHER, form=FORM) == (404, "course.unknown")
    assert await submit(hours, "K1", PROVIDER) == (422, "course.form_incomplete"), "it is the application"
    changed = {**FORM, "outline": "四章"}
    assert await submit(hours, "K1", PROVIDER, form=changed) == (200, "framework_review")
    assert (await hours.get("/v1/courses/K1", headers=PROVIDER)).json()["form"] == changed
    for step in ("framework_review", "project_review"):
        await decide(hours, "K1", step, CENTRE)
    assert await decide(hours, "K1", "production", CENTRE) == (403, "course.not_awaited")
    assert await submit(hours, "K1", PROVIDER) == (200, "final_review")
    assert await decide(hours, "K1", "final_review", CENTRE) == (200, "report")
    assert await decide(hours, "K1", "report", CENTRE, outcome="refuse") == (
        422,
        "course.outcome_not_allowed",
    )
    await apply(hours, "K2", PROVIDER)
    assert await decide(hours, "K2", "framework_review", CENTRE, outcome="refuse") == (200, "refused")
    assert await submit(hours, "K2", PROVIDER) == (409, "course.over")
    assert [one["reason"] for one in (await hours.get("/v1/courses/K2")).json()["done"]] == ["专家意见"]
    assert await world.rebuild("hours") == []


async def test_lists_end_with_the_reach_and_who_only_applies_sees_the_own_ones(
    hours: httpx.AsyncClient,
) -> None:
    await post(hours, {**CITY, "organisation": "C2", "division": "440600"})
    for number, who in enumerate((PROVIDER, OTHER, PROVIDER)):
        await apply(hours, f"K{number}", who)
    await apply(hours, "K3", PROVIDER, organisation="C2")
    assert await listed(hours, PROVIDER) == ["K0", "K2", "K3"]
    assert await listed(hours, CENTRE) == ["K0", "K1", "K2"]
    assert await listed(hours, CENTRE, organisation="C2") == []
    assert await listed(hours, calling("platform:local")) == ["K0", "K1", "K2", "K3"]
    first = (await hours.get("/v1/courses", params={"limit": 2}, headers=CENTRE)).json()
    assert [one["course"] for one in first["items"]] == ["K0", "K1"]
    assert await listed(hours, CENTRE, cursor=first["next"]) == ["K2"]
    assert (await hours.get("/v1/courses/K1", headers=PROVIDER)).status_code == 404
    assert (await hours.get("/v1/courses/K3", headers=CENTRE)).status_code == 404
    assert await decide(hours, "K3", "framework_review", CENTRE) == (404, "course.unknown")
    shown = await hours.get("/v1/courses/K0", headers=calling("platform:local"))
    assert shown.json()["form"] is None, "a form may name people"


async def test_gz_cr_02_a_partners_course_is_selected_and_reported(hours: httpx.AsyncClient) -> None:
    form = {**FORM, "qualification": "培训资质证书"}
    partner: dict[str, Any] = {"rule": "GZ-CR-02", "form": form}
    assert said(await apply(hours, "K1", PROVIDER, **partner)) == (201, "selection")
    assert await decide(hours, "K1", "selection", CENTRE) == (200, "report")
    assert await decide(hours, "K1", "report", CENTRE) == (200, "renewal")
    assert await listed(hours, PROVIDER, state="listed", rule="GZ-CR-02") == ["K1"]
    lacking = await apply(hours, "K2", PROVIDER, rule="GZ-CR-02")
    assert said(lacking) == (422, "course.form_incomplete")
    assert [fault["path"] for fault in lacking.json()["errors"]] == ["/form/qualification"]
    assert said(await apply(hours, "K2", PROVIDER, organisation="D")) == (422, "course.organisation_unknown")
    assert said(await apply(hours, "K2", PROVIDER, rule="GZ-HR-2.01")) == (422, "course.rule_unknown")


async def test_gz_cr_03_a_course_past_its_interval_is_listed_for_renewal(
    world: World, hours: httpx.AsyncClient, tmp_path: Path
) -> None:
    own: dict[str, Any] = {"rule": "GZ-CR-00", "organisation": "D"}
    assert said(await apply(hours, "D0", DISTRICT_CENTRE, **own)) == (201, "renewal"), "nobody reviews"
    assert said(await apply(hours, "D9", calling("district:D9"), **own)) == (403, "course.not_applicant")
    await apply(hours, "D1", **own, **at("2024-02-29"))
    partner: dict[str, Any] = {"rule": "GZ-CR-02", "form": {**FORM, "qualification": "培训资质证书"}}
    await apply(hours, "K1", **partner, **at("2019-05-06"))
    for step in ("selection", "report"):
        await decide(hours, "K1", step, **at("2019-05-06"))
    assert await listed(hours, overdue_at="2024-05-06T23:00:00+08:00") == []
    assert await listed(hours, overdue_at="2024-05-07T00:00:00+08:00") == ["K1"]
    assert await listed(hours, overdue_at="2025-02-28T23:00:00+08:00") == ["K1"]
    assert await listed(hours, overdue_at="2025-03-01T00:00:00+08:00") == ["D1", "K1"]
    assert (await hours.get("/v1/courses/K1")).json()["open_for_enrolment"] is True, "no sanction by default"

    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text("utf-8")
    strict = tmp_path / "strict.toml"
    changed = shipped.replace("blocks_enrolment = false", "blocks_enrolment = true")
    strict.write_text(as_version(changed), "utf-8")
    await world.stop("hours")
    hours = await world.serve("hours", HOURS_PACK=str(strict))
    assert (await hours.get("/v1/courses/K1")).json()["open_for_enrolment"] is False

    assert await decide(hours, "K1", "renewal", **at("2022-05-05")) == (409, "course.renewal_early")
    assert await decide(hours, "K1", "renewal", DISTRICT_CENTRE) == (404, "course.unknown")
    assert await decide(hours, "K1", "renewal", CENTRE) == (200, "renewal")
    assert (await hours.get("/v1/courses/K1")).json()["open_for_enrolment"] is True
    assert await decide(hours, "D1", "renewal", DISTRICT_CENTRE, outcome="refuse") == (200, "dropped")
    assert await listed(hours, state="listed") == ["D0", "K1"]
    assert await world.rebuild("hours") == []


async def test_what_is_dated_otherwise_or_not_known_yet_is_refused(hours: httpx.AsyncClient) -> None:
    assert said(await apply(hours, "K1", PROVIDER, **at("2024-09-27"))) == (403, "course.at_not_allowed")
    assert said(await apply(hours, "K1", **at("2099-01-01"))) == (422, "course.at_out_of_order")
    await apply(hours, "K1", **at("2024-09-27"))
    early = await decide(hours, "K1", "framework_review", **at("2024-09-26"))
    assert early == (422, "course.at_out_of_order")
    unknown = await hours.get("/v1/courses", params={"overdue_at": "2090-03-01T00:00:00+08:00"})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "calendar.not_announced")
    then = await hours.get("/v1/courses/K1", params={"overdue_at": "2090-03-01T00:00:00+08:00"})
    assert then.json()["clock"]["overdue"] is True, "its own term lies in years that are known"
