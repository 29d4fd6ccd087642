"""The course of a benchmark: one run to learn from, then rounds in which floors and measures alternate.

What disturbs the machine for a while then disturbs both sides of a ratio. Every measured run has databases
and a broker of its own; one that is wrong leaves no figure.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import statistics
from bench.checks import WrongRunError
from bench.floors import broker, copying, single, statements, web
from bench.measures import balances, chain, file, replay, singles
from bench.measures.intake import Taken, take_in
from bench.order import Scale
from bench.peers import events, ledger
from bench.peers.naive import measure as naive
from bench.peers.posted import Posting, read_posted
from bench.recording import record
from bench.servers import Servers
from bench.site import WHOLE, Site
from bench.workload import ZIPF, Recorded, Workload, community
from bench.year_end import Measure, YearEnd
from deploy.local.bank import BankError
from deploy.local.child import ServerError

Tell = Callable[[str], None]
Found = dict[str, float]
WRONG = (WrongRunError, ServerError, BankError, ConnectionError)
"""What makes a run a wrong one; anything else is a fault of the benchmark itself and ends it."""
WARMING = 10
"""One act in so many more, before each run, so that nothing is met for the first time."""
SINGLES = 10_000
"""Single acts kept ready for a second."""
NAIVE = 10
"""One act in so many is sent to the naive service, which takes longer for it than ours for all."""
EVENTS = 3
"""For so many acts, one event goes through the journal and through an outbox."""
COPIES = 2
"""Copies of each service, where there is more than one."""
BALANCES = 300
"""Balances asked for in a second, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workloads:
    """What is sent, made once."""

    warming: Workload
    even: Workload
    shuffled: Workload
    zipf: Workload
    singles: Workload

    @classmethod
    def make(cls, scale: Scale, year: int) -> "Workloads":
        """Make all of them."""
        even = community(scale.size, source="bench", year=year)
        return cls(
            warming=community(scale.size // WARMING, source="warming", year=year, seed=2),
            even=even,
            shuffled=even.shuffled(3),
            zipf=community(scale.size, source="bench", year=year, zipf=ZIPF),
            singles=community(int(SINGLES * scale.seconds), source="singles", year=year, seed=4),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What the first run left, for floors and for comparison."""

    rows: copying.Rows
    awards: str
    postings: Sequence[Posting]
    writes: str
    """The template for F2."""
    acts: int
    year_end: YearEnd
    statements: float
    """Statements that points sends for a transaction."""
    ledger: str | None
    """The template for pgledger."""

    @property
    def awards_of_an_act(self) -> float:
        """Awards with points, for each act."""
        return sum(posting.award for posting in self.postings) / self.rows.acts


@dataclass(slots=True)
class Course:
    """All rounds of one benchmark."""

    servers: Servers
    scale: Scale
    year: int
    ledger: Path | None
    """The file of pgledger."""
    tell: Tell
    rounds: list[statistics.Round] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """`round 2: E4`, for each run without figures."""
    statements: float = 0.0
    """Statements that points sends for a transaction of batches."""

    async def run(self) -> None:
        """Learn, then measure round by round.

        Raises: WrongRunError where the first run is wrong.
        """
        self.tell("preparing")
        sent = Workloads.make(self.scale, self.year)
        learnt = await learn(self.servers, self.scale, self.year, sent, self.ledger)
        self.statements = learnt.statements
        for number in range(1, self.scale.rounds + 1):
            one = Round(self.servers, self.scale, self.year, sent, learnt)
            for name, step in one.steps().items():
                await self.take(number, name, step, one.found)
            self.rounds.append(one.found)

    async def take(self, number: int, name: str, step: Callable[[], Awaitable[None]], found: Found) -> None:
        """Take one step; a wrong one is told of and leaves no figure."""
        known = set(found)
        try:
            await step()
        except WRONG as error:
            self.wrong.append(f"round {number}: {name}")
            self.tell(f"round {number}: {name} is wrong, {error}")
        fresh = ", ".join(f"{key} {value:,.4g}" for key, value in found.items() if key not in known)
        if fresh:
            self.tell(f"round {number}: {fresh}")


async def learn(servers: Servers, scale: Scale, year: int, sent: Workloads, file: Path | None) -> Learnt:
    """Run the even workload once over HTTP and once through the operations, and prepare lots to expire.

    Raises: WrongRunError.
    """
    with Site(servers) as site:
        taken = await _warmed(site, sent.warming, sent.even)
        acts = sent.warming.recorded.acts + sent.even.recorded.acts
        rows = await copying.read_back(servers, site.databases["points"], acts)
        postings = await read_posted(servers, site.databases["points"])
    direct = servers.fresh("points")
    recording = await record(servers.addresses("points", direct).service, sent.even)
    servers.drop(direct)
    return Learnt(
        rows=rows,
        awards=taken.awards,
        postings=postings,
        writes=await statements.prepare(servers, recording),
        acts=recording.acts,
        year_end=await YearEnd.prepare(servers, scale, year),
        statements=recording.statements / len(recording.batches),
        ledger=None if file is None else await ledger.prepare(servers, file, postings),
    )


async def _warmed(site: Site, warming: Workload, workload: Workload) -> Taken:
    await take_in(site, warming, Recorded())
    return await take_in(site, workload, warming.recorded)


@dataclass(slots=True)
class Round:
    """One round: its steps in order, and the figures found so far. The floor F1 is taken again and again."""

    servers: Servers
    scale: Scale
    year: int
    sent: Workloads
    learnt: Learnt
    found: Found = field(default_factory=dict)
    copies: copying.Copies = field(default_factory=copying.Copies)

    def steps(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Floors, measures and peers alternate."""
        return {
            "F1": self.copying,
            "E2, E3, E5": self.even,
            "E2, E3 copies": self.copied,
            "P-naive": self.naive,
            "F1 before F2": self.copying,
            "F2": self.statements,
            "E7, E1": self.zipf,
            "F3": self.single,
            **({} if self.learnt.ledger is None else {"P-ledger": self.transfers}),
            "F4": self.broker,
            "F5": self.web,
            "P-relay, P-outbox": self.events,
            "F1 before the shuffled run": self.copying,
            "E2, E3 shuffled": self.shuffled,
            "E4": self.file,
            "F1 after E4": self.copying,
            **{name: self._keeping(measure) for name, measure in self.learnt.year_end.measures().items()},
        }

    async def copying(self) -> None:
        """F1."""
        self.found |= await copying.measure(self.servers, self.learnt.rows, self.copies)

    async def statements(self) -> None:
        """F2."""
        self.found |= await statements.measure(self.servers, self.learnt.writes, self.learnt.acts)

    async def single(self) -> None:
        """F3."""
        self.found |= await single.measure(self.servers, self.scale.seconds)

    async def broker(self) -> None:
        """F4."""
        self.found |= await broker.measure(self.servers, self.sent.even.lines)

    async def web(self) -> None:
        """F5."""
        self.found |= await web.measure(self.servers, self.sent.singles.lines, self.scale.seconds)

    async def even(self) -> None:
        """E2 and E3 in order, then what can be asked of their databases."""
        with Site(self.servers) as site:
            taken = await _warmed(site, self.sent.warming, self.sent.even)
            self._same_awards(taken)
            awards = taken.known * self.learnt.awards_of_an_act
            self.found |= {"E2": taken.answered, "E3": taken.known, "E3-awards": awards}
            database = site.databases["points"]
            self.found |= await chain.measure(self.servers, database, taken.seconds)
            self.found |= await balances.measure(site, self.year, int(BALANCES * self.scale.seconds))
            self.found |= await replay.measure(self.servers, database, self.learnt.rows.acts)

    async def zipf(self) -> None:
        """E2 and E3 with topics after Zipf's law, then single acts on top."""
        with Site(self.servers) as site:
            taken = await _warmed(site, self.sent.warming, self.sent.zipf)
            self.found |= {"E2-zipf": taken.answered, "E3-zipf": taken.known}
            before = self.sent.warming.recorded + self.sent.zipf.recorded
            self.found |= await singles.measure(site, self.sent.singles, self.scale.seconds, before)

    async def naive(self) -> None:
        """P-naive."""
        some = self.sent.even.first(self.scale.size // NAIVE)
        self.found |= await naive.measure(self.servers, some, self.sent.singles, self.scale.seconds)

    async def transfers(self) -> None:
        """P-ledger."""
        assert self.learnt.ledger is not None, "the step is left out without it"
        self.found |= await ledger.measure(self.servers, self.learnt.ledger)

    async def events(self) -> None:
        """P-relay and P-outbox."""
        count = self.scale.size // EVENTS
        self.found |= await events.measure(self.servers, self.learnt.postings, count)

    async def shuffled(self) -> None:
        """E2 and E3 in any order."""
        with Site(self.servers) as site:
            taken = await _warmed(site, self.sent.warming, self.sent.shuffled)
            self._same_awards(taken)
            self.found |= {"E2-shuffled": taken.answered, "E3-shuffled": taken.known}

    async def copied(self) -> None:
        """E2 and E3 with two copies of each service."""
        with Site(self.servers, duties=WHOLE * COPIES) as site:
            taken = await _warmed(site, self.sent.warming, self.sent.even)
            self._same_awards(taken)
            self.found |= {"E2-copies": taken.answered, "E3-copies": taken.known}

    async def file(self) -> None:
        """E4."""
        with Site(self.servers) as site:
            await take_in(site, self.sent.warming, Recorded())
            self.found |= await file.measure(site, self.sent.even, self.sent.warming.recorded)

    def _keeping(self, measure: Measure) -> Callable[[], Awaitable[None]]:
        async def step() -> None:
            self.found |= await measure()

        return step

    def _same_awards(self, taken: Taken) -> None:
        if taken.awards != self.learnt.awards:
            raise WrongRunError("the same acts came to other awards than in the first run")
