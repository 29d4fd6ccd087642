"""What the tests of classes do: propose and approve one, fill it, hand results in, register."""

from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from shared.policy.calendar import day_of
from shared.runtime import clock
from tests.integration.hours.acts import enrol, key
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_transfers import FAR, NEAR, OTHER
from tests.support.signing import calling, signed
from tests.support.world import World

CENTRE, CITY = calling("centre:D"), calling("city:C")
CITY_CENTRE = signed("district_centre@city:C")
PROVIDER = signed("provider@district:D")


def today() -> date:
    return day_of(clock.now())


def outline(number: str, **changed: Any) -> dict[str, Any]:
    """A class of the district that opens and closes today."""
    day = today().isoformat()
    return {
        "class": number,
        "title": "大单元教学设计研修班",
        "source_rule": "GZ-HR-2.02",
        "category": "professional",
        "hours": "16.00",
        "format": "concentrated",
        "provider": "岭南研修院",
        "enrol_by": day,
        "opens": day,
        "closes": day,
        **changed,
    }


def later(days: int = 1) -> dict[str, str]:
    """A class that is still to come; where the year ends meanwhile, in the next one."""
    opens = today() + timedelta(days=days)
    return {"opens": opens.isoformat(), "closes": opens.isoformat()}


async def valley(world: World, **settings: str) -> httpx.AsyncClient:
    """Districts D (schools S and N) and E (school F) of city C; T1 and T2 in S, T3 in N, T4 in F."""
    hours = await world.serve("hours", **settings)
    await post(hours, *WHOLE, OTHER, NEAR, FAR)
    await enrol(hours, "T1", "T2", school="S", district="")
    await enrol(hours, "T3", school="N", district="")
    await enrol(hours, "T4", school="F", district="")
    return hours


async def send(hours: httpx.AsyncClient, headers: dict[str, str], path: str, body: Any) -> tuple[int, Any]:
    """Status, and the code of a refusal or the answer."""
    answer = await hours.post(f"/v1/classes{path}", json=body, headers={**key(), **headers})
    said = answer.json()
    return answer.status_code, said.get("code") or said


async def propose(client: httpx.AsyncClient, headers: dict[str, str], number: str, **changed: Any) -> Any:
    status, said = await send(client, headers, "", outline(number, **changed))
    return (status, said) if isinstance(said, str) else (status, said["state"])


async def decide(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    number: str,
    decision: str = "approved",
    why: str = "",
) -> Any:
    status, said = await send(client, headers, f"/{number}/decision", {"decision": decision, "reason": why})
    return (status, said) if isinstance(said, str) else (status, said["state"])


async def approved(client: httpx.AsyncClient, number: str, **changed: Any) -> None:
    """A class of the district, approved by the city."""
    assert await propose(client, CENTRE, number, **changed) == (201, "proposed")
    assert await decide(client, CITY, number) == (200, "approved")


async def seat(hours: httpx.AsyncClient, headers: dict[str, str], number: str, *teachers: str) -> Any:
    """What became of each: a state or a code."""
    status, said = await send(hours, headers, f"/{number}/seats", {"teachers": list(teachers)})
    return (status, said) if isinstance(said, str) else rows(said, "state")


def rows(said: Any, name: str) -> list[str]:
    """Of each result of many what it says, or the code of its refusal."""
    return [one.get(name) or one["problem"]["code"] for one in said["results"]]


def pack(folder: Path, parameters: str, rule: str = "") -> str:
    """A file of Guangzhou's pack in which classes, and their rule, have further parameters."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    file = folder / "classes.toml"
    terms = f"{rule}\n[hours.classes]\n{parameters}\n"
    file.write_text(shipped.replace("[hours.classes]\n", terms, 1), "utf-8")
    return str(file)


async def result(client: httpx.AsyncClient, headers: dict[str, str], number: str, *said: Any) -> Any:
    """What became of each result: an outcome or a code."""
    status, answer = await send(client, headers, f"/{number}/results", {"rows": list(said)})
    return (status, answer) if isinstance(answer, str) else rows(answer, "outcome")


async def register(client: httpx.AsyncClient, headers: dict[str, str], number: str) -> Any:
    """What became of each seat: a record or a code."""
    status, answer = await send(client, headers, f"/{number}/registration", None)
    return (status, answer) if isinstance(answer, str) else rows(answer, "record")
