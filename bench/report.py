"""The result on a terminal."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich.console import Console
from rich.table import Table

from bench.machine import Machine
from bench.recording import PORTION
from bench.result import Result, Value

NOTHING: Mapping[str, str] = MappingProxyType({})


def show(console: Console, result: Result) -> None:
    """Print tables of floors, measures, peers and ratios, and what they were measured on."""
    table(console, "Floors", result.floors, "{:,.0f}")
    table(console, "Measures", result.measures, "{:,.1f}")
    table(console, "Peers", result.peers, "{:,.0f}", result.not_run)
    table(console, "Ratios of the same round", result.ratios, "{:.3f}")
    show_machine(console, result.machine, result.stolen)
    scale = result.scale
    console.print(
        f"commit {result.commit}, {result.taken_at:%Y-%m-%d}; {scale.rounds} rounds,"
        f" {scale.size:,} acts, {scale.lots:,} lots"
    )
    console.print(f"points sent {result.statements:.1f} statements for a transaction of {PORTION} acts")
    for run in result.wrong:
        console.print(f"{run}: wrong, no figures", style="red", markup=False)
    if result.smoke:
        console.print("A smoke run shows that the benchmark works; its figures mean nothing.")


def show_machine(console: Console, machine: Machine, stolen: float | None) -> None:
    """Print what was measured on."""
    steal = "unknown" if stolen is None else f"{stolen:.1f} %"
    sync = "unknown" if machine.fdatasync_us is None else f"{machine.fdatasync_us} µs"
    console.print(
        f"{machine.processor}, {machine.cores} cores, {machine.memory_gb} GB;"
        f" fdatasync {sync}; stolen {steal}"
    )
    console.print("PostgreSQL " + ", ".join(f"{name} {value}" for name, value in machine.postgresql.items()))
    console.print("NATS " + ", ".join(f"{name} {value}" for name, value in machine.nats.items()))
    console.print(", ".join(f"{name} {value}" for name, value in machine.versions.items()))


def table(
    console: Console, title: str, values: Sequence[Value], form: str, left_out: Mapping[str, str] = NOTHING
) -> None:
    """Print figures or ratios with their goals, and the names of what was left out."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("", "", "median", "lowest", "highest", "unit", "goal", ""):
        table.add_column(name, justify="right" if name in {"median", "lowest", "highest"} else "left")
    for value in values:
        told = [form.format(number) for number in (value.median, value.low, value.high)]
        mark = {None: "", True: "met", False: "missed"}[value.met]
        table.add_row(value.name, value.says, *told, value.unit, value.goal, mark)
    for name, reason in left_out.items():
        table.add_row(name, reason, "not run")
    console.print(table)
    console.print()
