"""`python -m bench` is `make bench`: start servers, run rounds, print, keep the result where asked."""

import asyncio
import sys
from datetime import UTC

import uvloop
from rich.console import Console

from bench import machine, report
from bench.catalogue import NOT_RUN
from bench.command import FAILED, PLAIN_WIDTH, carried_out
from bench.order import Order
from bench.result import FORMAT, Result, check_steady, floors, measures, peers, ratios, save
from bench.rounds import Course
from bench.servers import Servers
from deploy.local.environment import everything
from shared.policy.calendar import CALENDAR_YEARS
from shared.runtime import clock


def main() -> int:
    """Run a benchmark; the exit code is 1 where a run was wrong, 2 where the machine was not quiet."""
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
    return carried_out(console, lambda: _run(console))


def _run(console: Console) -> int:
    order = Order.read(everything())
    result = measure(order, console)
    report.show(console, result)
    if order.out is not None:
        console.print(f"written to {save(result, order.out)}")
    return FAILED if result.wrong else 0


def measure(order: Order, console: Console) -> Result:
    """Run all rounds and put together what they found.

    Raises:
        ServerError: a server does not start.
        WrongRunError: the run that the others are compared with is wrong.
        UnsteadyError: the floor swung too much.
    """
    began = machine.ticks()
    with Servers(order.state) as servers:
        described = machine.describe(servers)
        year = CALENDAR_YEARS.of(clock.now()) - 1
        course = Course(servers, order.scale, year, order.ledger, console.print)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(course.run())
    check_steady(course.rounds, order.spread)
    return Result(
        format=FORMAT,
        taken_at=clock.now().astimezone(UTC),
        commit=machine.commit(),
        scale=order.scale,
        smoke=order.smoke,
        spread_limit=order.spread,
        machine=described,
        stolen=machine.stolen(began, machine.ticks()),
        statements=course.statements,
        floors=floors(course.rounds),
        measures=measures(course.rounds),
        peers=peers(course.rounds),
        not_run={} if order.ledger else NOT_RUN,
        ratios=ratios(course.rounds),
        wrong=course.wrong,
    )


if __name__ == "__main__":
    sys.exit(main())
