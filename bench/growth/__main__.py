"""`python -m bench.growth` is `make bench-growth`: fill ledgers, measure over each, print, keep if asked."""

import asyncio
import sys
from datetime import UTC

import uvloop
from rich.console import Console

from bench import machine
from bench.command import FAILED, PLAIN_WIDTH, carried_out
from bench.growth.course import GrowthCourse
from bench.growth.order import GrowthOrder
from bench.growth.report import show
from bench.growth.result import FORMAT, Growth, extrapolated, grown
from bench.result import save
from bench.servers import Servers
from deploy.local.environment import everything
from shared.policy.calendar import CALENDAR_YEARS
from shared.runtime import clock


def main() -> int:
    """Run it; the exit code is 1 where anything was wrong."""
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
    return carried_out(console, lambda: _run(console))


def _run(console: Console) -> int:
    order = GrowthOrder.read(everything())
    result = measure(order, console)
    show(console, result)
    if order.order.out is not None:
        console.print(f"written to {save(result, order.order.out, '-growth')}")
    return FAILED if result.wrong else 0


def measure(asked: GrowthOrder, console: Console) -> Growth:
    """Fill the ledgers, run all rounds and put together what they found.

    Raises:
        ServerError: a server does not start.
        WrongRunError: a ledger that was just filled is wrong.
    """
    began, order = machine.ticks(), asked.order
    with Servers(order.state) as servers:
        described = machine.describe(servers)
        course = GrowthCourse(
            servers, order.scale, asked.sizes, CALENDAR_YEARS.of(clock.now()) - 1, console.print
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(course.run())
    small = course.rounds[0]
    found = [grown(one, rounds, small) for one, rounds in zip(course.ledgers, course.rounds, strict=True)]
    return Growth(
        format=FORMAT,
        taken_at=clock.now().astimezone(UTC),
        commit=machine.commit(),
        scale=order.scale,
        smoke=order.smoke,
        machine=described,
        stolen=machine.stolen(began, machine.ticks()),
        growth=found,
        extrapolated=extrapolated(found),
        wrong=course.wrong,
    )


if __name__ == "__main__":
    sys.exit(main())
