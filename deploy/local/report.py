"""The end of a run for a person: teachers, the year in figures, what was refused, where to look."""

from collections.abc import Iterable, Mapping

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.local.files import summary
from deploy.local.intake import Fault
from deploy.local.results import Results, TeacherYear

SHOWN = 100
FAULTS_SHOWN = 20
COLUMNS = (
    ("teacher 教师", "left"),
    ("name 姓名", "left"),
    ("points 积分", "right"),
    ("used 兑换", "right"),
    ("public 公需", "right"),
    ("prof. 专业", "right"),
    ("elect. 选修", "right"),
    ("carried 结转", "right"),
    ("verdict 验证", "left"),
    ("missing 缺口", "left"),
    ("certificate 证书编号", "left"),
)


def show(console: Console, results: Results, refused: Iterable[Fault]) -> None:
    """Print everything."""
    faults = list(refused)
    _teachers(console, results)
    _figures(console, results)
    _faults(console, faults)


def _teachers(console: Console, results: Results) -> None:
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for title, side in COLUMNS:
        table.add_column(title, justify="right" if side == "right" else "left", no_wrap=True)
    for one in results.teachers[:SHOWN]:
        table.add_row(*_cells(one, results.predictions))
    console.print(f"\nHours of {results.year} 年度学时", style="bold")
    console.print(table)
    if len(results.teachers) > SHOWN:
        console.print(f"… and {len(results.teachers) - SHOWN} more; OUT=<folder> writes them all.")


def _cells(one: TeacherYear, predictions: Mapping[str, str]) -> list[str]:
    verdict = one.verdict or (f"({predictions[one.teacher]})" if one.teacher in predictions else "–")
    colour = {"pass": "green", "fail": "red"}.get(one.verdict)
    carried = f"{one.carried_in} → {one.carry_out}" if (one.carried_in, one.carry_out) != ("0", "0") else ""
    return [
        one.teacher,
        one.name or "(not on the roster)",
        str(one.points_earned),
        str(one.points_exchanged),
        one.public,
        one.professional,
        one.elective,
        carried,
        f"[{colour}]{verdict}[/]" if colour else verdict,
        one.shortfall.replace(":", " ").replace(";", ", "),
        one.certificate,
    ]


def _figures(console: Console, results: Results) -> None:
    figures = summary(results, {})
    points, hours = figures["points"], figures["hours"]
    lines = [
        "points 积分: " + ", ".join(f"{count} {name}" for name, count in points.items()),
        "hours 学时: " + ", ".join(f"{count} {name}" for name, count in hours.items()),
        "exchanges 兑换: " + (_counts(figures["exchanges"]) or "none"),
        "verdicts 验证: " + _counts(figures["verdicts"]),
        "short of 缺口: " + (_counts(figures["shortfalls"]) or "nothing"),
        f"certificates 证书: {figures['certificates']}",
    ]
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
