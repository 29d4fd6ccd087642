"""How a benchmark ends as a command: with a result, with a sentence, or because somebody stopped it."""

from collections.abc import Callable

from rich.console import Console

from bench.checks import WrongRunError
from bench.order import OrderError
from bench.result import UnsteadyError
from deploy.local.__main__ import Interrupted, interruptible
from deploy.local.bank import BankError
from deploy.local.child import ServerError
from shared.runtime import garbage

PLAIN_WIDTH = 160
FAILED, UNSTEADY, STOPPED = 1, 2, 130


def carried_out(console: Console, work: Callable[[], int]) -> int:
    """Do the work; its exit code, or the one of what ended it."""
    try:
        interruptible()
        garbage.collect_seldom()
        return work()
    except Interrupted:
        console.print("Stopped.")
        return STOPPED
    except UnsteadyError as error:
        console.print(f"{error}", style="red", markup=False)
        return UNSTEADY
    except (OrderError, ServerError, BankError, WrongRunError) as error:
        console.print(f"{error}", style="red", markup=False)
        return FAILED
