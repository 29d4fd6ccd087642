"""Every call in the documentation is made, against the services as `make run` leaves them.

A block marked `sh` holds the calls; a number after the mark is the status expected instead of a success. A
block marked `json` behind it is a part of the last answer: what it says is so, `"…"` stands for anything, at
the end of a list for any more items. `$NAME` in a call is the token that a command above has put into it, or
the field `name` of the latest answer that has one.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.documents import PAGES, ROOT, Block, Call, blocks, call, commands, roles_of
from tests.support.signing import signed
from tests.support.world import SERVICES, World, until

ANY = "…"
HEARS = {
    "points": ("hours",),
    "hours": ("points", "verification"),
    "verification": ("hours",),
    "certificates": ("verification", "hours"),
}
PORTS = {f"http://127.0.0.1:{8101 + place}": name for place, name in enumerate((*SERVICES, "issuer"))}
LISTED = [path for path in PAGES if path.name != "README.zh-CN.md"]  # its blocks are those of README.md


def calls(block: Block) -> list[str]:
    if block.info[:1] != ("sh",):
        return []
    return [command for command in commands(block) if command.startswith("curl ")]


PROVINCIAL = ROOT / "docs" / "how-to" / "decide-as-province.md"
CALLING = [page for page in LISTED if page != PROVINCIAL and any(calls(block) for block in blocks(page))]


def differences(said: Any, found: Any, place: str = "") -> Iterator[str]:
    """Where an answer does not say what a page says."""
    if said == ANY:
        return
    if isinstance(said, dict) and isinstance(found, dict):
        for key, value in said.items():
            if key in found:
                yield from differences(value, found[key], f"{place}/{key}")
            else:
                yield f"{place}/{key} is not there"
    elif isinstance(said, list) and isinstance(found, list):
        more = bool(said) and said[-1] == ANY
        wanted = said[:-1] if more else said
        if len(found) < len(wanted) or (len(found) > len(wanted) and not more):
            yield f"{place} has {len(found)} items: {found}"
        for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
            yield from differences(one, other, f"{place}/{index}")
    elif said != found or type(said) is not type(found):
        yield f"{place} is {found!r}"


def find(name: str, answer: Any) -> Any:
    """The first field of that name in an answer, outermost first."""
    if isinstance(answer, dict):
        if name in answer:
            return answer[name]
        answer = list(answer.values())
    for value in answer if isinstance(answer, list) else []:
        found = find(name, value)
        if found is not None:
            return found
    return None


class Reader:
    """Somebody who follows a page from top to bottom."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: list[Any] = []
        self.tokens: dict[str, str] = {}
        self.last: tuple[Call, httpx.Response] | None = None

    async def follow(self, page: Path) -> None:
        for block in blocks(page):
            if block.info[:1] == ("json",) and self.last is not None:
                await self._compare(block)
            else:
                self.last = None
            for command in commands(block) if block.info[:1] == ("sh",) else ():
                if made := roles_of(command):
                    name, roles = made
                    self.tokens[name] = signed(*roles)["Authorization"].removeprefix("Bearer ")
                elif command.startswith("curl "):
                    self.last = await self._call(block, command)

    async def _call(self, block: Block, command: str) -> tuple[Call, httpx.Response]:
        asked = call(re.sub(r"\$([A-Z_]+)", self._value, command))
        await self._rest()
        answer = await self._send(asked)
        place = f"{block.place}: {asked.method} {asked.url}: {answer.status_code} {answer.text[:500]}"
        expected = block.info[1:]
        assert str(answer.status_code) == expected[0] if expected else answer.is_success, place
        if "json" in answer.headers.get("content-type", "").partition(";")[0]:
            self.answers.append(_read(answer))
        return asked, answer

    async def _rest(self) -> None:
        """Wait as a person does between two calls: until what was said has been heard."""
        for listener in self.world.apps:
            for source in HEARS.get(listener, ()):
                if source in self.world.apps:
                    await self.world.heard(listener, source)

    def _value(self, name: re.Match[str]) -> str:
        if name[1] in self.tokens:
            return self.tokens[name[1]]
        for answer in reversed(self.answers):
            found = find(name[1].lower(), answer)
            if found is not None:
                return str(found)
        raise AssertionError(f"{name[0]}: no answer above has such a field")

    async def _send(self, asked: Call) -> httpx.Response:
        address = next(address for address in PORTS if asked.url.startswith(address))
        url = self.world.url(PORTS[address]) + asked.url.removeprefix(address)
        headers = {name.encode(): value.encode() for name, value in asked.headers.items()}
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            return await client.request(asked.method, url, headers=headers, content=asked.body)

    async def _compare(self, block: Block) -> None:
        """Hold the last answer against the page; what still travels is asked for again."""
        assert self.last is not None
        asked, answer = self.last
        said = json.loads(block.text)
        seen = list(differences(said, _read(answer)))

        async def agrees() -> bool:
            nonlocal seen
            answer = await self._send(asked)
            seen = list(differences(said, _read(answer)))
            if not seen:
                self.answers.append(_read(answer))
            return not seen

        if seen and asked.method == "GET":
            with suppress(TimeoutError):
                await until(agrees)
        assert seen == [], f"{block.place}: {seen}"


def _read(answer: httpx.Response) -> Any:
    """The body; of a stream of lines, all lines."""
    if "ndjson" in answer.headers.get("content-type", ""):
        return [json.loads(line) for line in answer.text.splitlines()]
    return answer.json()


def test_there_are_calls() -> None:
    assert ROOT / "README.md" in CALLING


@pytest.mark.parametrize("page", LISTED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_address_of_a_call_is_a_service(page: Path) -> None:
    for block in blocks(page):
        for command in calls(block):
            assert any(address in command for address in PORTS), f"{block.place}: {command}"


@pytest.mark.long
@pytest.mark.parametrize("page", CALLING, ids=lambda page: page.relative_to(ROOT).as_posix())
async def test_the_calls_of_a_page_do_what_it_says(page: Path, bank: World) -> None:
    await Reader(bank).follow(page)


@pytest.mark.long
async def test_the_calls_of_the_province_do_what_its_page_says(world: World) -> None:
    for service in ("hours", "verification"):
        await world.serve(service, VERIFICATION_AUTHORITY="province")
    await Reader(world).follow(PROVINCIAL)
