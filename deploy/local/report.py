"""The end of a run for a person: teachers, the year in figures, what was refused, where to look."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.local.files import Rows, summary
from deploy.local.intake import Fault
from deploy.local.results import TOTAL, Category, Results, TeacherYear

ALL, SOME = 100, 40  # so many teachers are all shown; of more, those with most
FAULTS_SHOWN = 20
POINTS = ("pts\n积分", "used\n兑换")
UNITS = {"hour": ("Hours", "学时"), "credit": ("Credits", "学分")}
CYCLE = (
    *("id\n教师", "name\n姓名", "sum\n累计", "result\n结果"),
    *("certificate\n证书编号", "short\n不足年度"),
)
NAME = 4  # signs of a category's name that head its column


def show(console: Console, results: Results, refused: Iterable[Fault]) -> None:
    """Print everything."""
    faults = list(refused)
    if results.cycles:
        _cycles(console, results)
    else:
        _teachers(console, results)
    _figures(console, results)
    _faults(console, faults)


def _teachers(console: Console, results: Results) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    table.add_column("id\n教师", no_wrap=True)
    table.add_column("name\n姓名", no_wrap=True)
    points = POINTS if results.shown.points else ()
    for title in (*points, *map(_head, results.categories), "carry\n结转"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("result\n验证", no_wrap=True)
    table.add_column("certificate\n证书编号 / 缺口", no_wrap=True)
    shown = _shown(results.teachers)
    for one in shown:
        table.add_row(*_cells(one, results))
    unit, unit_zh = UNITS[results.shown.unit]
    console.print(f"\n{unit} of {results.year} 年度{unit_zh}", style="bold")
    console.print(table)
    if len(results.teachers) > len(shown):
        left = len(results.teachers) - len(shown)
        console.print(f"… and {left} with fewer hours and points; OUT=<folder> writes them all.")


def _cycles(console: Console, results: Results) -> None:
    """A table of each cycle; of many teachers those who are first."""
    for cycle in dict.fromkeys((one.cycle, one.first, one.last) for one in results.cycles):
        of_cycle = [one for one in results.cycles if (one.cycle, one.first, one.last) == cycle]
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
        for title in CYCLE:
            table.add_column(title, no_wrap=True)
        table.add_column("missing\n缺口")
        for one in of_cycle[:ALL]:
            missing = " ".join(_named(results.shown.names, part) for part in one.missing.split(";") if part)
            years = one.short_years.replace(";", " ")
            table.add_row(one.teacher, one.name, one.counted, one.outcome, one.certificate, years, missing)
        console.print("\n{} {}-{} 周期".format(*cycle), style="bold")
        console.print(table)


def _named(names: Mapping[str, str], part: str) -> str:
    item, amount = part.split(":")
    return f"{names[item]} {amount}"


def _shown(teachers: Sequence[TeacherYear]) -> Sequence[TeacherYear]:
    if len(teachers) <= ALL:
        return teachers
    most = sorted(teachers, key=lambda one: (-_counted(one), -one.points_earned, one.teacher))[:SOME]
    return sorted(most, key=lambda one: one.teacher)


def _counted(one: TeacherYear) -> Decimal:
    return sum(map(Decimal, one.hours), Decimal(0))


def _head(category: Category) -> str:
    """Of both names as much as a narrow column holds."""
    return f"{category.name[:NAME]}.\n{_short(category)}"


def _short(category: Category) -> str:
    return category.name_zh.removesuffix("科目")[-NAME:]


def _cells(one: TeacherYear, results: Results) -> list[str]:
    predictions = results.predictions
    verdict = one.verdict or (f"({predictions[one.teacher]})" if one.teacher in predictions else "–")
    colour = {"pass": "green", "fail": "red"}.get(one.verdict)
    carried = f"{one.carried_in}→{one.carry_out}" if (one.carried_in, one.carry_out) != ("0", "0") else ""
    return [
        one.teacher,
        one.name or "(no roster)",
        *((str(one.points_earned), str(one.points_exchanged)) if results.shown.points else ()),
        *one.hours,
        carried,
        f"[{colour}]{verdict}[/]" if colour else verdict,
        one.certificate or _missing(one.shortfall, results.categories),
    ]


def _missing(shortfall: str, categories: Sequence[Category]) -> str:
    """What is missing by category; the total only where no category is."""
    items = [part.split(":") for part in shortfall.split(";") if part]
    named = [part for part in items if part[0] != TOTAL] or items
    names = {category.id: _short(category) for category in categories} | {TOTAL: "合计"}
    return " ".join(f"{names.get(item, item)} {hours}" for item, hours in named)


def _figures(console: Console, results: Results) -> None:
    figures = summary(results, Rows())
    unit, unit_zh = UNITS[results.shown.unit]
    lines = [
        *([f"points 积分: {_counts(figures['points'])}"] if results.shown.points else []),
        *([] if results.cycles else [f"{unit.lower()} {unit_zh}: {_counts(figures['hours'])}"]),
        *([f"exchanges 兑换: {_counts(figures['exchanges']) or 'none'}"] if results.shown.points else []),
        *(["refused for 未兑换: " + _counts(figures["refusals"])] if figures["refusals"] else []),
        "verdicts 验证: " + _counts(figures["verdicts"]),
        "short of 缺口: " + (_counts(figures["shortfalls"]) or "nothing"),
        f"certificates 证书: {figures['certificates']}",
    ]
    console.print()
    for line in lines:
        console.print(line, markup=False, highlight=False)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _faults(console: Console, faults: list[Fault]) -> None:
    if not faults:
        return
    console.print(f"\n{len(faults)} rows were not taken 未受理:", style="yellow")
    for fault in faults[:FAULTS_SHOWN]:
        console.print(f"  {fault.file}:{fault.line}: {fault.reason}", markup=False, highlight=False)
    if len(faults) > FAULTS_SHOWN:
        console.print(f"  … and {len(faults) - FAULTS_SHOWN} more")


def addresses(console: Console, urls: Mapping[str, str]) -> None:
    """Print where each interface is described and can be tried."""
    console.print()
    for name, url in urls.items():
        console.print(f"{name:<13} {url}/docs", markup=False, highlight=False)
