"""A run that was tampered with anywhere is found out, and leaves no figure."""

from collections.abc import Iterator

import pytest

from bench.checks import WrongRunError, audit
from bench.floors import copying
from bench.measures import replay
from bench.measures.sweep import Prepared
from bench.order import SMOKE
from bench.rounds import Course, Learnt, Round, Workloads
from bench.statistics import median
from bench.workload import Recorded
from bench.year_end import YearEnd
from tests.integration.bench.conftest import Run

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bench")]

NO_LOTS = Prepared(by_year={}, by_months="")
POINTS = {
    "partitions with gaps": (
        "delete from journal where (partition, seq) ="
        " (select partition, min(seq) from journal group by partition order by partition limit 1)"
    ),
    "accounts whose journal": (
        "update journal set data = jsonb_set(data::jsonb, '{points}', '1')::text where (partition, seq) ="
        " (select partition, seq from journal where type = 'points.awarded.v1' order by 1, 2 limit 1)"
    ),
    "lots that are not": "update lot set earned = earned + 10 where ctid = (select min(ctid) from lot)",
    "acts recorded and sent": "delete from act where ctid = (select min(ctid) from act)",
    "acts withdrawn": (
        "update act set withdrawn = true where ctid = (select min(ctid) from act where not withdrawn)"
    ),
}
HOURS = {
    "lots that hours heard of": (
        "update lot set points = points + 1 where ctid = (select min(ctid) from lot where points > 0)"
    ),
    "positions of hours": "update position set seq = seq - 1 where source = 'points'",
    "parked events": "insert into parked values ('points', 64, 1, 'teacher:T1', 'no', '{}', now())",
}
REPLAYED = {
    "rules": (
        "update award set points = points - 1 where ctid = (select min(ctid) from award where points > 0)"
    ),
    "rebuild differs": "update act set digest = 'x' where ctid = (select min(ctid) from act)",
}
"""What is done to a run, by what must be said of it."""


@pytest.fixture
def copied(run: Run) -> Iterator[dict[str, str]]:
    databases = run.copy()
    yield databases
    for name in databases.values():
        run.servers.drop(name)


async def tamper(run: Run, database: str, statement: str) -> None:
    async with run.servers.connected(database) as link:
        assert (await link.execute(statement)).split()[-1] != "0"


async def test_a_run_that_nobody_touched_is_right(run: Run, copied: dict[str, str]) -> None:
    assert await audit(run.servers, copied, run.workload.recorded) == run.taken.awards
    assert run.taken.answered >= run.taken.known > 0
    found = await replay.measure(run.servers, copied["points"], run.workload.recorded.acts)
    assert set(found) == {"E5-rules", "E5-rebuild"}


@pytest.mark.parametrize("found", [*POINTS, *HOURS])
async def test_what_was_changed_afterwards_is_found(run: Run, copied: dict[str, str], found: str) -> None:
    service, statement = ("points", POINTS[found]) if found in POINTS else ("hours", HOURS[found])
    await tamper(run, copied[service], statement)
    with pytest.raises(WrongRunError, match=found):
        await audit(run.servers, copied, run.workload.recorded)


async def test_a_run_that_recorded_another_number_of_acts_is_wrong(run: Run, copied: dict[str, str]) -> None:
    with pytest.raises(WrongRunError, match="acts recorded and sent: 500 and 501"):
        await audit(run.servers, copied, run.workload.recorded + Recorded(acts=1))


@pytest.mark.parametrize("found", REPLAYED)
async def test_a_replay_that_comes_to_something_else_has_no_figure(
    run: Run, copied: dict[str, str], found: str
) -> None:
    await tamper(run, copied["points"], REPLAYED[found])
    with pytest.raises(WrongRunError, match=found):
        await replay.measure(run.servers, copied["points"], 500)


async def test_the_floor_holds_every_row_of_the_run(run: Run, copied: dict[str, str]) -> None:
    rows = await copying.read_back(run.servers, copied["points"], 500)
    assert {"journal", "part", "act", "object_state", "award", "lot"} <= {name for name, _ in rows.tables}
    assert all(body for _, body in rows.tables)
    copies = copying.Copies()
    figures = await copying.measure(run.servers, rows, copies)
    assert figures["F1-journal"] > 0
    assert figures["F1"] == pytest.approx(500 / median(copies.whole))
    again = await copying.measure(run.servers, rows, copies)
    assert len(copies.whole) == 2 * copying.REPEATS
    assert again["F1"] == pytest.approx(500 / median(copies.whole))


async def test_a_step_that_comes_to_other_awards_leaves_no_figure(run: Run) -> None:
    sent = Workloads.make(SMOKE, 2025)
    rows = copying.Rows(tables=[], acts=0)
    learnt = Learnt(
        rows=rows,
        awards="others",
        postings=(),
        writes="",
        acts=0,
        year_end=YearEnd(
            servers=run.servers, scale=SMOKE, year=2025, lots=NO_LOTS, counted="", judged="", entitled=""
        ),
        statements=0,
        ledger=None,
    )
    told: list[str] = []
    course = Course(run.servers, SMOKE, 2025, None, told.append)
    one = Round(run.servers, SMOKE, 2025, sent, learnt)
    await course.take(1, "E2 shuffled", one.shuffled, one.found)
    assert one.found == {}
    assert course.wrong == ["round 1: E2 shuffled"]
    assert told == ["round 1: E2 shuffled is wrong, the same acts came to other awards than in the first run"]
