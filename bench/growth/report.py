"""The result of `make bench-growth` on a terminal."""

from rich.console import Console

from bench.growth.result import Growth
from bench.report import show_machine, table


def show(console: Console, result: Growth) -> None:
    """Print what was found over each ledger, and what was carried on from it."""
    for one in result.growth:
        table(console, f"{one.entries:,} entries of {one.acts:,} acts", one.figures, "{:,.1f}")
        if one.ratios:
            table(console, f"{one.entries:,} entries against the small ledger", one.ratios, "{:.3f}")
        kinds = ", ".join(f"{kind} {size:,.0f}" for kind, size in one.bytes_per_act.items())
        console.print(f"filled in {one.filled_in:,.0f} s; bytes an act on disk: {kinds}\n")
    if result.extrapolated is not None:
        said = ", ".join(f"{name} {ratio:.2f}" for name, ratio in result.extrapolated.ratios.items())
        console.print(f"{result.extrapolated.entries:,} entries, extrapolated and not measured: {said}\n")
    show_machine(console, result.machine, result.stolen)
    console.print(f"commit {result.commit}, {result.taken_at:%Y-%m-%d}; {result.scale.rounds} rounds")
    for run in result.wrong:
        console.print(f"{run}: wrong, no figures", style="red", markup=False)
    if result.smoke:
        console.print("A smoke run shows that the benchmark works; its figures mean nothing.")
