"""A filled ledger is one that the services could have written; `make bench-growth` from beginning to end."""

import platform
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.checks import WrongRunError, audit
from bench.growth.filling import SHARES
from bench.growth.ledger import Ledger, Original, make_ledger, make_original
from bench.growth.result import FIGURES, Growth
from bench.measures import replay
from bench.order import ROOT
from bench.servers import Servers
from deploy.local.environment import for_children

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("bench")]

COPIES = 5


@pytest.fixture(scope="module")
async def original(servers: Servers) -> Original:
    return await make_original(servers, 500, 2025)


@pytest.fixture(scope="module")
async def ledger(servers: Servers, original: Original) -> Ledger:
    return await make_ledger(servers, original, COPIES)


async def test_a_rebuild_finds_no_difference_in_a_filled_ledger(servers: Servers, ledger: Ledger) -> None:
    found = await replay.measure(servers, ledger.databases["points"], ledger.acts)
    assert set(found) == {"E5-rules", "E5-rebuild"}


async def test_a_filled_ledger_holds_every_row_of_the_run_so_many_times(
    servers: Servers, original: Original, ledger: Ledger
) -> None:
    for table in ("journal", "act", "award", "lot", "object_state", "belonging"):
        query = f"select count(*) from {table}"  # noqa: S608 - our own names
        async with servers.connected(original.database) as link:
            once = await link.fetchval(query)
        async with servers.connected(ledger.databases["points"]) as link:
            assert await link.fetchval(query) == COPIES * once > 0
    async with servers.connected(ledger.databases["points"]) as link:
        used = {row[0] % SHARES for row in await link.fetch("select distinct partition from journal")}
        behind = await link.fetchval(
            "select count(*) from relayed join part using (partition) where relayed.seq <> part.seq"
        )
    assert (used, behind) == (set(range(SHARES)), 0)
    assert ledger.entries == COPIES * original.entries
    assert min(ledger.bytes.values()) > 0


async def test_kept_states_hold_what_the_journal_says_about_their_objects(
    servers: Servers, ledger: Ledger
) -> None:
    query = (
        "select count(*) from object_state join lateral (select max(seq) as last from journal"
        " where journal.subject = object_state.subject) as said on true where object_state.seq > said.last"
    )
    async with servers.connected(ledger.databases["points"]) as link:
        assert await link.fetchval(query) == 0


async def test_a_ledger_that_lost_an_act_is_wrong(servers: Servers, ledger: Ledger) -> None:
    copied = {service: servers.fresh(service, name) for service, name in ledger.databases.items()}
    async with servers.connected(copied["points"]) as link:
        await link.execute("delete from act where ctid = (select min(ctid) from act)")
    with pytest.raises(WrongRunError, match="acts recorded and sent"):
        await audit(servers, copied, ledger.recorded)


def test_a_smoke_run_compares_every_figure_and_names_no_host_and_no_path(tmp_path: Path) -> None:
    out, state = tmp_path / "growth.json", tmp_path / "state"
    done = subprocess.run(
        [sys.executable, "-m", "bench.growth"],
        cwd=ROOT,
        env=for_children(SMOKE="1", OUT=str(out), STATE=str(state)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = msgspec.json.decode(out.read_bytes(), type=Growth)
    names = [figure.name for figure in FIGURES]
    small, *grown = result.growth
    assert [value.name for value in small.figures] == names
    assert [[value.name for value in one.ratios] for one in grown] == [names, names]
    assert small.entries < grown[0].entries < grown[1].entries
    assert all(value.median > 0 for one in grown for value in (*one.figures, *one.ratios))
    assert set(small.bytes_per_act) == {"journal", "keys", "states", "awards", "hours"}
    assert result.extrapolated is not None
    assert result.extrapolated.entries == 10 * grown[1].entries
    assert (result.smoke, result.wrong) == (True, [])
    for private in (str(ROOT), str(tmp_path), platform.node()):
        assert private not in out.read_text()
    assert "extrapolated and not measured" in done.stdout
    assert not (state / "bench").exists()
