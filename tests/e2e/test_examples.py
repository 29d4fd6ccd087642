"""Every example of the interfaces is true: in a small year its route gives an answer of the same form."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from tests.e2e import described_classes as classes
from tests.e2e import described_reviews as reviews
from tests.e2e import described_transcripts as transcripts
from tests.e2e import described_year as year
from tests.e2e.cases import of
from tests.e2e.office import Memory, Office
from tests.e2e.refusals import (
    ASK,
    DECIDED,
    closed_year,
    everywhere,
    open_year,
    refuse,
)
from tests.e2e.refused_files import evidence_away
from tests.e2e.refused_matters import strict_plans
from tests.integration.hours.test_persons import KEYS
from tests.support.interface import PROBLEM, ROUTES, Route, differences
from tests.support.versions import as_version
from tests.support.world import SERVICES, World, until

ISLAND = Path(__file__).with_name("island.toml")
"""The rules of a place without points."""


@pytest.mark.long
async def test_every_example_of_an_interface_is_an_answer_of_its_route(world: World, tmp_path: Path) -> None:
    office = await Office.open(world, tmp_path)
    await year.earn(office)
    await year.register(office)
    await year.courses(office)
    await classes.hold(office)
    await reviews.hold(office)
    await refuse(office, open_year())
    await year.close(office)
    number = await year.judge(office)
    await year.order(office, number)
    await year.read(office)
    await year.refuse_long_ago(office)
    await refuse(office, closed_year(number, await lost(office)))
    await refuse(office, everywhere())
    await ask_too_often(office)
    await configured_otherwise(office, tmp_path)
    await without_a_store(office)
    await without_an_issuer(office)
    wrong = [example for route in ROUTES for example in untrue(route, office.memory)]
    assert not wrong, "\n".join(wrong)


def untrue(route: Route, memory: Memory) -> Iterator[str]:
    """The examples of a route that it never answered in this form."""
    for example in route.answers:
        said = memory.said[route.service, route.name, example.status, example.kind]
        if example.kind == PROBLEM:
            said = [answer for answer in said if answer["code"] == example.value["code"]]
        found = [differences(example.value, answer) for answer in said]
        if all(found):
            nearest = min(found, key=len, default=["never answered"])
            yield f"{route.place} {example.status} {example.name} {nearest}"


async def lost(office: Office) -> str:
    """The number of a certificate behind which no pass stands any more."""
    verdict = {"verdict": "GD-9", "teacher": "T0361", "year": year.YEAR, "outcome": "fail"}
    told = {**verdict, "decided_at": "2026-01-22T10:00:00+08:00"}
    await office.do("verification", "POST /v1/verdicts", json=told)
    return str((await office.city.certificate("T0361", year.YEAR, "suspended"))["number"])


async def ask_too_often(office: Office) -> None:
    """Until the public page refuses."""

    async def refused() -> bool:
        return (await office.send("certificates", "GET /verify/{number}")).status_code == 429

    await until(refused)


async def configured_otherwise(office: Office, folder: Path) -> None:
    """What is refused where the city decides, and where points are exchanged on some days only."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    pack = folder / "window.toml"
    window = 'window = { first = "03-01", last = "11-30" }'
    pack.write_text(as_version(shipped.replace("caps = {", f"{window}\ncaps = {{", 1)), encoding="utf-8")
    planned = folder / "planned.toml"
    parameters = "lead_months = 1\n[hours.classes]\nannual_plan = true"
    planned.write_text(as_version(shipped.replace("[hours.classes]", parameters, 1)), encoding="utf-8")
    office = await again(office, "hours", HOURS_PACK=str(planned))
    await refuse(office, [*classes.planned(), *transcripts.without_a_key()])
    office = await again(office, "verification", VERIFICATION_PACK=str(ISLAND))
    await refuse(office, of("verification", "GET /v1/teachers/{teacher}/proof", proof__not_offered={}))
    office = await again(office, "verification", VERIFICATION_AUTHORITY="local")
    office = await again(office, "points", POINTS_PACK=str(pack))
    strict = folder / "strict.toml"
    terms = 'through = "plan"\nlead_months = 1\nreviewers = ["centre"]'
    held = 'registrars = ["research_department"]\nthrough = "class"\nreviewers = ["centre@district"]'
    reviewed = shipped.replace('registrars = ["centre"]\nthrough = "class"', held, 1)
    strict.write_text(as_version(reviewed.replace('through = "plan"', terms)), encoding="utf-8")
    office = await again(office, "hours", HOURS_PACK=str(strict))
    verdict = {**DECIDED, "verdict": "GD-0"}
    asked = {**ASK, "request": "in winter", "at": "2026-02-01T10:00:00+08:00"}
    awaited = of("verification", "POST /v1/verdicts", verdict__not_awaited={"json": verdict})
    within = of("points", "POST /v1/exchanges", exchange__outside_window={"json": asked})
    await refuse(office, [*awaited, *within, *strict_plans(), *classes.recognised()])
    office = await again(office, "points", POINTS_PACK=str(ISLAND))
    asked = {**ASK, "request": "on an island"}
    await refuse(office, of("points", "POST /v1/exchanges", exchange__not_offered={"json": asked}))
    for url, code in (
        ("", "file.no_place"),
        ("nowhere://", "file.place_away"),
        (str(folder / "empty"), "file.altered"),
    ):
        office = await again(office, "hours", EVIDENCE_URL=url, HOURS_PERSON_KEYS=KEYS)
        await refuse(office, evidence_away(code))


async def without_a_store(office: Office) -> None:
    """Whether each is ready while its database does not answer."""
    for service in SERVICES:
        nowhere = f"postgresql+asyncpg://{service}@127.0.0.1:1/{service}"
        office = await again(office, service, **{f"{service.upper()}_DATABASE_URL": nowhere})
        assert (await office.send(service, "GET /readyz")).status_code == 503


async def without_an_issuer(office: Office) -> None:
    """Whether each says so while the keys of tokens cannot be had."""
    nowhere = {"TOKEN_KEYS": "http://127.0.0.1:1/"}
    for service in SERVICES:
        office = await again(office, service, **nowhere)
    guarded = [route for route in ROUTES if any(one.name == "issuer.away" for one in route.answers)]
    await refuse(office, [(route.service, route.name, "issuer.away", {}) for route in guarded])


async def again(office: Office, service: str, **settings: str) -> Office:
    """One service with other settings."""
    await office.world.stop(service)
    client = await office.world.serve(service, **settings)
    office.memory.listen(service, client)
    return replace(office, city=replace(office.city, **{service: client}))
