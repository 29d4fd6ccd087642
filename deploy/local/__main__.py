"""`python -m deploy.local run` is `make run`; `python -m deploy.local sample` writes the sample year anew."""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Literal

from rich.console import Console

from deploy.local import files, intake, rehearsal, report, results
from deploy.local.bank import Bank, BankError
from deploy.local.child import ServerError
from deploy.local.environment import everything
from deploy.local.intake import FolderError
from deploy.local.issuer.bearer import Bearer
from deploy.local.job import Job, Task
from deploy.local.order import Order
from deploy.local.progress import Telling
from deploy.local.sampling import folder as sample
from deploy.local.stack import Stack, Told
from shared.policy.errors import PackError
from shared.runtime import clock

PLAIN_WIDTH = 200
LOOK = 0.25
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):  # noqa: N818 - not an error: somebody asked us to stop
    """Ctrl-C or SIGTERM."""


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("command", choices=("run", "sample"))
    if parser.parse_args().command == "sample":
        sample.write(sample.FOLDER)
        return 0
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else PLAIN_WIDTH, highlight=False)
    try:
        interruptible()
        run(Order.read(everything()), console)
    except Interrupted:
        console.print("Stopped.")
        return 130
    except (FolderError, PackError, ServerError, BankError) as error:
        console.print(f"{error}", style="red", markup=False)
        return 1
    return 0


def run(order: Order, console: Console) -> None:
    """Start the stack, do the job, tell the results, serve until somebody says stop."""
    folder, pack = intake.read(order.data), order.pack
    ahead = rehearsal.begin(order.state, order.today, pack.years.tz, clock.now())
    clock.run_ahead(ahead)
    now = clock.now()
    years = [order.year] if order.year else folder.years(pack.years, now)
    task = Task(folder=folder, pack=pack, years=years, now=now)
    telling = Telling(console)
    said = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
    telling.say(f"{order.data} · {pack.reference} · {said} · state in {order.state}")
    # Nobody plays the province here: the local judgement decides, but not before the year is over.
    authority: Literal["local", "province"] = "local" if task.is_over(years[-1]) else "province"
    told = Told(authority=authority, policy=order.policy, ahead=ahead)
    with Stack(order.state, order.own, telling.say, told) as stack:
        try:
            with Bank(stack.urls, stack.supervisor.check, lambda role: Bearer(stack.mint, [role])) as bank:
                _do(order, bank, task, telling)
            report.addresses(console, stack.urls)
            if not order.exit:
                _serve(stack.supervisor.check, telling)
        finally:
            no_longer_interruptible()


def _do(order: Order, bank: Bank, task: Task, telling: Telling) -> None:
    with telling:
        account = Job(bank, task, telling).run()
    found = results.gather(bank, task.years[-1], task.pack)
    report.show(telling.console, found, account.refused)
    if account.parked:
        telling.say(f"{account.parked} events are parked: `python -m <service> redrive` applies them again.")
    if order.out is not None:
        rows = files.Rows(Counter(fault.file for fault in account.refused), account.taken_over)
        files.write(order.out, found, rows, partial(results.certificate, bank))
        telling.say(f"written to {order.out}")


def _serve(check: Callable[[], None], telling: Telling) -> None:
    asked: list[int] = []
    for signum in SIGNALS:
        signal.signal(signum, lambda number, _frame: asked.append(number))
    telling.say("serving until Ctrl-C")
    while not asked:
        time.sleep(LOOK)
        check()
    telling.say("stopping")


def interruptible() -> None:
    """Turn the first Ctrl-C or SIGTERM into `Interrupted`."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        no_longer_interruptible()
        raise Interrupted

    for signum in SIGNALS:
        signal.signal(signum, stop)


def no_longer_interruptible() -> None:
    """Let nothing disturb the stopping, which ends by itself."""
    for signum in SIGNALS:
        signal.signal(signum, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
