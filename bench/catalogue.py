"""Every figure and every ratio with its name, its unit and the goal it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A bound that a median should keep."""

    bound: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """Whether a value keeps the bound."""
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that is measured."""

    name: str
    says: str
    unit: str
    goal: Goal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Two figures of the same round, divided."""

    upper: str
    lower: str
    says: str
    goal: Goal | None = None

    @property
    def name(self) -> str:
        """Such as `E3/F1`."""
        return f"{self.upper}/{self.lower}"


ACTS, MS, PERCENT, MB = "acts/s", "ms", "%", "MB"
FLAT = Goal(bound=500, at_most=True)
"""What a process may hold of memory, however many there are to work through."""

FLOORS = (
    Figure(name="F1", says="COPY of all rows that the run left", unit=ACTS),
    Figure(name="F1-journal", says="COPY of the journal's rows alone", unit=ACTS),
    Figure(name="F2", says="the run's write statements inside PostgreSQL", unit=ACTS),
    Figure(name="F3", says="pgbench, one act a transaction", unit=ACTS),
    Figure(name="F4", says="NATS, atomic batches, synced", unit="messages/s"),
    Figure(name="F5", says="empty endpoint, single requests", unit="requests/s"),
    Figure(name="F6", says="bare SQL of a verification run", unit="teachers/s"),
    Figure(name="F7", says="bare SQL of consumption and carry-over", unit="verdicts/s"),
    Figure(name="F8", says="bare SQL of a sweep", unit="lots/s"),
    Figure(name="F9", says="the PDF library alone", unit="certificates/s"),
)
MEASURES = (
    Figure(name="E1", says="single POSTs, closed loop", unit=ACTS, goal=Goal(bound=4000)),
    Figure(name="E1-p50", says="… latency at 60 % of that, open loop", unit=MS),
    Figure(name="E1-p99", says="… the slowest in a hundred", unit=MS, goal=Goal(bound=50, at_most=True)),
    Figure(name="E2", says="batches until the durable answer", unit=ACTS),
    Figure(name="E2-shuffled", says="… in any order", unit=ACTS),
    Figure(name="E2-zipf", says="… most replies to few topics", unit=ACTS),
    Figure(name="E2-copies", says="… by two copies of each service", unit=ACTS),
    Figure(name="E3", says="batches until hours knows all awards", unit=ACTS),
    Figure(name="E3-shuffled", says="… in any order", unit=ACTS),
    Figure(name="E3-zipf", says="… most replies to few topics", unit=ACTS),
    Figure(name="E3-copies", says="… by two copies of each service", unit=ACTS),
    Figure(name="E4", says="one file as a stream of lines", unit=ACTS),
    Figure(name="E5-rules", says="replay of the rules in Python", unit=ACTS, goal=Goal(bound=150_000)),
    Figure(name="E5-rebuild", says="rebuild and compare everything", unit=ACTS),
    Figure(name="E6", says="closing a year", unit="lots/s", goal=Goal(bound=30_000)),
    Figure(
        name="E6-readers",
        says="… rise of the readers' p99 meanwhile",
        unit=PERCENT,
        goal=Goal(bound=20, at_most=True),
    ),
    Figure(name="E6-months", says="sweep of lots of twelve months", unit="lots/s", goal=Goal(bound=30_000)),
    Figure(name="E8", says="verification run over everyone", unit="teachers/s"),
    Figure(name="E8-memory", says="… the most that its process held", unit=MB, goal=FLAT),
    Figure(name="E8-bytes", says="… what a teacher leaves on disk", unit="bytes"),
    Figure(name="E9", says="hours hears everyone's verdict", unit="verdicts/s"),
    Figure(name="E9-memory", says="… the most that its process held", unit=MB, goal=FLAT),
    Figure(name="E9-bytes", says="… what a verdict leaves on disk", unit="bytes"),
    Figure(name="E10", says="certificates issued in batches", unit="certificates/s"),
    Figure(name="E10-library", says="… time within the PDF library", unit=PERCENT, goal=Goal(bound=67)),
    Figure(name="E10-memory", says="… the most that its process held", unit=MB, goal=FLAT),
    Figure(name="E10-bytes", says="… what a certificate leaves on disk", unit="bytes"),
    Figure(
        name="chain", says="hash chain, part of E2's time", unit=PERCENT, goal=Goal(bound=5, at_most=True)
    ),
    Figure(
        name="as-of-p99",
        says="balance as of an instant, slowest in a hundred",
        unit=MS,
        goal=Goal(bound=5, at_most=True),
    ),
)
PEERS = (
    Figure(name="P-naive", says="a naive service with an ORM, batches", unit=ACTS),
    Figure(name="P-naive-single", says="… single POSTs", unit=ACTS),
    Figure(name="P-ledger", says="pgledger, a transfer an award", unit="transfers/s"),
    Figure(name="E3-awards", says="… beside it: awards of E3, with all that led to them", unit="awards/s"),
    Figure(name="P-outbox", says="outbox, a message an event, inbox", unit="events/s"),
    Figure(name="P-relay", says="… beside it: the same events by our journal", unit="events/s"),
)
NOT_RUN = {"P-ledger": "PGLEDGER names no file"}
"""Figures that need what is no part of this repository, and what is said where it is missing."""
RATIOS = (
    Ratio(upper="E3", lower="F1", says="end to end against COPY", goal=Goal(bound=0.25)),
    Ratio(upper="E2", lower="F1", says="batch intake against COPY", goal=Goal(bound=0.40)),
    Ratio(upper="E2", lower="F2", says="batch intake against its own writes", goal=Goal(bound=0.70)),
    Ratio(upper="F2", lower="F1", says="our writes against COPY"),
    Ratio(upper="E4", lower="F1", says="bulk file against COPY", goal=Goal(bound=0.5)),
    Ratio(upper="E1", lower="F5", says="single POSTs against an empty endpoint", goal=Goal(bound=0.8)),
    Ratio(upper="E1", lower="F3", says="single POSTs against pgbench"),
    Ratio(upper="E3", lower="F4", says="end to end against the broker alone"),
    Ratio(upper="E8", lower="F6", says="verification run against bare SQL", goal=Goal(bound=0.67)),
    Ratio(upper="E9", lower="F7", says="hearing verdicts against bare SQL", goal=Goal(bound=0.67)),
    Ratio(upper="E6-months", lower="F8", says="a sweep against bare SQL", goal=Goal(bound=0.67)),
    Ratio(upper="E10", lower="F9", says="certificates against the PDF library"),
    Ratio(upper="E2-zipf", lower="E2", says="few hot topics against even (E7)", goal=Goal(bound=0.9)),
    Ratio(upper="E3-zipf", lower="E3", says="… end to end"),
    Ratio(upper="E2-shuffled", lower="E2", says="any order against in order"),
    Ratio(upper="E2-copies", lower="E2", says="two copies against one", goal=Goal(bound=1.0)),
    Ratio(upper="E3-copies", lower="E3", says="… end to end", goal=Goal(bound=1.0)),
    Ratio(upper="E2", lower="P-naive", says="batches against a naive service"),
    Ratio(upper="E1", lower="P-naive-single", says="single POSTs against a naive service"),
    Ratio(upper="E3-awards", lower="P-ledger", says="awards end to end against bare transfers"),
    Ratio(upper="P-relay", lower="P-outbox", says="our way of events against outbox and inbox"),
)
STEADY = "F1"
"""The floor whose spread says whether the machine was quiet enough."""
