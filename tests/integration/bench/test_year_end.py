"""Year-end work has a figure only where it leaves what the bare SQL leaves, and memory that is its own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bench import beside
from bench.apart import Figures, apart, peak_mb
from bench.beside import Beside
from bench.checks import WrongRunError
from bench.measures import carrying, expiring, issuing, sweep, verifying
from bench.recording import context
from bench.servers import Link, Servers

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bench")]

YEAR, MANY = 2025, 150


async def lots(servers: Servers, many: int, year: int) -> str:
    name = servers.fresh("points")
    await sweep.grant_all(servers, name, many, year, context(sweep.monthly()))
    return name


Prepare = Callable[[Servers, int, int], Awaitable[str]]
WORKS: dict[str, tuple[Prepare, Beside, str]] = {
    "verification": (verifying.prepare, verifying.WORK, "update prediction set figures = '{}'"),
    "carry-over": (carrying.prepare, carrying.WORK, "update total set carried_in = 0"),
    "expiry": (lots, expiring.WORK, "update lot set expired = expired - 1"),
}
"""What is prepared, what is done twice, and a change of what the bare SQL left."""


@pytest.mark.parametrize("name", WORKS)
async def test_work_that_leaves_something_else_has_no_figure(servers: Servers, name: str) -> None:
    prepare, work, change = WORKS[name]
    template = await prepare(servers, MANY, YEAR)
    done = await beside.measure(servers, work, template, MANY, YEAR)
    assert min(done.bare, done.own, done.memory, done.written) > 0

    async def other(link: Link, year: int) -> None:
        await work.bare(link, year)
        await link.execute(change)

    with pytest.raises(WrongRunError, match="the bare SQL and"):
        await beside.measure(servers, replace(work, bare=other), template, MANY, YEAR)
    with pytest.raises(WrongRunError, match=f"of {MANY + 1}"):
        await beside.measure(servers, work, template, MANY + 1, YEAR)


async def test_certificates_are_the_documents_that_the_library_makes_alone(servers: Servers) -> None:
    template = await issuing.prepare(servers, 5, YEAR)
    found = await issuing.measure(servers, template, 5)
    assert min(found[name] for name in ("F9", "E10", "E10-library")) > 0
    assert found["E10-bytes"] > 10_000
    with pytest.raises(WrongRunError, match="of 6"):
        await issuing.measure(servers, template, 6)


async def held(megabytes: str) -> Figures:
    """Hold so much for a moment."""
    kept = b"x" * (int(megabytes) << 20)
    return {"memory": peak_mb(), "kept": float(len(kept))}


async def test_memory_is_that_of_the_process_and_not_of_who_started_it() -> None:
    ours = b"x" * (300 << 20)
    little, much = await apart(held, "0"), await apart(held, "200")
    assert 195 < much["memory"] - little["memory"] < 205
    assert little["memory"] < len(ours) >> 20


async def ending() -> Figures:
    """End as what cannot go on does."""
    raise WrongRunError("so it ends")


async def test_work_that_ends_early_says_its_last_words() -> None:
    with pytest.raises(WrongRunError, match=r"ending ended: .*so it ends"):
        await apart(ending)
