"""What is measured over a ledger of any size: intake, single acts, balances, a closing, appending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

from bench.client import post
from bench.growth.ledger import Ledger, partly_known
from bench.load import Load, closed
from bench.measures import balances, sweep
from bench.measures.intake import CONNECTIONS, PATH, PORTION, check_answers, heard
from bench.measures.singles import WARMING, check_singles, warmed
from bench.order import Scale
from bench.recording import act_of, context
from bench.servers import Servers
from bench.site import Site
from bench.workload import Workload, community
from points.activities.domain.act import Act
from points.activities.entries import STRUCK_TYPE
from points.settings import Context
from points.years import operations as years
from shared.runtime import clock
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Draft

SINGLES = 10_000
"""Single acts kept ready for a second."""
BALANCES = 300
"""Balances asked for in a second, at most."""
APPENDED = 1000
"""Entries of a transaction that only appends."""
TURNS = 5
"""How often that is measured in a round: it takes a moment only, so the middle one counts."""

Found = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round over one ledger. Its acts have a source of their own, its closing a year of its own."""

    servers: Servers
    scale: Scale
    year: int
    number: int
    founded: Mapping[str, int]

    async def intake(self, ledger: Ledger) -> Found:
        """E2, E3, E1 and as-of-p99.

        Raises: WrongRunError.
        """
        warming = self._workload(ledger, "warming", self.scale.size // 10)
        batches = self._workload(ledger, "batches", self.scale.size)
        singles = self._workload(ledger, "singles", int(SINGLES * self.scale.seconds))
        with Site(self.servers, standing=ledger.databases) as site:
            await_heard(site)
            await _batches(site, ledger, warming)
            found = await _batches(site, ledger, batches)
            found |= await self._singles(site, ledger, singles)
            found |= await balances.measure(site, self.year, int(BALANCES * self.scale.seconds))
        return found

    async def closing(self, ledger: Ledger) -> Found:
        """E6: the lots of a year before, among all the others that stay.

        Raises: WrongRunError.
        """
        own, name, year = context(), ledger.databases["points"], self.year - self.number
        await sweep.grant_all(self.servers, name, self.scale.lots, year, own)
        database = Database(self.servers.addresses("points", name).service)
        try:
            self.servers.settle()
            began = perf_counter()
            await database.run(lambda tx: years.order(tx, own, year, clock.now()))
            while await database.run(lambda tx: years.close_next(tx, own)):
                pass
            return {"E6": self.scale.lots / (perf_counter() - began)}
        finally:
            await database.dispose()

    async def appending(self, ledger: Ledger) -> Found:
        """Entries a second that are numbered, chained and written, and nothing else."""
        own = context()
        database = Database(self.servers.addresses("points", ledger.databases["points"]).service)
        acts = community(self.scale.size, source="appended", year=self.year).lines[: self.scale.size]
        drafts = [_draft(number, act_of(line)) for number, line in enumerate(acts)]
        try:
            self.servers.settle()
            return {"append": median([await _append_all(own, database, drafts) for _ in range(TURNS)])}
        finally:
            await database.dispose()

    def _workload(self, ledger: Ledger, name: str, size: int) -> Workload:
        seed = 100 * self.number + len(name)
        plain = community(size, source=f"{name}-{self.number}", year=self.year, seed=seed)
        return partly_known(plain, ledger.known, self.founded, seed)

    async def _singles(self, site: Site, ledger: Ledger, workload: Workload) -> Found:
        requests = [post(PATH, line) for line in workload.lines]
        load = await warmed(site.url("points"), requests, self.scale.seconds)
        heard(site, load)
        check_singles(load.answers)
        ledger.recorded += workload.first(WARMING + len(load.answers)).recorded
        return {"E1": load.rate}


def await_heard(site: Site) -> None:
    """Wait until hours knows what was written while nobody served.

    Raises: WrongRunError.
    """
    now = perf_counter()
    heard(site, Load(began=now, ended=now))


async def _batches(site: Site, ledger: Ledger, workload: Workload) -> Found:
    load = await closed(
        site.url("points"), [post(PATH, body) for body in workload.arrays(PORTION)], CONNECTIONS
    )
    seconds = heard(site, load)
    recorded = workload.recorded
    check_answers(load.answers, recorded.acts, len(workload.lines))
    ledger.recorded += recorded
    return {"E2": recorded.acts / load.seconds, "E3": recorded.acts / seconds}


def _draft(number: int, act: Act) -> Draft:
    """An entry as long as that of the act, of a type that no check counts among the acts."""
    return Draft(STRUCK_TYPE, f"topic:appended/topic-{number % APPENDED}", act.occurred_at, "", act)


async def _append_all(own: Context, database: Database, drafts: Sequence[Draft]) -> float:
    """Append drafts, so many a transaction; entries a second."""
    began = perf_counter()
    for first in range(0, len(drafts), APPENDED):
        await database.run(partial(_append, own, drafts[first : first + APPENDED]))
    return len(drafts) / (perf_counter() - began)


async def _append(own: Context, drafts: Sequence[Draft], tx: Transaction) -> None:
    await own.journal.lock(tx, {draft.subject for draft in drafts})
    await own.journal.append(tx, drafts)
