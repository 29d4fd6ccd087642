"""`python -m bench.profiling` is `make profile`: a page for each hot path, with stacks and statements."""

import asyncio
import sys
from pathlib import Path as Folder

from rich.console import Console

from bench import machine
from bench.command import PLAIN_WIDTH, carried_out
from bench.order import ROOT, Order
from bench.profiling.explained import explain
from bench.profiling.page import Profile, written
from bench.profiling.paths import PATHS, Path
from bench.profiling.stacks import look
from bench.servers import Servers
from deploy.local.environment import everything

PAGES = ROOT / "docs" / "bench" / "profiles"
LOOKED_AT = 8
"""The sending before which a statement is explained: caches are warm and tables have rows."""
FEW = 2000
"""Things of a path in a run that only shows that it works."""


def main() -> int:
    """Look at every path; the exit code is 1 where one failed or nobody may look."""
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
    return carried_out(console, lambda: _run(console, Order.read(everything())))


def _run(console: Console, order: Order) -> int:
    folder = order.out or PAGES
    folder.mkdir(parents=True, exist_ok=True)
    with Servers(order.state) as servers:
        described = machine.describe(servers)
        for name, path in PATHS.items():
            size, looked_at = (FEW, 1) if order.smoke else (path.size, LOOKED_AT)
            profile = asyncio.run(_profile(servers, name, path, size, looked_at))
            page = folder / f"{name}.md"
            page.write_text(written(profile, described, machine.commit()), encoding="utf-8")
            console.print(f"{name}: written to {page}")
    return 0


async def _profile(servers: Servers, name: str, path: Path, size: int, looked_at: int) -> Profile:
    template = await path.prepare(servers, size)
    notes = Folder(servers.state) / f"{name}.notes"

    def address() -> str:
        return servers.addresses(path.service, servers.fresh(path.service, template)).service

    shares = await asyncio.to_thread(look, path.work, notes, address(), path.given(size))
    statements, seconds = await explain(path.work, notes, looked_at, address(), path.given(size))
    return Profile(
        name=name,
        things=path.things,
        count=size,
        seconds=seconds,
        shares=shares,
        statements=statements,
    )


if __name__ == "__main__":
    sys.exit(main())
