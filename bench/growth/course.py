"""The course of `make bench-growth`: ledgers are filled, then each round takes every measure over each.

The ledgers take turns within a measure, from the small one up and in the next round down, so that what
disturbs the machine disturbs all of them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import ceil

from bench.checks import audit
from bench.growth.ledger import KNOWN, Ledger, Original, make_ledger, make_original
from bench.growth.measures import Round, await_heard
from bench.order import Scale
from bench.rounds import WRONG, Found, Tell
from bench.servers import Servers
from bench.site import Site

SMALL = KNOWN
"""Copies of the small ledger: just those whose objects later acts name."""


@dataclass(slots=True)
class GrowthCourse:
    """All rounds over all ledgers."""

    servers: Servers
    scale: Scale
    sizes: Sequence[int]
    year: int
    tell: Tell
    ledgers: list[Ledger] = field(default_factory=list)
    """The small one, then upwards."""
    rounds: list[list[Found]] = field(default_factory=list)
    """By ledger."""
    wrong: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Fill, measure, and check every ledger once more at the end.

        Raises: WrongRunError where a ledger that was just filled is wrong.
        """
        self.tell("preparing")
        original = await make_original(self.servers, self.scale.size, self.year)
        for size in (0, *self.sizes):
            await self._fill(original, max(SMALL, ceil(size / original.entries)))
        for number in range(1, self.scale.rounds + 1):
            await self._round(number, original)
        for place, ledger in enumerate(self.ledgers):
            await self._check(place, ledger)

    async def _fill(self, original: Original, copies: int) -> None:
        ledger = await make_ledger(self.servers, original, copies)
        self.ledgers.append(ledger)
        self.rounds.append([])
        self.tell(f"{ledger.entries:,} entries of {ledger.acts:,} acts in {ledger.seconds:.0f} s")

    async def _round(self, number: int, original: Original) -> None:
        one = Round(
            servers=self.servers,
            scale=self.scale,
            year=self.year,
            number=number,
            founded=original.founded,
        )
        for found in self.rounds:
            found.append({})
        turns = list(zip(self.ledgers, self.rounds, strict=True))[:: 1 if number % 2 else -1]
        for step in (one.intake, one.closing, one.appending):
            for ledger, found in turns:
                await self._take(number, step, ledger, found[-1])

    async def _take(
        self, number: int, step: Callable[[Ledger], Awaitable[Found]], ledger: Ledger, found: Found
    ) -> None:
        name = f"round {number}, {ledger.entries:,} entries"
        try:
            fresh = await step(ledger)
        except WRONG as error:
            self.wrong.append(f"{name}: {step.__name__}")
            self.tell(f"{name}: {step.__name__} is wrong, {error}")
            return
        found |= fresh
        self.tell(f"{name}: " + ", ".join(f"{key} {value:,.4g}" for key, value in fresh.items()))

    async def _check(self, place: int, ledger: Ledger) -> None:
        """Hold a ledger against all that was sent to it; a wrong one has no figures."""
        try:
            with Site(self.servers, standing=ledger.databases) as site:
                await_heard(site)
            await audit(self.servers, ledger.databases, ledger.recorded)
        except WRONG as error:
            self.wrong.append(f"{ledger.entries:,} entries")
            self.tell(f"{ledger.entries:,} entries: wrong at the end, {error}")
            self.rounds[place] = [{} for _ in self.rounds[place]]
