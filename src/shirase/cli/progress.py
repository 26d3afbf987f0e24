"""Progress with the time left, drawn on standard error so that standard output stays clean."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from shirase.cli.console import err

PLAIN_STEPS = 10
WORTH_TELLING = 2.0
"""Seconds a stage must have taken before it is worth a line."""


class DrawnProgress:
    """Draws one bar per stage on a terminal; elsewhere prints a line at each tenth of what takes a while."""

    def __init__(self, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._begun = 0.0
        self._drawn = err.is_terminal and not quiet
        self._bars = Progress(
            TextColumn("{task.description:<20}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            console=err,
        )
        self._task: TaskID | None = None
        self._stage = ""
        self._total = 0
        self._done = 0
        self._told = 0

    def __enter__(self) -> Self:
        if self._drawn:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._bars.stop()

    def begin(self, stage: str, total: int) -> None:
        """Open the bar of a stage."""
        self._stage, self._total, self._done, self._told = stage, total, 0, 0
        self._begun = self._clock()
        if self._drawn:
            self._task = self._bars.add_task(stage, total=total, note="")

    def advance(self, amount: int, note: str = "") -> None:
        """Move the bar."""
        self._done += amount
        if self._task is not None:
            self._bars.update(self._task, advance=amount, note=note)
        elif not self._quiet and self._total:
            self._print_step(note)

    def _print_step(self, note: str) -> None:
        step = min(PLAIN_STEPS, self._done * PLAIN_STEPS // self._total)
        elapsed = self._clock() - self._begun
        if step <= self._told or elapsed < WORTH_TELLING:
            return
        self._told = step
        left = elapsed * (self._total - self._done) / self._done
        estimate = f"about {left:.0f} s left" if left >= 1 else ""
        words = ", ".join(word for word in (f"{step * 100 // PLAIN_STEPS} %", estimate, note) if word)
        err.print(f"{self._stage}: {words}", markup=False, soft_wrap=True)

    def end(self) -> None:
        """Close the bar of the stage."""
        if self._task is not None:
            self._bars.update(self._task, completed=self._total or None)
            self._task = None
