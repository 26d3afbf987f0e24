"""Progress with the time left, drawn on standard error so that standard output stays clean."""

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


class DrawnProgress:
    """Draws one bar per stage on a terminal; elsewhere prints a line at each tenth."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
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
        if self._drawn:
            self._task = self._bars.add_task(stage, total=total, note="")

    def advance(self, amount: int, note: str = "") -> None:
        """Move the bar."""
        self._done += amount
        if self._task is not None:
            self._bars.update(self._task, advance=amount, note=note)
        elif not self._quiet and self._total:
            step = self._done * PLAIN_STEPS // self._total
            if step > self._told:
                self._told = step
                err.print(f"{self._stage}: {min(100, step * 100 // PLAIN_STEPS)} % {note}".rstrip(), markup=False)

    def end(self) -> None:
        """Close the bar of the stage."""
        if self._task is not None:
            self._bars.update(self._task, completed=self._total or None)
            self._task = None
