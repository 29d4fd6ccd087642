"""`python -m bench` is `make bench`: start servers, run rounds, print, keep the result where asked."""

import asyncio
import sys
from datetime import UTC

import uvloop
from rich.console import Console

from bench import machine, report
from bench.catalogue import NOT_RUN
from bench.checks import WrongRunError
from bench.order import Order, OrderError
from bench.result import FORMAT, Result, UnsteadyError, check_steady, floors, measures, peers, ratios, save
from bench.rounds import Course
from bench.servers import Servers
from deploy.local.__main__ import Interrupted, interruptible
from deploy.local.bank import BankError
from deploy.local.child import ServerError
from deploy.local.environment import everything
from shared.policy.calendar import year_of
from shared.runtime import clock, garbage

PLAIN_WIDTH = 160
FAILED, UNSTEADY, STOPPED = 1, 2, 130


def main() -> int:
    """Run a benchmark; the exit code is 1 where a run was wrong, 2 where the machine was not quiet."""
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
    try:
        interruptible()
        garbage.collect_seldom()
        result = measure(order := Order.read(everything()), console)
    except Interrupted:
        console.print("Stopped.")
        return STOPPED
    except UnsteadyError as error:
        console.print(f"{error}", style="red", markup=False)
        return UNSTEADY
    except (OrderError, ServerError, BankError, WrongRunError) as error:
        console.print(f"{error}", style="red", markup=False)
        return FAILED
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
        year = year_of(clock.now()) - 1
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
