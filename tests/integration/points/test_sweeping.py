"""When the sweep of ended lots runs changes nothing that a teacher gets: before, between, after, or often."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from points.accounts import operations as accounts
from points.accounts.tables import lot, swept
from points.activities.domain.admission import arrival
from points.activities.operations import record
from points.app import create_app
from points.exchanges import operations as exchanges
from points.exchanges.domain.deciding import Request
from points.exchanges.tables import exchange
from points.settings import Context
from shared.policy.calendar import CHINA, day_of, start_of_day
from shared.runtime.database import Database, Transaction
from shared.runtime.settings import Settings
from tests.support.world import World
from tests.unit.points.acts import Platform

NOW = datetime(2025, 6, 1, 4, tzinfo=UTC)
Step = Callable[[Transaction], Awaitable[Any]]


def day(year: int, month: int, day_: int) -> datetime:
    return datetime(year, month, day_, 4, tzinfo=UTC)


class Bank:
    """The operations of the points service, without its jobs: the test says when the sweep runs."""

    def __init__(self, database: Database, context: Context) -> None:
        self.database = database
        self.context = context
        self.platform = Platform()
        self.workshop = [
            self.platform.found("T1", "w", day(2023, 10, 5)),
            self.platform.feature("T1", "w", day(2023, 10, 6)),
        ]

    def acts(self, *acts: Any) -> Step:
        return lambda tx: record(tx, self.context, list(map(arrival, acts)))

    def ask(self, name: str, hours: int, at: datetime) -> Step:
        asked = Request(
            request=name,
            teacher="T1",
            category="professional",
            hours=Decimal(hours),
            at=at,
            at_given=True,
        )
        return lambda tx: exchanges.decide_all(tx, self.context, [asked], NOW)

    async def sweep(self, now: datetime = NOW) -> int:
        """Sweep all that is due; how many partitions that were."""
        partitions = 0
        while await self.database.run(lambda tx: accounts.sweep_next(tx, self.context, now)):
            partitions += 1
        return partitions

    async def state(self) -> tuple[list[Any], list[Any]]:
        async with self.database.transaction() as tx:
            lots = select(lot.c.expires_at, lot.c.earned, lot.c.exchanged, lot.c.expired)
            asked = select(exchange.c.request, exchange.c.state, exchange.c.reason, exchange.c.called)
            return (
                [tuple(row) for row in await tx.execute(lots.order_by(lot.c.teacher, lot.c.expires_at))],
                [tuple(row) for row in await tx.execute(asked.order_by(exchange.c.request))],
            )


@pytest.fixture
async def bank(world: World, months_pack: str) -> Bank:
    environment = {**await world.environment("points"), "POINTS_PACK": months_pack}
    app = create_app(Settings.from_environment("points", environment))
    world.apps["points"] = app
    return Bank(app.state.database, app.state.service.context)


def story(bank: Bank) -> list[Step]:
    """Points of two days that end in 2024, exchanges dated before that, late acts, a withdrawal."""
    platform = bank.platform
    first, second = (platform.share("T1", f"r{n}", f"c{n}", day(2024, 2, n)) for n in (1, 2))
    return [
        bank.acts(*bank.workshop, first),
        bank.ask("a", 3, day(2024, 9, 1)),
        bank.acts(second, platform.share("T1", "late", "late", day(2023, 10, 5))),
        bank.ask("b", 2, day(2024, 10, 1)),
        bank.ask("too-late", 1, day(2025, 3, 1)),
        bank.acts(platform.withdraw(bank.workshop[1], "error", day(2024, 11, 1))),
        bank.ask("c", 1, day(2024, 9, 2)),
    ]


async def play(bank: Bank, sweeps: set[int]) -> None:
    for place, step in enumerate(story(bank)):
        if place in sweeps:
            await bank.sweep()
        await bank.database.run(step)
    await bank.sweep()


EXCHANGES = [
    ("a", "pending", "", 3),
    ("b", "pending", "", 2),
    ("c", "refused", "exchange.points_insufficient", 0),
    ("too-late", "refused", "exchange.points_expired", 0),
]


@pytest.mark.parametrize("sweeps", [set(), {0}, {1}, {2}, {3}, {4}, {5}, {6}, {1, 3, 5}, set(range(7))])
async def test_the_moment_of_the_sweep_decides_nothing(bank: Bank, world: World, sweeps: set[int]) -> None:
    await play(bank, sweeps)
    lots, asked = await bank.state()
    assert lots == [
        (datetime(2024, 10, 5, 16, tzinfo=UTC), 70, 70, 0),
        (datetime(2024, 10, 6, 16, tzinfo=UTC), 0, 430, 0),
        (datetime(2025, 2, 1, 16, tzinfo=UTC), 20, 0, 20),
        (datetime(2025, 2, 2, 16, tzinfo=UTC), 20, 0, 20),
    ]
    assert asked == EXCHANGES
    assert await world.rebuild("points") == []


async def test_a_sweep_goes_on_day_by_day_and_finds_nothing_twice(bank: Bank, world: World) -> None:
    await bank.database.run(bank.acts(*bank.workshop, bank.platform.share("T1", "r", "c", day(2024, 2, 1))))
    width = bank.context.journal.layout.width
    assert await bank.sweep(day(2024, 10, 6)) == width
    assert [row[3] for row in (await bank.state())[0]] == [50, 0, 0]
    assert await bank.sweep(day(2024, 10, 6)) == 0
    assert await bank.sweep(day(2024, 10, 7)) == width
    assert [row[3] for row in (await bank.state())[0]] == [50, 500, 0]
    async with bank.database.transaction() as tx:
        marks = {row.until for row in await tx.execute(select(swept))}
    assert marks == {start_of_day(day_of(day(2024, 10, 7), CHINA), CHINA)}
    assert await world.rebuild("points") == []


async def test_hours_of_a_closed_year_are_not_called_back(bank: Bank) -> None:
    """The lot ends in a year that is open, the exchange was made in one that is closed."""
    share = bank.platform.share("T1", "r", "c", day(2024, 2, 1))
    await bank.database.run(bank.acts(*bank.workshop, share))
    await bank.database.run(bank.ask("a", 5, day(2023, 12, 1)))
    for partition in bank.context.journal.partitions("teacher"):

        async def close(tx: Transaction, partition: int = partition) -> None:
            await bank.context.journal.lock_partitions(tx, [partition])
            await accounts.close(tx, bank.context, partition, 2023)

        await bank.database.run(close)
    ruling = bank.platform.withdraw(bank.workshop[1], "error", day(2024, 3, 1))
    await bank.database.run(bank.acts(ruling))
    lots, asked = await bank.state()
    assert asked == [("a", "pending", "", 0)]
    assert (lots[1][1], lots[1][2]) == (0, 450)
