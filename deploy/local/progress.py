"""Tells a person how far the run is: a bar where there is a terminal, plain lines where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Step:
    """One step of the run, so many things to do."""

    def __init__(self, total: int, bar: Progress | None, task: TaskID | None) -> None:
        self.done = 0
        self.total = total
        self._bar = bar
        self._task = task

    def advance(self, count: int) -> None:
        """Say that `count` more are done."""
        self.reach(self.done + count)

    def reach(self, count: int, total: int | None = None) -> None:
        """Say that `count` are done, and how many there are where that is known only now."""
        self.done = count
        self.total = self.total if total is None else total
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=count, total=self.total)


class Telling:
    """Where the run says what it does."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bar = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=32),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
            )
            if console.is_terminal
            else None
        )

    def __enter__(self) -> Self:
        """Begin to show the bars."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bars as they are."""
        if self._bar is not None:
            self._bar.stop()

    def say(self, line: str) -> None:
        """Write a line, above the bars where there are any."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str, total: int) -> Iterator[Step]:
        """One step; without a terminal it is a line when it is done."""
        task = self._bar.add_task(title, total=total) if self._bar is not None else None
        step = Step(total, self._bar, task)
        yield step
        if self._bar is None:
            self.say(f"{title}: {step.done} of {step.total}")
